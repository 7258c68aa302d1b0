"""The day's clock, read at set instants of the machine's."""

import math

import pytest

from delivery.demo.replay import clock
from delivery.demo.replay.clock import DayClock, travel_min


class Machine:
    def __init__(self) -> None:
        self.now_s = 1000.0

    def monotonic(self) -> float:
        return self.now_s


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    given = Machine()
    monkeypatch.setattr(clock, "time", given)
    return given


def test_it_stands_until_it_is_started(machine: Machine) -> None:
    day = DayClock(rate=120, starts_at_min=50)
    machine.now_s += 10_000
    assert day.minute() == 50
    assert day.lead_left_s() == math.inf


def test_it_stands_while_the_lead_passes_and_then_runs_at_its_rate(machine: Machine) -> None:
    day = DayClock(rate=120, starts_at_min=50)
    day.start(in_s=4)
    machine.now_s += 4
    assert day.minute() == 50
    machine.now_s += 3
    assert day.minute() == 56
    assert day.lead_left_s() == -3


@pytest.mark.parametrize(
    ("metres", "minutes"), [(0.0, 0), (320.0, 1), (320.005, 1), (321.0, 2), (640.0, 2), (960.5, 4)]
)
def test_a_way_takes_whole_minutes_and_a_centimetre_none(metres: float, minutes: int) -> None:
    assert travel_min((0.0, 0.0), (metres, 0.0), 320.0) == minutes
