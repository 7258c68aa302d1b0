"""Actors leave the stage when a person comes or something breaks, and are back as soon as no reason is left."""

import asyncio
from dataclasses import dataclass, field

import pytest

from delivery.demo.actors import stage as stages
from delivery.demo.actors.stage import Stage
from delivery.demo.actors.world import Diary


@dataclass
class Cook:
    """Counts how often it has begun, and falls over when told."""

    key: str = "kitchen:1"
    begun: int = 0
    is_here: bool = False
    falls: int = 0
    steady: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self) -> None:
        self.begun += 1
        self.is_here = True
        try:
            if self.falls:
                self.falls -= 1
                raise ValueError("slipped")
            self.steady.set()
            await asyncio.Event().wait()
        finally:
            self.is_here = False


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def test_two_reasons_must_both_pass() -> None:
    async def scene() -> None:
        stage, cook = Stage(Diary()), Cook()
        stage.add(cook)
        stage.begin()
        await _settle()
        assert cook.is_here
        stage.send_away(cook.key, "a person")
        stage.send_away(cook.key, "tablet_lost")
        await _settle()
        assert not cook.is_here
        stage.bring_back(cook.key, "a person")
        await _settle()
        assert not cook.is_here
        stage.bring_back(cook.key, "tablet_lost")
        stage.bring_back(cook.key, "tablet_lost")
        await _settle()
        assert (cook.is_here, cook.begun) == (True, 2)
        await stage.end()
        assert not cook.is_here

    asyncio.run(scene())


def test_who_stumbles_gets_up_and_the_diary_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "AGAIN_AFTER_S", 0.0)

    async def scene() -> None:
        diary = Diary()
        stage, cook = Stage(diary), Cook(falls=2)
        stage.add(cook)
        stage.begin()
        await cook.steady.wait()
        assert diary.counts["errors"] == 2
        assert "slipped" in diary.errors[0]
        await stage.end()

    asyncio.run(scene())


def test_a_key_of_nobody_changes_nothing() -> None:
    stage = Stage(Diary())
    stage.send_away("account:unknown", "a person")
    stage.bring_back("account:unknown", "a person")
    assert stage.actor("account:unknown") is None
