"""docs/tour.md, walked: each journey is lived through, and its functions run in the order in which it tells them."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType
from typing import Any

import pytest

from delivery import env
from delivery.cities.models import Membership
from delivery.orders import services as orders
from delivery.orders.models import Order
from dispatch.desk.models import Alarm
from dispatch.desk.services import take_alarm
from dispatch.models import Offer
from dispatch.planning import CityPlanning
from dispatch.services.offers import accept_offer
from dispatch.services.stops import arrive_stop, complete_stop
from printing.services.watch import watch_jobs
from tests import fleet_world as fw
from tests import world
from tests.db.printing.kitchen import Kitchen, kitchen, time_passes
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db(transaction=True)

TOUR = env.BASE_DIR / "docs" / "tour.md"
STEP = re.compile(r"\[`(\w+)`\]\(\.\./([\w/]+\.py)\)")


def told(journey: str) -> list[tuple[str, str]]:
    """(function, file) of each step of the journey of that title."""
    _, chapter = re.split(rf"^## {re.escape(journey)}$", TOUR.read_text(), flags=re.MULTILINE)
    return STEP.findall(chapter.split("\n## ")[0])


@dataclass
class Walk:
    """Which functions of which files ran, in the order of their calls."""

    calls: list[tuple[str, str]] = field(default_factory=list)

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        if event == "call":
            file = frame.f_code.co_filename
            if file.startswith(f"{env.BASE_DIR}/") and "/site-packages/" not in file:
                self.calls.append((frame.f_code.co_name, file.removeprefix(f"{env.BASE_DIR}/")))

    def goes_along(self, steps: list[tuple[str, str]]) -> None:
        """Fails at the first step that did not run after the one before it."""
        calls: Iterator[tuple[str, str]] = iter(self.calls)
        for step in steps:
            assert step in calls, f"{step} did not come after what the tour tells before it"


@contextmanager
def walking() -> Iterator[Walk]:
    walk, before = Walk(), sys.getprofile()
    sys.setprofile(walk.note)
    try:
        yield walk
    finally:
        sys.setprofile(before)


def order_at(place: Kitchen) -> Order:
    """Placed, answered and cooking, with all that this causes."""
    order = world.order(place.shop)
    orders.accept_order(order_id=order.pk, by="tests", prep_time=timedelta(minutes=1))
    carry_all()
    order.refresh_from_db()
    return order


def to_paper(place: Kitchen) -> None:
    order_at(place)
    place.work()
    assert place.paper() == [()]


def to_the_door(place: Kitchen) -> None:
    order = order_at(place)
    person = fw.deliverer(place.shop.city)
    CityPlanning(fw.lease(place.shop.city)).tick()
    accept_offer(offer_id=Offer.objects.get().public_id, deliverer_id=person.pk, by="tests")
    for kind in ("pickup", "dropoff"):
        stop = order.stops.get(kind=kind).public_id
        arrive_stop(stop_id=stop, deliverer_id=person.pk, by="tests")
        complete_stop(stop_id=stop, deliverer_id=person.pk, by="tests")
    carry_all()
    assert list(order.tenders.values_list("state", flat=True)) == ["captured"]


def past_a_silent_printer(place: Kitchen) -> None:
    ana = world.account()
    Membership.objects.create(city=place.shop.city, account=ana, role=Membership.Role.DISPATCHER)
    simulator = place.simulators["oven"]
    order_at(place)
    place.work()
    simulator.set_fault("paper_out")
    time_passes(11)
    place.work()
    time_passes(60)
    watch_jobs()
    carry_all()
    take_alarm(alarm_id=Alarm.objects.get().public_id, account_id=ana.pk, by="tests")
    simulator.clear()
    for _ in range(4):
        time_passes(11)
        place.work()
    carry_all()
    assert place.paper() == [(), ("POSSIBLE DUPLICATE",)]
    assert Alarm.objects.get().closed_at is not None


@pytest.mark.parametrize(
    ("journey", "faults", "live_it"),
    [
        ("An order, from the tap to paper", [], to_paper),
        ("A bag, from the counter to the door", [], to_the_door),
        ("A printer that says nothing", ["late"], past_a_silent_printer),
    ],
)
def test_the_tour_tells_what_happens(journey: str, faults: list[str], live_it: Callable[[Kitchen], None]) -> None:
    steps = told(journey)
    assert len(steps) > 7
    with kitchen(faults={"oven": faults}) as place, walking() as walk:
        live_it(place)
    walk.goes_along(steps)
