"""What workers do without being asked: work that PostgreSQL holds is found by looking, also while the broker is away.

A Celery task is only a hint that saves the wait until the next look. The polls are steps of the worker itself,
not of its consumer, which stops whenever the broker does.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from celery import Celery, bootsteps
from django.db import connections
from django.utils.module_loading import import_string

from delivery.ground.outbox import heartbeats

log = structlog.get_logger(__name__)

BEAT_EVERY_S = 1.0
STOP_WITHIN_S = 4.0
REST_AFTER_ERROR_S = 1.0


@dataclass(frozen=True, slots=True)
class Poll:
    """Call `work` each `every_s` seconds in the workers that consume `queue`, in one thread per worker.

    `work` is a dotted name: only these workers load what it needs.
    """

    name: str
    queue: str
    every_s: float
    work: str


def install(app: Celery, polls: Sequence[Poll]) -> None:
    """Give the polls to each worker that `app` will start."""
    app.steps["worker"].add(type("Poller", (_Poller,), {"polls": tuple(polls)}))


class _Poller(bootsteps.StartStopStep):  # type: ignore[misc]  # celery ships no types
    polls: Sequence[Poll] = ()

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.is_stopping = threading.Event()
        self.threads: list[threading.Thread] = []

    def start(self, parent: Any) -> None:
        queues = list(parent.app.amqp.queues.consume_from)
        for poll in self.polls:
            if poll.queue in queues:
                self._begin(poll.name, poll.every_s, import_string(poll.work))
        for queue in queues:
            self._begin("heartbeat", BEAT_EVERY_S, _beat_of(queue))

    def _begin(self, name: str, every_s: float, work: Callable[[], object]) -> None:
        arguments = (name, every_s, work, self.is_stopping)
        thread = threading.Thread(target=run, args=arguments, name=f"poll-{name}", daemon=True)
        thread.start()
        self.threads.append(thread)

    def stop(self, parent: Any) -> None:
        self.is_stopping.set()
        for thread in self.threads:
            thread.join(STOP_WITHIN_S)

    terminate = stop


def run(name: str, every_s: float, work: Callable[[], object], is_stopping: threading.Event) -> None:
    """Work until told to stop. An error is logged and followed by a rest: the rows are still there."""
    rest_s = every_s
    while not is_stopping.wait(rest_s):
        try:
            work()
            rest_s = every_s
        except Exception:
            log.exception("poll_failed", poll=name)
            rest_s = max(every_s, REST_AFTER_ERROR_S)
        finally:
            connections.close_all()


def _beat_of(queue: str) -> Callable[[], None]:
    return lambda: heartbeats.beat(f"worker-{queue}")
