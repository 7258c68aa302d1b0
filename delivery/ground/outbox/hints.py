"""Hints: "look now" to other processes, sent after commit by threads of their own, lost without harm.

Nobody ever waits for Valkey here: a full queue drops its oldest hint, a server that does not answer within
200 ms costs its hints of the next second. Every reader of hints polls PostgreSQL as well.
"""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, Generic, TypeVar

import redis
import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import KombuError

from delivery.ground.connections import open_valkey

log = structlog.get_logger(__name__)
Hint = TypeVar("Hint")

CAPACITY = 500
AT_ONCE = 100
PAUSE_S = 1.0


def send(channel: str, payload: bytes | Mapping[str, Any]) -> None:
    """Publish on the Valkey channel `<KEY_PREFIX>:<channel>` once the transaction has committed."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload, separators=(",", ":")).encode()
    transaction.on_commit(partial(messages().put, (channel, body)))


def run_soon(task: str, *arguments: Any) -> None:
    """Ask Celery to run `task` once the transaction has committed; its worker finds the work without it, later.

    By name: who hints need not load what the worker works with.
    """
    transaction.on_commit(partial(tasks().put, (task, arguments)))


class HintThread(Generic[Hint]):
    """A bounded queue that drops its oldest, and a thread (started at the first hint, also after a fork)."""

    def __init__(self, name: str, deliver: Callable[[Sequence[Hint]], None]) -> None:
        self._name = name
        self._deliver = deliver
        self._waiting: deque[Hint] = deque(maxlen=CAPACITY)
        self._wake = threading.Event()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, hint: Hint) -> None:
        self._waiting.append(hint)
        self._wake.set()
        with self._start:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name=f"hints-{self._name}", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._waiting:
                self._send_some()

    def _send_some(self) -> None:
        hints = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        try:
            self._deliver(hints)
        except (redis.RedisError, KombuError, OSError) as error:
            log.warning("hints_lost", by=self._name, hints=len(hints), error=type(error).__name__)
            time.sleep(PAUSE_S)


@cache
def messages() -> HintThread[tuple[str, bytes]]:
    valkey = open_valkey()

    def publish(hints: Sequence[tuple[str, bytes]]) -> None:
        with valkey.pipeline(transaction=False) as pipeline:
            for channel, body in hints:
                pipeline.publish(f"{settings.KEY_PREFIX}:{channel}", body)
            pipeline.execute()

    return HintThread("messages", publish)


@cache
def tasks() -> HintThread[tuple[str, tuple[Any, ...]]]:
    def ask(hints: Sequence[tuple[str, tuple[Any, ...]]]) -> None:
        for task, arguments in hints:
            current_app.send_task(task, arguments, ignore_result=True, retry=False)

    return HintThread("tasks", ask)
