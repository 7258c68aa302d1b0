"""The planner process: holds cities by lease and gives each a thread of its own.

The main loop only renews, takes and gives back; a city that is slow, broken or stuck delays no other. A city whose
thread makes no progress is not renewed, so another planner (or this one, under a new epoch) takes over.
"""

import math
import os
import socket
import threading
import time
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError, connection

from delivery.ground.outbox.heartbeats import beat
from dispatch.desk.services import Question, open_alarms
from dispatch.errors import LeaseLost
from dispatch.planning import CityPlanning
from dispatch.services.leases import (
    Lease,
    release_city,
    renew_cities,
    sign_in_planner,
    sign_out_planner,
    take_cities,
)
from dispatch.snapshot import waiting_cities
from dispatch.travel import state_of_travel

log = structlog.get_logger(__name__)

ROUND_S: Final = 1.0
STUCK_AFTER_S: Final = 30.0
IDLE_AFTER_S: Final = 60.0
STOP_WITHIN_S: Final = 3.0
ALARM_AFTER_FAILURES: Final = 3
LONGEST_PAUSE_S: Final = 10.0


class CityThread(threading.Thread):
    """Plans one city until it is stopped or the lease is lost. A failure is logged, and the next tick tries again."""

    def __init__(self, lease: Lease) -> None:
        super().__init__(name=f"city-{lease.city_id}", daemon=True)
        self.lease = lease
        self.worked_at = self.progress_at = time.monotonic()
        self._planning = CityPlanning(lease)
        self._failures = 0
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def run(self) -> None:
        while not self._stopped.is_set():
            began_at = time.monotonic()
            try:
                self._tick()
                self._plan_beside(began_at)
            except LeaseLost:
                log.info("city_lost", city=self.lease.city_id)
                return
            finally:
                connection.close()
            self.progress_at = time.monotonic()
            self._stopped.wait(max(0.0, self._pause_s() - (self.progress_at - began_at)))

    def _tick(self) -> None:
        try:
            if self._planning.tick():
                self.worked_at = time.monotonic()
            self._failures = 0
        except LeaseLost:
            raise
        except Exception:  # whatever is wrong with this city is no reason to stop planning it, or any other
            self._failures += 1
            log.exception("planning_failed", city=self.lease.city_id, failures=self._failures)
            if self._failures == ALARM_AFTER_FAILURES:
                self._call_dispatcher()

    def _plan_beside(self, began_at: float) -> None:
        try:
            self._planning.plan_beside(within_s=self._pause_s() - (time.monotonic() - began_at))
        except Exception:  # a trial is no reason to stop planning
            log.exception("shadow_failed", city=self.lease.city_id)

    def _call_dispatcher(self) -> None:
        subject = f"city:{self.lease.city_id}"
        try:
            open_alarms([Question(city_id=self.lease.city_id, kind="planning_fails", subject=subject)])
        except (DatabaseError, InterfaceError):
            log.exception("planning_alarm_not_opened", city=self.lease.city_id)

    def _pause_s(self) -> float:
        interval_s: float = self._planning.interval.total_seconds()
        return min(interval_s * 2.0 ** min(self._failures, 8), max(LONGEST_PAUSE_S, interval_s))


class Planner:
    """All cities of one process. `run` returns soon after `stop` is set."""

    def __init__(self, *, holder: str | None = None) -> None:
        self.holder = holder or f"{socket.gethostname()}:{os.getpid()}"
        self.threads: dict[Lease, CityThread] = {}
        self._parted_with: list[CityThread] = []

    def run(self, stop: threading.Event) -> None:
        log.info("planner_started", holder=self.holder, progress=True)
        while not stop.is_set():
            try:
                self.round()
            except (DatabaseError, InterfaceError):  # PostgreSQL is away: leases run out, threads fail and go on
                log.exception("planner_round_failed")
            finally:
                connection.close()
            stop.wait(ROUND_S)
        self.leave()

    def round(self) -> None:
        """Renew what makes progress, give back what is too much or idle, take what is free."""
        planners = sign_in_planner(holder=self.holder)
        self._renew()
        at_work = waiting_cities()
        share = math.ceil(len(at_work) / planners)
        self._give_back(set(at_work), share)
        wanted = [city_id for city_id in at_work if city_id not in {lease.city_id for lease in self.threads}]
        room = share - sum(lease.city_id in at_work for lease in self.threads)
        if wanted and room > 0:
            for lease in take_cities(holder=self.holder, city_ids=wanted, limit=room):
                self._start(lease)
        beat("planner", holder=self.holder, cities=len(self.threads), **state_of_travel())

    def _start(self, lease: Lease) -> None:
        log.info("city_taken", city=lease.city_id, epoch=lease.epoch)
        thread = CityThread(lease)
        self.threads[lease] = thread
        thread.start()

    def _renew(self) -> None:
        now = time.monotonic()
        working = [
            lease
            for lease, thread in self.threads.items()
            if thread.is_alive() and now - thread.progress_at < STUCK_AFTER_S
        ]
        held = renew_cities(leases=working)
        for lease in set(self.threads) - held:
            log.warning("city_not_renewed", city=lease.city_id, stuck=self.threads[lease].is_alive())
            self._part_with(lease)

    def _give_back(self, at_work: set[int], share: int) -> None:
        now = time.monotonic()
        busy = [lease for lease in self.threads if lease.city_id in at_work]
        idle = [
            lease
            for lease, thread in self.threads.items()
            if lease.city_id not in at_work and now - thread.worked_at > IDLE_AFTER_S
        ]
        for lease in [*idle, *busy[share:]]:
            self._part_with(lease)
            release_city(lease=lease)

    def _part_with(self, lease: Lease) -> None:
        """Its thread ends after the tick that it is in; `leave` waits for it too."""
        thread = self.threads.pop(lease)
        thread.stop()
        self._parted_with = [*filter(CityThread.is_alive, self._parted_with), thread]

    def leave(self) -> None:
        """Stop all threads, wait a moment for what they are in, and let other planners take the cities at once."""
        for thread in self.threads.values():
            thread.stop()
        deadline = time.monotonic() + STOP_WITHIN_S
        for thread in (*self.threads.values(), *self._parted_with):
            thread.join(max(0.0, deadline - time.monotonic()))
        try:
            for lease in self.threads:
                release_city(lease=lease)
            sign_out_planner(holder=self.holder)
        except (DatabaseError, InterfaceError):
            log.warning("planner_left_its_leases_to_run_out")
        finally:
            connection.close()
        log.info("planner_stopped", holder=self.holder)
