"""Errors of handlers: which ones pass by themselves, how they are told, and who is called."""

import psycopg
import psycopg.errors
import structlog
from django.db import connection, transaction

from delivery.ground.logging import mask
from delivery.ground.registry import Trouble, wired

log = structlog.get_logger(__name__)

LONGEST_TEXT = 500
LOCK_WAIT = "200ms"
STATEMENT_TIME = "5s"
PASSING = (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable, psycopg.errors.SerializationFailure)


def limit_waiting() -> None:
    """In this transaction nothing waits for a lock over 200 ms, and no statement takes over 5 s."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true)",
            [LOCK_WAIT, STATEMENT_TIME],
        )


def is_passing(error: Exception) -> bool:
    """Whether the same work may simply be done again: another transaction was in the way, or the database went away."""
    cause = error.__cause__
    return isinstance(cause, PASSING) or (isinstance(cause, psycopg.OperationalError) and _is_cut_off(cause))


def _is_cut_off(error: psycopg.OperationalError) -> bool:
    """The connection broke (the server could not say why), or the server shut down (SQLSTATE 57P..)."""
    return error.sqlstate is None or error.sqlstate.startswith("57P")


def told(error: Exception) -> str:
    """The error as it may be stored and logged: short, nothing about people."""
    text = error.__cause__.diag.message_primary if isinstance(error.__cause__, psycopg.Error) else str(error)
    return mask(f"{type(error).__name__}: {text}")[:LONGEST_TEXT]


def tell(trouble: Trouble) -> None:
    """Log it and call whoever `delivery.wiring` names; when that fails too, the log has both."""
    log.error(
        "trouble",
        what=trouble.what,
        aggregate=f"{trouble.aggregate_kind}:{trouble.aggregate_id}",
        city=trouble.city_id,
        error=trouble.error,
        gave_up=trouble.gave_up,
    )
    if wired.on_trouble is None:
        return
    try:
        with transaction.atomic():
            wired.on_trouble(trouble)
    except Exception:
        log.exception("trouble_not_told", what=trouble.what)
