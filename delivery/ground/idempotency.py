"""One key, one effect: a write runs once per Idempotency-Key, however often and however parallel it is sent."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg.errors
from django.db import OperationalError, connection, models, transaction

from delivery.ground.errors import InProgress, KeyReused

KEPT_FOR = "48 hours"
PURGE_AT_ONCE = 1_000
MOST_PURGES = 50
TWIN_WAITS = "2s"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a write answered: HTTP status and JSON body."""

    status: int
    body: dict[str, Any]


class IdempotencyKey(models.Model):
    """A key that was used, and what it was answered. Status 0: still running, seen by its own transaction only."""

    pk = models.CompositePrimaryKey("scope", "key")
    scope = models.TextField()
    key = models.TextField()
    route = models.TextField()
    body_sha256 = models.BinaryField()
    status = models.SmallIntegerField()
    response = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "ground_idempotency_key"

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


def run_once(*, scope: str, key: str, route: str, body: bytes, work: Callable[[], Reply]) -> Reply:
    """Run `work` in one transaction with its key, or give the stored reply of an earlier run. Check rights before.

    Args:
        scope: who sends it: account, guest session or device. Keys of two scopes never meet.
        route: method and path; body: the raw request. A key stands for one route and one body.
        work: raises a Problem to refuse; then nothing is stored, and the key is free.
    Raises:
        InProgress: the same request still ran after 2 s. KeyReused: the key came with another route or body.
    """
    digest = hashlib.sha256(body).digest()
    with transaction.atomic():
        if _is_first(scope, key, route, digest):
            reply = work()
            IdempotencyKey.objects.filter(scope=scope, key=key).update(status=reply.status, response=reply.body)
            return reply
        stored = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    if stored is None or stored.status == 0:
        raise InProgress()  # purged this instant, or `work` sent its own key again
    return _reply(stored, route, digest)


def earlier_reply(*, scope: str, key: str, route: str, body: bytes) -> Reply | None:
    """The stored reply of an earlier run, for writes that do something outside before their transaction.

    Raises:
        KeyReused: the key came with another route or body.
    """
    stored = IdempotencyKey.objects.filter(scope=scope, key=key).first()
    return _reply(stored, route, hashlib.sha256(body).digest()) if stored else None


def purge() -> None:
    """Forget keys older than 48 hours, 1,000 at a time, at most 50,000 in one run. Periodic duty."""
    for _ in range(MOST_PURGES):
        if _purge_some() < PURGE_AT_ONCE:
            return


def _purge_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM ground_idempotency_key WHERE (scope, key) IN (
                SELECT scope, key FROM ground_idempotency_key WHERE created_at < now() - %s::interval
                ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED)
            """,
            [KEPT_FOR, PURGE_AT_ONCE],
        )
        return int(cursor.rowcount)


def _reply(stored: IdempotencyKey, route: str, digest: bytes) -> Reply:
    if (stored.route, bytes(stored.body_sha256)) != (route, digest):
        raise KeyReused()
    return Reply(stored.status, stored.response)


def _is_first(scope: str, key: str, route: str, digest: bytes) -> bool:
    """Take the key. A twin waits here, on the index, until the first one commits or rolls back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TWIN_WAITS])
        try:
            cursor.execute(
                """
                INSERT INTO ground_idempotency_key (scope, key, route, body_sha256, status, response, created_at)
                VALUES (%s, %s, %s, %s, 0, '{}', now()) ON CONFLICT DO NOTHING
                """,
                [scope, key, route, digest],
            )
        except OperationalError as error:
            if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise InProgress() from error
            raise
        is_first = bool(cursor.rowcount)
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return is_first
