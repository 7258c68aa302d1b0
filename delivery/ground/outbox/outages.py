"""An outage of ours punishes nobody: what waits for people stands still while they cannot answer.

The deadline loop and the web processes leave a sign of life each second. Without the first nothing fires; while no web
process gives one for 5 s, nothing that waits for people does (`HELD`). Whoever comes back, or sees that the clock was
set, moves those deadlines by the length of the silence in the transaction of the new sign of life. What people see of
them moves through the services that `delivery.wiring` names as `moved`. While PostgreSQL is away both are silent.
"""

import threading

import structlog
from django.db import connection, transaction

from delivery.ground import clock
from delivery.ground.outbox import heartbeats
from delivery.ground.outbox.deadlines import arm_rows
from delivery.ground.outbox.loops import Loop
from delivery.ground.registry import wired

log = structlog.get_logger(__name__)

DEADLINES = "deadlines"
WEB = "web"
BEAT_EVERY_S = 1.0
OUTAGE_S = 5.0

# A condition on ground_deadline: nobody can answer now.
HELD = f"""
people AND EXISTS (
    SELECT FROM ground_heartbeat WHERE process = '{WEB}' AND at < clock_timestamp() - interval '{OUTAGE_S} s')
"""
SILENCE = "SELECT extract(epoch FROM clock_timestamp() - at)::float FROM ground_heartbeat WHERE process = %s"
LAST = """
SELECT at, extract(epoch FROM clock_timestamp() - at)::float FROM ground_heartbeat WHERE process = %s FOR UPDATE
"""
# What was armed during the silence moves by its own share; so does what the return of another process has moved.
SHIFT_FORWARD = """
UPDATE ground_deadline SET due_at = due_at + (statement_timestamp() - greatest(armed_at, %(last)s)),
                           try_at = try_at + (statement_timestamp() - greatest(armed_at, %(last)s)),
                           armed_at = statement_timestamp()
WHERE people AND parked_at IS NULL AND due_at > %(last)s AND armed_at < statement_timestamp()
RETURNING aggregate_kind, aggregate_id, kind
"""
# The clock was set back: what was armed before the step would come late.
SHIFT_BACK = """
UPDATE ground_deadline SET due_at = due_at - (%(last)s - statement_timestamp()),
                           try_at = try_at - (%(last)s - statement_timestamp()), armed_at = statement_timestamp()
WHERE people AND parked_at IS NULL AND armed_at > statement_timestamp()
RETURNING aggregate_kind, aggregate_id, kind
"""


def watch(process: str) -> float:
    """Leave a sign of life when the last is a second old; when it is over 5 s away, move people's deadlines, once.

    Returns the seconds until the next call makes sense.
    """
    with connection.cursor() as cursor:
        cursor.execute(SILENCE, [process])
        row = cursor.fetchone()
    if row is None or BEAT_EVERY_S <= row[0] <= OUTAGE_S:
        heartbeats.beat(process)
    elif abs(row[0]) > OUTAGE_S:
        _shift(process)
    return BEAT_EVERY_S


def watch_web() -> None:
    """From now on this process is one that people can reach; called once, where it begins to serve."""
    Loop("web-heartbeat", lambda: watch(WEB), threading.Event()).start()


def _shift(process: str) -> None:
    """Under the lock of the heartbeat: of two that see the same silence one shifts."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LAST, [process])
        last, silence_s = cursor.fetchone()
        if abs(silence_s) <= OUTAGE_S:
            return
        cursor.execute(SHIFT_FORWARD if silence_s > 0 else SHIFT_BACK, {"last": last})
        shifted = cursor.fetchall()
        log.warning("deadlines_shifted", silent=process, by_s=round(silence_s, 1), count=len(shifted))
        _have_it_shown(shifted)
        heartbeats.beat(process)


def _have_it_shown(shifted: list[tuple[str, int, str]]) -> None:
    """A deadline of its own, due now: the rows of the aggregates change under their locks, which are not ours."""
    now = clock.now()
    moved = [
        (of_kind, of_id, wired.deadlines[kind].moved) for of_kind, of_id, kind in shifted if kind in wired.deadlines
    ]
    arm_rows([(of_kind, of_id, kind, now, False) for of_kind, of_id, kind in moved if kind])
