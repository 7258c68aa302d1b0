"""The report, from fates and paper made by hand."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from delivery.demo.replay.clock import DayClock
from delivery.demo.replay.instance import load
from delivery.demo.replay.report import make_report
from delivery.demo.replay.script import Script
from printing.simulator.sheet import Line, Ticket
from tests.days import SMALL_TOWN

CUT_AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def script() -> Script:
    """Three orders, all placed, accepted and delivered, after 20, 30 and 40 minutes."""
    instance = replace(load(SMALL_TOWN), orders=load(SMALL_TOWN).orders[:3])
    made = Script.of(instance, DayClock(1, 0))
    for number, fate in enumerate(made.fates.values()):
        fate.order_id, fate.placed_min, fate.was_accepted = f"id{number}", 10.0, True
        fate.delivered_min = 30.0 + 10 * number
    return made


def paper(name: str, *marks: str) -> Ticket:
    return Ticket(lines=(*(Line(mark) for mark in marks), Line(f"note {name} !")), raw=b"", cut_at=CUT_AT, marks=marks)


def report(script: Script, *tickets: Ticket, **statuses: str) -> dict[str, Any]:
    shown = dict.fromkeys(script.fates, "delivered") | dict(zip(script.fates, statuses.values(), strict=False))
    return make_report(script, shown=shown, tickets=tickets)


def test_a_day_where_all_went_well(script: Script) -> None:
    assert report(script, *(paper(name) for name in script.fates)) == {
        "instance": "small_town",
        "orders": 3,
        "placed": 3,
        "accepted": 3,
        "delivered": 3,
        "undelivered": 0,
        "lost": 0,
        "tickets_due": 3,
        "tickets_on_paper": 3,
        "duplicate_tickets_unmarked": 0,
        "click_to_door_mean_min": 30.0,
        "click_to_door_p90_min": 46.0,
        "errors": [],
    }


def test_a_marked_copy_is_no_duplicate_and_no_second_intent(script: Script) -> None:
    first, *_ = script.fates
    seen = report(script, paper(first), paper(first, "POSSIBLE DUPLICATE"), paper(first, "COPY"))
    assert (seen["tickets_on_paper"], seen["duplicate_tickets_unmarked"]) == (1, 0)


def test_a_marked_copy_alone_is_paper_to_cook_from(script: Script) -> None:
    first, *_ = script.fates
    assert report(script, paper(first, "REROUTED"))["tickets_on_paper"] == 1


@pytest.mark.parametrize("mark", ["CANCELLED", "TEST"])
def test_paper_that_nobody_cooks_from_is_no_intent(script: Script, mark: str) -> None:
    first, *_ = script.fates
    assert report(script, paper(first, mark))["tickets_on_paper"] == 0


def test_each_unmarked_ticket_beyond_the_first_is_a_duplicate(script: Script) -> None:
    first, second, _ = script.fates
    seen = report(script, *[paper(first)] * 3, *[paper(second)] * 2)
    assert (seen["tickets_on_paper"], seen["duplicate_tickets_unmarked"]) == (2, 3)


def test_paper_without_a_known_order_counts_nothing(script: Script) -> None:
    assert report(script, paper("somebody"))["tickets_on_paper"] == 0


def test_an_order_that_its_customer_is_not_shown_is_lost(script: Script) -> None:
    seen = report(script, first="", second="ready", third="delivered")
    assert (seen["placed"], seen["lost"], seen["delivered"], seen["undelivered"]) == (3, 1, 1, 2)


def test_an_order_that_was_refused_is_not_placed_and_not_lost(script: Script) -> None:
    fate = next(iter(script.fates.values()))
    fate.order_id, fate.placed_min, fate.was_accepted, fate.delivered_min = "", None, False, None
    seen = report(script, first="")
    assert (seen["orders"], seen["placed"], seen["accepted"], seen["lost"], seen["undelivered"]) == (3, 2, 2, 0, 1)
    assert seen["tickets_due"] == 2


def test_a_day_that_delivers_nothing_has_no_times(script: Script) -> None:
    for fate in script.fates.values():
        fate.delivered_min = None
    seen = report(script)
    assert seen["click_to_door_mean_min"] is None
    assert seen["click_to_door_p90_min"] is None


def test_what_went_wrong_is_said(script: Script) -> None:
    script.errors.add("kitchen of order o1: 409")
    assert report(script)["errors"] == ["kitchen of order o1: 409"]
