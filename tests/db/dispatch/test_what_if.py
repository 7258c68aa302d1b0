"""A past evening from the log, played again with other weights, couriers or zones."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.errors import Invalid
from delivery.orders import services as orders
from dispatch.services.offers import accept_offer
from dispatch.services.stops import arrive_stop, complete_stop
from dispatch.what_if import Change, read_evening, what_if
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def evening_of(shop: Restaurant) -> tuple[datetime, datetime]:
    """One order delivered, one still cooking, one called off; one person at work. Returns when it was."""
    began = clock.now()
    person = fw.deliverer(shop.city)
    done, called_off = fw.waiting_order(shop), fw.waiting_order(shop)
    fw.waiting_order(shop)
    orders.mark_ready(order_id=done.pk, by=fw.KITCHEN)
    accept_offer(offer_id=fw.offer(person, done).public_id, deliverer_id=person.pk, by="tests")
    for kind in ("pickup", "dropoff"):
        stop = done.stops.get(kind=kind)
        arrive_stop(stop_id=stop.public_id, deliverer_id=person.pk, by="tests")
        complete_stop(stop_id=stop.public_id, deliverer_id=person.pk, by="tests")
    fw.cancel(called_off)
    return began, clock.now() + timedelta(seconds=1)


def ask(city: City, when: tuple[datetime, datetime], **change: Any) -> dict[str, Any]:
    wanted = Change(**{"weights": {}, **change})
    return what_if(city, begins_at=when[0], ends_at=when[1], change=wanted).as_dict()


def test_the_log_tells_the_evening(shop: Restaurant) -> None:
    when = evening_of(shop)
    evening = read_evening(shop.city, *when)
    assert (len(evening.orders), len(evening.delivered), len(evening.people)) == (2, 1, 1)
    assert set(evening.zones.values()) == {"all"}
    ready = [order for order in evening.orders if order.demand.order in evening.delivered]
    assert ready[0].ready_at < ready[0].demand.ready_at, "it was ready before the kitchen said"


def test_an_evening_is_compared_with_itself_changed(shop: Restaurant) -> None:
    when = evening_of(shop)
    report = ask(shop.city, when, couriers=1)
    assert (report["was"]["delivered"], report["again"]["delivered"], report["changed"]["delivered"]) == (1, 2, 2)
    assert report["couriers"] == 2
    assert report["changed"]["door_mean"] <= report["again"]["door_mean"]
    assert json.loads(json.dumps(report)) == report


def test_a_zone_that_is_closed_takes_its_orders_away(shop: Restaurant) -> None:
    report = ask(shop.city, evening_of(shop), closed=("all",))
    assert (report["again"]["orders"], report["changed"]["orders"]) == (2, 0)


def test_what_there_is_not_is_refused(shop: Restaurant) -> None:
    when = evening_of(shop)
    with pytest.raises(Invalid):
        ask(shop.city, when, weights={"nonsense": 1.0})
    with pytest.raises(Invalid):
        ask(shop.city, when, closed=("moon",))
    with pytest.raises(Invalid):
        ask(shop.city, when, couriers=-1)
    with pytest.raises(Invalid):
        ask(shop.city, (when[0] - timedelta(days=2), when[0] - timedelta(days=1)))


def test_the_command_prints_a_table_and_writes_json(shop: Restaurant, tmp_path: Path) -> None:
    began, ended = evening_of(shop)
    out, file = StringIO(), tmp_path / "report.json"
    span = ["--from", began.isoformat(), "--until", ended.isoformat()]
    weights = ["--weights", "bundle_limit=1", "pay_weight=2"]
    call_command("what_if", shop.city.slug, *span, *weights, "--couriers", "+1", "--json", str(file), stdout=out)
    assert "click to door, min" in out.getvalue()
    report = json.loads(file.read_text())
    assert report["change"]["weights"] == {"bundle_limit": 1.0, "pay_weight": 2.0}
    err = StringIO()
    for code, arguments in ((1, ["moon", *span]), (2, [shop.city.slug, *span, "--weights", "bundle_limit=many"])):
        with pytest.raises(SystemExit) as ended_with:
            call_command("what_if", *arguments, stdout=out, stderr=err)
        assert ended_with.value.code == code
