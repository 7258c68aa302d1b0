"""The demo process breaks what was asked for, on real printers and rows, and puts everything back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from delivery.cities.models import City
from delivery.demo import mishaps
from delivery.demo.actors.breaking import Breaker
from delivery.demo.actors.moods import dice
from delivery.demo.actors.printer import Printer
from delivery.demo.actors.roads import Roads
from delivery.demo.actors.stage import Stage
from delivery.demo.actors.world import Diary, Town
from delivery.demo.models import Mishap
from delivery.demo.presence import leave_seats, take_seats
from printing.simulator import Simulator

pytestmark = pytest.mark.django_db(transaction=True)
LOBBY = "lobby:1"


@dataclass
class Counter:
    """A lobby that notes what it is told."""

    town: Town
    key: str = LOBBY
    shop_id: str = "1"
    is_here: bool = False
    closed_for: int | None = None

    async def live(self) -> None:
        self.is_here = True
        try:
            await asyncio.Event().wait()
        finally:
            self.is_here = False

    async def close(self, minutes: int) -> bool:
        self.closed_for = minutes
        return True


@dataclass
class Scene:
    town: Town
    counter: Counter
    printer: Printer
    breaker: Breaker

    async def look(self) -> None:
        await self.breaker._look()
        for _ in range(20):
            await asyncio.sleep(0.01)

    async def is_plugged(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.printer.simulator.port)
        except OSError:
            return False
        writer.close()
        return True


Play = Callable[[Scene], Awaitable[None]]


def play(scene_of: Play) -> None:
    """A stage with one counter and one printer, looked at by hand."""

    async def run() -> None:
        diary = Diary()
        town = Town("id", "arles", City(timezone="UTC"), 250.0, 4.0, [], Roads(), diary)
        counter = Counter(town)
        printer = Printer("printer:oven", town, "1", Simulator(), "new", dice(1, "oven"))
        stage = Stage(diary)
        stage.add(counter)
        stage.add(printer)
        stage.begin()
        scene = Scene(town, counter, printer, Breaker(stage, {"arles": town}, set()))
        await scene.look()
        await scene_of(scene)
        await stage.end()

    asyncio.run(run())


@sync_to_async
def broken(kind: str, target: str) -> Mishap:
    return mishaps.break_it(kind=kind, target=target)


@sync_to_async
def healed(mishap: Mishap) -> None:
    mishaps.heal(mishap_id=mishap.pk)


def test_a_printer_is_unplugged_and_plugged_in_on_its_port() -> None:
    async def scene(s: Scene) -> None:
        port = s.printer.simulator.port
        mishap = await broken("printer_unplugged", "printer:oven")
        await s.look()
        assert not await s.is_plugged()
        assert s.town.cravings == ["1"]
        await healed(mishap)
        await s.look()
        assert await s.is_plugged()
        assert s.printer.simulator.port == port
        assert not await sync_to_async(mishaps.open_mishaps)()

    play(scene)


def test_paper_is_taken_and_given() -> None:
    async def scene(s: Scene) -> None:
        mishap = await broken("paper_out", "printer:oven")
        await s.look()
        assert s.printer.simulator.faults == {"paper_out"}
        await healed(mishap)
        await s.look()
        assert s.printer.simulator.faults == frozenset()

    play(scene)


def test_a_tablet_is_lost_and_found_and_a_kitchen_closed_and_opened() -> None:
    async def scene(s: Scene) -> None:
        lost = await broken("tablet_lost", LOBBY)
        closed = await broken("kitchen_closed", LOBBY)
        await s.look()
        assert (s.counter.is_here, s.counter.closed_for) == (False, 60)
        await healed(lost)
        await healed(closed)
        await s.look()
        assert (s.counter.is_here, s.counter.closed_for) == (True, 0)

    play(scene)


@pytest.mark.parametrize(("kind", "flag"), [("rush_hour", "is_rushed"), ("strike", "is_on_strike")])
def test_a_town_is_in_a_rush_or_on_strike_and_back(kind: str, flag: str) -> None:
    async def scene(s: Scene) -> None:
        mishap = await broken(kind, "arles")
        await s.look()
        assert getattr(s.town, flag)
        await healed(mishap)
        await s.look()
        assert not getattr(s.town, flag)

    play(scene)


def test_it_heals_by_itself() -> None:
    async def scene(s: Scene) -> None:
        await broken("rush_hour", "arles")
        await s.look()
        await Mishap.objects.aupdate(until=timezone.now() - timedelta(seconds=1))
        await s.look()
        assert not s.town.is_rushed

    play(scene)


def test_a_person_takes_a_place_and_leaves_it() -> None:
    async def scene(s: Scene) -> None:
        await sync_to_async(take_seats)([LOBBY])
        await s.look()
        assert not s.counter.is_here
        await sync_to_async(leave_seats)([LOBBY])
        await s.look()
        assert s.counter.is_here

    play(scene)


@pytest.mark.parametrize("kind", ["valkey_frozen", "print_worker_killed", "relay_killed"])
def test_processes_of_others_are_left_alone(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))  # nothing runs from there
    killed: list[Any] = []
    monkeypatch.setattr("os.kill", lambda *signal: killed.append(signal))

    async def scene(s: Scene) -> None:
        mishap = await broken(kind, "")
        await s.look()
        await healed(mishap)
        await s.look()

    play(scene)
    assert killed == []
