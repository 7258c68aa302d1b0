"""How often something may be tried: counted in PostgreSQL, so a restart or an empty Valkey forgets nothing.

Callers count outside the transaction of what they try, or a refused try would roll its own count back.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, models

from delivery.accounts.models import Tally
from delivery.ground import clock
from delivery.ground.errors import TooMany

# One statement: two tries at the same instant both count.
COUNT_SQL = """
    INSERT INTO accounts_tally (name, ends_at, count) VALUES (%s, %s, %s)
    ON CONFLICT (name, ends_at) DO UPDATE SET count = accounts_tally.count + EXCLUDED.count
    RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` tries in each window of length `per`, all windows lined up with the epoch."""

    name: str
    most: int
    per: timedelta

    def ends_at(self, instant: datetime) -> datetime:
        """The end of the window that holds the instant."""
        seconds = self.per.total_seconds()
        return datetime.fromtimestamp((instant.timestamp() // seconds + 1) * seconds, UTC)


def count_try(limit: Limit, who: str, *, weight: int = 1) -> None:
    """Count one try of `who` (an address, a hash). Raises TooMany with the seconds until the next window.

    `weight`: how many tries this one stands for.

    It counts before anybody looks whether the try is right: parallel guesses cannot pass together.
    """
    now = clock.now()
    ends_at = limit.ends_at(now)
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SQL, [_name(limit, who), ends_at, weight])
        (count,) = cursor.fetchone() or (0,)
    if count == weight:
        Tally.objects.filter(ends_at__lt=now).delete()
    if count > limit.most:
        raise TooMany(retry_after_s=max(1, int((ends_at - now).total_seconds()) + 1))


def give_back(limit: Limit, who: str) -> None:
    """Uncount a try that was right: only wrong ones use the limit up."""
    Tally.objects.filter(name=_name(limit, who), ends_at=limit.ends_at(clock.now()), count__gt=0).update(
        count=models.F("count") - 1
    )


def _name(limit: Limit, who: str) -> str:
    return f"{limit.name}:{who}"[:120]
