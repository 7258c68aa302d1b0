"""Aggregate: a row that is locked before it changes, and whose every version is one fact in the log."""

from typing import Any, ClassVar, Self, cast

from django.db import models, transaction

from delivery.ground.errors import NotFound, VersionConflict
from delivery.ground.ids import new_public_id
from delivery.ground.postgresql.base import DatabaseWrapper


class AggregateQuerySet(models.QuerySet[Any]):
    def lock(self, *, version: int | None = None, **lookup: Any) -> Any:
        """The one row that matches, locked until the transaction ends.

        Args:
            version: the version the caller has seen; another one raises VersionConflict.
            lookup: field lookups, e.g. pk= or public_id=.
        Raises:
            NotFound: no such row. VersionConflict: it moved on.
        """
        # Rows that refer to this one may still be inserted: no service changes a key.
        row = self.select_for_update(of=("self",), no_key=True).filter(**lookup).first()
        if row is None:
            raise NotFound()
        row.mark_locked()
        if version is not None and row.version != version:
            raise VersionConflict(current=row.conflict_state())
        return row


class Aggregate(models.Model):
    """Base of all rows with a history. `outbox.record` raises `version`; nothing else does."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = models.Manager.from_queryset(AggregateQuerySet)()

    class Meta:
        abstract = True

    _locked_in: object | None = None

    @property
    def stream_city_id(self) -> int | None:
        """The city whose stream carries this row's facts; None for facts of no city."""
        return getattr(self, "city_id", None)

    @classmethod
    def aggregate_kind(cls) -> str:
        return cls._meta.label_lower

    def mark_locked(self) -> Self:
        """Says that this transaction holds the row: by a row lock, or because it has just inserted it."""
        self._locked_in = _current_transaction()
        return self

    def is_locked(self) -> bool:
        return self._locked_in is not None and self._locked_in is _current_transaction()

    def conflict_state(self) -> dict[str, Any]:
        """What a caller with an old version is shown."""
        state: dict[str, Any] = {"id": str(self.public_id), "version": self.version}
        if hasattr(self, "status"):
            state["status"] = self.status
        return state


def _current_transaction() -> object | None:
    return cast(DatabaseWrapper, transaction.get_connection()).transaction
