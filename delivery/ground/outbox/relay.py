"""The relay: carries facts from the log to reactions and topics, in the order of each city, once.

A chunk of a slot is one transaction under the slot's advisory lock: it reads open facts in the order of their
ids, marks them, runs reactions and numbers topic rows. A second relay gets the lock or nothing.
"""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial

import structlog
from django.db import OperationalError, connection, transaction

from delivery.ground.outbox import chunks, heartbeats, retries, sequence, topics
from delivery.ground.outbox.reactions import react
from delivery.ground.outbox.trouble import limit_waiting, told

log = structlog.get_logger(__name__)

PAUSE_S = 0.02
IDLE_PAUSE_S = 0.1
IDLE_AFTER_S = 1.0
FULL_SCAN_EVERY_S = 5.0
HEARTBEAT_EVERY_S = 1.0
LOCK_CLASS = 7_001  # first key of the advisory locks; the second is the slot
# So often a chunk is repeated because something was in its way; then its handlers are blamed, one by one.
PATIENCE = 3


class Relay:
    """One relay loop; one thread calls `step` again and again."""

    def __init__(self) -> None:
        self._floor = chunks.Floor()
        self._full_scan_at = 0.0
        self._heartbeat_at = 0.0
        self._worked_at = 0.0
        self._repeats: Counter[int] = Counter()

    def step(self) -> float:
        """Carry one chunk of each slot with work; returns the seconds to wait before the next step.

        Raises OperationalError or InterfaceError when the database is away.
        """
        now = time.monotonic()
        if now >= self._heartbeat_at:
            heartbeats.beat("relay")
            self._heartbeat_at = now + HEARTBEAT_EVERY_S
        bounds = self._floor.bounds(now=now)
        if now >= self._full_scan_at:
            bounds = chunks.all_bounds()
            self._full_scan_at = now + FULL_SCAN_EVERY_S
        work = chunks.slots_with_work(bounds)
        done = [self._repeatable(slot, partial(self._carry, slot, bounds)) for slot in work.facts]
        done += [self._repeatable(slot, partial(self._retry, slot)) for slot in work.retries]
        if any(done):
            self._worked_at = now
        if max(done, default=0) == chunks.SIZE:
            return 0.0
        return PAUSE_S if now - self._worked_at < IDLE_AFTER_S else IDLE_PAUSE_S

    def _repeatable(self, slot: int, work: Callable[[], int]) -> int:
        """Do a slot's work in one transaction, under its lock; returns how many facts. What fails is done again."""
        try:
            with transaction.atomic():
                limit_waiting()
                count = work() if _take(slot) else 0
        except OperationalError as error:
            if not connection.is_usable():
                raise
            self._repeats[slot] += 1
            log.warning("chunk_repeated", slot=slot, times=self._repeats[slot], error=told(error))
            return 0
        except (chunks.RowsMoved, sequence.EarlierStillOpen):
            self._full_scan_at = 0.0
            return 0
        del self._repeats[slot]
        return count

    def _carry(self, slot: int, bounds: chunks.Bounds) -> int:
        facts, failures = chunks.read(slot, bounds)
        if not facts:
            return 0
        chunks.mark(slot, facts)
        sequence.check(facts, read_from_start=bounds.is_full)
        failures += react(facts, held=retries.held(facts), patient=self._is_patient(slot))
        rows, unprojected = topics.project(facts, patient=self._is_patient(slot))
        topics.append(rows)
        if failures or unprojected:
            retries.store([*failures, *unprojected])
        self._floor.carried(facts[-1].id, now=time.monotonic())
        return len(facts)

    def _retry(self, slot: int) -> int:
        return retries.run_due(slot, patient=self._is_patient(slot))

    def _is_patient(self, slot: int) -> bool:
        return self._repeats[slot] < PATIENCE


def _take(slot: int) -> bool:
    """Lock the slot until the transaction ends, without waiting: what follows then sees all its last holder did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_CLASS, slot])
        return bool(cursor.fetchone()[0])
