"""Breaks what people asked for on `/demo/`, heals it in time, and makes room where people sit."""

import asyncio
import os
import signal
from typing import Any, Final

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, connection

from delivery import env
from delivery.demo.actors.stage import Stage
from delivery.demo.actors.world import Town
from delivery.demo.mishaps import note_done, open_mishaps
from delivery.demo.models import Mishap
from delivery.demo.presence import taken_seats
from delivery.ground import clock

log = structlog.get_logger(__name__)

LOOK_S: Final = 0.5
A_PERSON: Final = "a person"
CLOSED_MINUTES: Final = 60
VICTIMS: Final = {"print_worker_killed": "worker-print", "relay_killed": "relay"}


class Breaker:
    """Reads the rows of seats and mishaps each half second; what it did to the stage is undone when it ends."""

    key = "breaker"

    def __init__(self, stage: Stage, towns: dict[str, Town], taken: set[str]) -> None:
        self._stage = stage
        self._towns = towns
        self._taken = taken
        self._broken: dict[int, Mishap] = {}

    async def live(self) -> None:
        try:
            while True:
                try:
                    await self._look()
                except (DatabaseError, InterfaceError) as error:  # PostgreSQL is away: the next look does it
                    log.warning("demo_rows_unread", error=type(error).__name__)
                await asyncio.sleep(LOOK_S)
        finally:
            for mishap in self._broken.values():
                self._thaw(mishap)

    async def _look(self) -> None:
        mishaps, taken = await sync_to_async(_read)()
        self._make_room(taken)
        now = clock.now()
        began = [mishap for mishap in mishaps if mishap.until > now and mishap.pk not in self._broken]
        ended = [mishap for mishap in mishaps if mishap.until <= now]
        for mishap in began:
            log.info("broken_on_purpose", kind=mishap.kind, target=mishap.target)
            self._broken[mishap.pk] = mishap
            await self._set(mishap, is_broken=True)
        for mishap in ended:
            log.info("healed", kind=mishap.kind, target=mishap.target)
            self._broken.pop(mishap.pk, None)
            await self._set(mishap, is_broken=False)
        if began or ended:
            await sync_to_async(_write)([mishap.pk for mishap in began], [mishap.pk for mishap in ended])

    def _make_room(self, taken: set[str]) -> None:
        for key in taken - self._taken:
            self._stage.send_away(key, A_PERSON)
        for key in self._taken - taken:
            self._stage.bring_back(key, A_PERSON)
        self._taken.clear()
        self._taken.update(taken)

    async def _set(self, mishap: Mishap, *, is_broken: bool) -> None:
        actor = self._stage.actor(mishap.target)
        town = self._towns.get(mishap.target)
        match mishap.kind:
            case "printer_unplugged" | "tablet_lost" if actor is not None:
                _crave(actor, mishap)
                change = self._stage.send_away if is_broken else self._stage.bring_back
                change(mishap.target, mishap.kind)
            case "paper_out" if actor is not None:
                _crave(actor, mishap)
                actor.set_paper(is_there=not is_broken)
            case "kitchen_closed" if actor is not None:
                await actor.close(CLOSED_MINUTES if is_broken else 0)
            case "rush_hour" if town is not None:
                town.is_rushed = is_broken
            case "strike" if town is not None:
                town.is_on_strike = is_broken
            case "valkey_frozen":
                _signal("valkey", signal.SIGSTOP if is_broken else signal.SIGCONT)
            case "print_worker_killed" | "relay_killed" if is_broken and mishap.began_at is None:
                _signal(VICTIMS[mishap.kind], signal.SIGKILL)

    @staticmethod
    def _thaw(mishap: Mishap) -> None:
        if mishap.kind == "valkey_frozen":
            _signal("valkey", signal.SIGCONT)


def _crave(actor: Any, mishap: Mishap) -> None:
    """Without an order nobody would notice what is broken now."""
    if mishap.until > clock.now():
        actor.town.cravings.append(actor.shop_id)


def _read() -> tuple[list[Mishap], set[str]]:
    try:
        return open_mishaps(), taken_seats()
    finally:
        connection.close()  # back to the pool


def _write(began: list[int], ended: list[int]) -> None:
    try:
        note_done(began=began, ended=ended)
    finally:
        connection.close()


def _signal(process: str, number: signal.Signals) -> None:
    """To a process of our own copy; one that somebody else runs is left alone."""
    running = env.run_info()
    pid = running["pids"].get(process) if running else None
    try:
        if pid is not None:
            os.kill(pid, number)
    except ProcessLookupError:
        pid = None  # it has just died by itself, and the supervisor starts the next
    if pid is None:
        log.warning("not_there_to_break", target=process)
