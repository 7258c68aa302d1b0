"""The shape of a fact. Each package declares its facts in `events.py` as frozen dataclasses in the past tense."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

E = TypeVar("E", bound="Event", covariant=True)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all facts. Fields are JSON values; the class name is the kind and never changes its meaning."""

    kinds: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__name__ in Event.kinds and Event.kinds[cls.__name__].__module__ != cls.__module__:
            raise TypeError(f"two facts are called {cls.__name__}")
        Event.kinds[cls.__name__] = cls

    @classmethod
    def kind(cls) -> str:
        return cls.__name__

    def as_payload(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_payload(kind: str, payload: dict[str, Any]) -> "Event":
        """Raises KeyError for an unknown kind."""
        return Event.kinds[kind](**payload)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[E]):
    """A fact as it stands in the log."""

    id: int
    city_id: int | None
    aggregate_kind: str
    aggregate_id: int
    aggregate_public_id: UUID
    seq: int
    occurred_at: datetime
    by: str
    event: E
