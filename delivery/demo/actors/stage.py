"""The stage: starts every actor, sends away whose place a person takes or who is broken, and lets them come back.

Each actor has a `key` ("lobby:<restaurant>", "account:<id>", "printer:<uid>") and `live()`, which may be cancelled at
any moment and begun again.
"""

import asyncio
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import structlog

from delivery.demo.actors.world import Diary, Town

log = structlog.get_logger(__name__)

AGAIN_AFTER_S = 5.0
HOME_WITHIN_S = 2.0
THE_END = "the end"


class Actor(Protocol):
    """Somebody, or something, that lives on the stage."""

    key: str

    async def live(self) -> None:
        """For ever, or until there is nothing to do for a while."""


class Part:
    """One actor's place on the stage, and why it is empty."""

    def __init__(self, actor: Actor, diary: Diary) -> None:
        self.actor = actor
        self._diary = diary
        self._away: set[str] = set()
        self._task: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None

    def send_away(self, why: str) -> asyncio.Task[None] | None:
        """The task that ends, if one was under way."""
        self._away.add(why)
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            self._leaving = task
        return task

    def bring_back(self, why: str) -> None:
        self._away.discard(why)
        if not self._away and self._task is None:
            self._task = asyncio.create_task(self._play(self._leaving), name=self.actor.key)

    async def _play(self, before: asyncio.Task[None] | None) -> None:
        """Begins when the life `before` is over: a port, say, is free only then."""
        if before is not None:
            await asyncio.wait([before])
        while True:
            try:
                await self.actor.live()
            except Exception as error:  # one who stumbles gets up again; the report and the log have it
                log.warning("actor_stumbled", actor=type(self.actor).__name__, error=_told(error))
                self._diary.went_wrong(f"{type(self.actor).__name__}: {_told(error)}")
            await asyncio.sleep(AGAIN_AFTER_S)


class Stage:
    """All parts by key; several actors may share one (who has two places has one key)."""

    def __init__(self, diary: Diary) -> None:
        self.diary = diary
        self._parts: dict[str, Part] = {}

    def add(self, actor: Actor) -> None:
        self._parts[actor.key] = Part(actor, self.diary)

    def begin(self) -> None:
        for part in self._parts.values():
            part.bring_back("")

    async def end(self) -> None:
        """Everybody goes home."""
        tasks = [task for part in self._parts.values() if (task := part.send_away(THE_END)) is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=HOME_WITHIN_S)

    def actor(self, key: str) -> Any:
        """The actor behind a key; None for a stranger."""
        part = self._parts.get(key)
        return part.actor if part else None

    def send_away(self, key: str, why: str) -> None:
        if part := self._parts.get(key):
            part.send_away(why)

    def bring_back(self, key: str, why: str) -> None:
        if part := self._parts.get(key):
            part.bring_back(why)


def write_report(diary: Diary, towns: Iterable[Town], path: Path) -> None:
    """DATA_DIR/demo.json: what everybody saw until now, counted."""
    shown = {
        "on_duty": {town.slug: len(town.on_duty) for town in towns},
        "counts": dict(sorted(diary.counts.items())),
        "waiting": len(diary.waiting),
        "refusals": dict(sorted(diary.refusals.items())),
        "errors": diary.errors,
    }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(shown, indent=2))
    os.replace(fresh, path)


def _told(error: Exception) -> str:
    """An error with those that it is made of, on one line."""
    inner = error.exceptions if isinstance(error, ExceptionGroup) else ()
    return f"{error!r} {[_told(each) for each in inner]}" if inner else repr(error)
