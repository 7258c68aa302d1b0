"""How long a process waits for a connection: for a busy pool longer than for a database that takes none."""

import time
from typing import Any

# A restart of PostgreSQL takes about a second: shorter than AWAY_AFTER_S, it delays requests and fails none.
AWAY_AFTER_S = 2.5
BUSY_AFTER_S = 10.0
LOOK_EVERY_S = 0.5
CONNECT_TIMEOUT_S = 2


class Reach:
    """When this process last failed to connect."""

    failed_at = float("-inf")

    @classmethod
    def note_failure(cls, pool: Any) -> None:
        """The pool has given up an attempt; it makes another for who waits next."""
        cls.failed_at = time.monotonic()

    @classmethod
    def may_wait(cls, since: float) -> bool:
        """Whether somebody who has waited for a connection since then should go on."""
        waited_s = time.monotonic() - since
        return waited_s < (AWAY_AFTER_S if cls.failed_at > since else BUSY_AFTER_S)


def options(*, max_size: int) -> dict[str, Any]:
    """`OPTIONS` of Django's database settings. Attempts are short: long ones back off until after the outage."""
    pool = {
        "min_size": 1,
        "max_size": max_size,
        "timeout": LOOK_EVERY_S,
        "reconnect_timeout": LOOK_EVERY_S,
        "reconnect_failed": Reach.note_failure,
    }
    return {"pool": pool, "connect_timeout": CONNECT_TIMEOUT_S}
