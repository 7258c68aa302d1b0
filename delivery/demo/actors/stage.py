"""The stage: starts every actor, sends away whose place a person takes or who is broken, and lets them come back.

Each actor has a `key` ("lobby:<restaurant>", "account:<id>", "printer:<uid>") and `live()`, which may be cancelled at
any moment and begun again.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any, Protocol

import structlog

from delivery.demo.actors.world import Diary

log = structlog.get_logger(__name__)

AGAIN_AFTER_S = 5.0


class Actor(Protocol):
    """Somebody, or something, that lives on the stage."""

    key: str

    async def live(self) -> None:
        """For ever."""


class Part:
    """One actor's place on the stage, and why it is empty."""

    def __init__(self, actor: Actor, diary: Diary) -> None:
        self.actor = actor
        self._diary = diary
        self._away: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def send_away(self, why: str) -> None:
        self._away.add(why)
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def bring_back(self, why: str) -> None:
        self._away.discard(why)
        if not self._away and self._task is None:
            self._task = asyncio.create_task(self._play(), name=self.actor.key)

    async def _play(self) -> None:
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

    def names(self) -> list[str]:
        return list(self._parts)

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


def write_report(diary: Diary, path: Path) -> None:
    """DATA_DIR/demo.json: what everybody saw until now, counted."""
    shown = {
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
