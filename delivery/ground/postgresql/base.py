"""The database wrapper: Django finds it by this name."""

import time
from typing import Any

from django.db.backends.postgresql import base
from psycopg_pool import PoolTimeout

from delivery.ground.postgresql.instants import adapters
from delivery.ground.postgresql.pool import Reach


class DatabaseWrapper(base.DatabaseWrapper):
    """`transaction`: the open outermost transaction, another object for each; None outside of any.

    Django's own mark of it, the Atomic object, is reused by every call of a decorated function.
    """

    _begun: object = None

    @property
    def transaction(self) -> object | None:
        return self._begun if self.in_atomic_block else None

    def set_autocommit(self, *args: Any, **options: Any) -> None:
        """Django calls it at both ends of an outermost transaction, and nowhere within."""
        self._begun = object()
        super().set_autocommit(*args, **options)

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "context": adapters(self.timezone)}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection of the pool. Raises PoolTimeout after 2.5 s when the server takes none, after 10 s when busy."""
        since = time.monotonic()
        while True:
            try:
                return super().get_new_connection(conn_params)
            except PoolTimeout:
                if not Reach.may_wait(since):
                    raise
