"""While nobody can answer, what waits for people stands still; afterwards everybody has the time they lost."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from delivery.ground import clock
from delivery.ground.aggregate import Aggregate
from delivery.ground.outbox import heartbeats, outages
from delivery.ground.outbox.firing import DeadlineLoop
from delivery.ground.outbox.models import Deadline, EventRow, Heartbeat, TopicEntry
from delivery.orders import services as orders
from delivery.orders.models import Order
from dispatch.models import Exclusion, Offer
from dispatch.services.routes import OFFER_EXPIRY
from tests import fleet_world as fw
from tests import world
from tests.ground_relay import carry_all

pytestmark = pytest.mark.django_db(transaction=True)

AWAY = timedelta(minutes=30)


@pytest.fixture
def order() -> Order:
    """Placed, and to be answered within the first half of an outage of the web processes."""
    order = world.order(world.pizzeria("counter"))
    let_time_pass()
    return order


@pytest.fixture
def offer() -> Offer:
    shop = world.pizzeria()
    offer = fw.offer(fw.deliverer(shop.city), fw.waiting_order(shop))
    let_time_pass()
    return offer


def let_time_pass() -> None:
    """Half an hour, in which only the relay gave signs of life."""
    heartbeats.beat(outages.WEB)
    Heartbeat.objects.filter(process=outages.WEB).update(at=F("at") - AWAY)
    Deadline.objects.filter(people=True).update(
        armed_at=F("armed_at") - AWAY, due_at=F("due_at") - AWAY, try_at=F("try_at") - AWAY
    )
    Order.objects.update(accept_by=F("accept_by") - AWAY)
    Offer.objects.update(made_at=F("made_at") - AWAY, expires_at=F("expires_at") - AWAY)
    heartbeats.beat(outages.DEADLINES)


def come_back() -> None:
    """The web process gives its first sign of life, and the relay goes on."""
    outages.watch(outages.WEB)
    loop = DeadlineLoop()
    for _ in range(3):
        loop.step()
    carry_all()


def shown(topic: str, name: str) -> str:
    """An instant in the newest row that a screen has got."""
    entry = TopicEntry.objects.filter(topic=topic).order_by("-seq").first()
    assert entry is not None
    assert entry.payload is not None
    return str(entry.payload[name])


def kinds_of(aggregate: Aggregate) -> list[str]:
    mine = EventRow.objects.filter(aggregate_kind=aggregate.aggregate_kind(), aggregate_id=aggregate.pk)
    return list(mine.order_by("id").values_list("kind", flat=True))


def test_nothing_that_waits_for_people_ends_while_no_web_process_lives(order: Order, offer: Offer) -> None:
    loop = DeadlineLoop()
    for _ in range(3):
        loop.step()
    assert set(Order.objects.values_list("status", flat=True)) == {"placed", "preparing"}
    assert Offer.objects.get().status == "open"


def test_a_counter_has_the_time_it_lost_and_every_screen_shows_it(order: Order) -> None:
    carry_all()
    before = order.accept_by - AWAY
    come_back()
    order.refresh_from_db()
    assert order.status == "placed"
    assert order.accept_by - before >= AWAY
    assert order.accept_by == Deadline.objects.get(kind="order.accept_by").due_at
    assert kinds_of(order) == ["OrderPlaced", "AnswerTimeMoved"]
    for topic in (f"order.{order.public_id}", f"kitchen.{order.restaurant.public_id}", f"city.{order.city.public_id}"):
        assert shown(topic, "accept_by") == clock.utc_text(order.accept_by)
    assert not Deadline.objects.filter(kind="order.show_accept_by").exists()


def test_a_deliverer_has_the_time_that_the_outage_took_and_is_shut_out_of_nothing(offer: Offer) -> None:
    carry_all()
    before = offer.expires_at - AWAY
    come_back()
    offer.refresh_from_db()
    assert offer.status == "open"
    assert offer.expires_at - before >= AWAY
    assert offer.expires_at == Deadline.objects.get(kind=OFFER_EXPIRY).due_at
    assert kinds_of(offer) == ["OfferMade", "OfferProlonged"]
    assert shown(f"deliverer.{offer.deliverer.public_id}", "expires_at") == clock.utc_text(offer.expires_at)
    assert not Exclusion.objects.exists()


def test_an_answer_meanwhile_leaves_nothing_to_show(order: Order) -> None:
    outages.watch(outages.WEB)
    orders.reject_order(order_id=order.pk, by="tests", reason="closed")
    come_back()
    order.refresh_from_db()
    assert (order.status, kinds_of(order)) == ("rejected", ["OrderPlaced", "OrderRejected"])


def test_two_outages_at_once_count_once(order: Order) -> None:
    """All was away; the relay comes back first."""
    Heartbeat.objects.update(at=Now() - AWAY)
    before = Deadline.objects.get(kind="order.accept_by").due_at
    outages.watch(outages.DEADLINES)
    come_back()
    moved = Deadline.objects.get(kind="order.accept_by").due_at - before
    assert AWAY <= moved < 2 * AWAY


def test_without_an_outage_silence_has_its_consequence(offer: Offer) -> None:
    Heartbeat.objects.filter(process=outages.WEB).update(at=Now())
    come_back()
    offer.refresh_from_db()
    assert offer.status == "expired"
    assert Exclusion.objects.get().because == "silent"
