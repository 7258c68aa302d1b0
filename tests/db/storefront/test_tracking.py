"""The tracking link: an honest time and its reason, a courier only on the way, the money, help, once more, the end."""

from datetime import timedelta

import pytest
from django.test import Client

from delivery.accounts.models import Account
from delivery.ground import clock
from delivery.orders import services as orders
from delivery.orders.models import Bearer, Order
from delivery.payments.models import Tender
from delivery.storefront.order_help import ASKED
from dispatch.desk.models import Alarm
from dispatch.models import Stop
from dispatch.services.offers import accept_offer
from dispatch.services.stops import arrive_stop, complete_stop
from restaurants import services as restaurants
from restaurants.models import Option, Product, Restaurant
from restaurants.options import NewGroup, NewOption, replace_option
from tests import fleet_world as fw
from tests import world
from tests.db.storefront.visit import product, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def link(order: Order, more: str = "") -> str:
    return f"/track/{order.tracking_token}/{more}"


def on_the_way(shop: Restaurant) -> Order:
    """Picked up by Max, who stands in the middle of the city."""
    order = fw.waiting_order(shop)
    max_ = fw.deliverer(shop.city, "max")
    Account.objects.filter(pk=max_.account_id).update(name="Max Mustermann")
    offer = fw.offer(max_, order)
    accept_offer(offer_id=offer.public_id, deliverer_id=max_.pk, by="tests")
    orders.mark_ready(order_id=order.pk, by="tests")
    stop = Stop.objects.get(order=order, kind="pickup")
    arrive_stop(stop_id=stop.public_id, deliverer_id=max_.pk, by="tests")
    complete_stop(stop_id=stop.public_id, deliverer_id=max_.pk, by="tests")
    order.refresh_from_db()
    return order


def test_a_changed_time_says_by_how_much_and_why(client: Client, shop: Restaurant) -> None:
    order = world.order(shop)
    orders.accept_order(order_id=order.pk, by="tests")
    assert "later than announced" not in text(client.get(link(order)))
    orders.delay_order(order_id=order.pk, by="tests", extra=timedelta(minutes=7))
    page = text(client.get(link(order)))
    assert "7 minutes later than announced. The kitchen needs longer than it thought." in page


def test_a_time_that_is_over_is_not_kept_up(client: Client, shop: Restaurant) -> None:
    order = world.order(shop)
    orders.accept_order(order_id=order.pk, by="tests")
    over = clock.now() - timedelta(minutes=12)
    Order.objects.filter(pk=order.pk).update(promised_from=over - timedelta(minutes=15), promised_until=over)
    page = text(client.get(link(order)))
    assert "12 minutes late. The kitchen is still at it." in page


def test_the_courier_is_shown_only_on_the_way_by_first_name_and_vehicle(client: Client, shop: Restaurant) -> None:
    waiting = world.order(shop, "cola")
    assert client.get(link(waiting, "where/")).json()["courier"] is None
    order = on_the_way(shop)
    page = text(client.get(link(order)))
    assert "On the way with Max" in page
    assert "Mustermann" not in page
    assert "by bicycle" in page
    where = client.get(link(order, "where/")).json()
    assert where["courier"] == [shop.lat, shop.lon]
    assert where["path"][-1] == [order.lat, order.lon]
    orders.deliver_order(order_id=order.pk, by="tests")
    assert client.get(link(order, "where/")).json()["courier"] is None
    assert "Max" not in text(client.get(link(order)))


@pytest.mark.parametrize(
    ("tender", "ends", "words"),
    [
        ("card", "reject", "You pay nothing: the €12.40 reserved on your card are released."),
        ("card", "cancel", "You pay nothing: the €12.40 reserved on your card are released."),
        ("cash", "reject", "You pay nothing."),
        ("card", "fail", "You get all your money back: €12.40, to the same card."),
        ("card", "deliver", "Paid by card: €12.40."),
        ("cash", "", "You pay €12.40 in cash at the door."),
        ("card", "", "€12.40 are reserved on your card and taken when the food is at your door."),
    ],
)
def test_each_end_says_what_becomes_of_the_money(
    client: Client, shop: Restaurant, tender: str, ends: str, words: str
) -> None:
    order = world.order(shop, tender=Tender.Kind(tender))
    if ends == "reject":
        orders.reject_order(order_id=order.pk, by="tests", reason="closing")
    elif ends == "cancel":
        orders.cancel_order(order_id=order.pk, by="tests", reason="customer", borne_by=Bearer.PLATFORM)
    elif ends in ("fail", "deliver"):
        orders.accept_order(order_id=order.pk, by="tests")
        orders.pick_up_order(order_id=order.pk, by="tests")
    if ends == "deliver":
        orders.deliver_order(order_id=order.pk, by="tests")
    elif ends == "fail":
        orders.fail_order(order_id=order.pk, by="tests", reason="nobody")
    page = text(client.get(link(order)))
    assert words in page
    assert ("The kitchen is closing." in page) == (ends == "reject")


def test_a_link_ends_a_week_after_its_order(client: Client, shop: Restaurant) -> None:
    order = world.order(shop)
    orders.reject_order(order_id=order.pk, by="tests", reason="busy")
    assert client.get(link(order)).status_code == 200
    Order.objects.filter(pk=order.pk).update(closed_at=clock.now() - timedelta(days=7, minutes=1))
    for more in ("", "now/", "where/", "help/"):
        assert client.get(link(order, more)).status_code == 404
    assert client.post(link(order, "again/")).status_code == 404


def test_a_question_reaches_a_person_once(client: Client, shop: Restaurant) -> None:
    order = world.order(shop, customer_phone="+33612345678")
    assert "It takes too long" in text(client.get(link(order, "help/")))
    said = {"idempotency_key": "k1", "about": "late"}
    assert client.post(link(order, "help/"), said).status_code == 302
    client.post(link(order, "help/"), said | {"idempotency_key": "k2", "about": "other"})
    alarm = Alarm.objects.get(kind=ASKED)
    assert alarm.detail == {"number": order.number, "reason": "late"}
    page = text(client.get(link(order, "help/")))
    assert "We have your question" in page
    assert "We call you at …5678" in page
    assert "612345678" not in page
    assert client.post(link(order, "help/"), {"idempotency_key": "k3", "about": "<b>"}).status_code == 400


def test_the_same_again_takes_what_the_menu_still_has(client: Client, shop: Restaurant) -> None:
    pizza = product(shop)
    size = NewGroup("Size", [NewOption("Small"), NewOption("Large", 250)], fewest=1, most=1)
    restaurants.add_choices(product_id=pizza.pk, choices=[size], by="tests")
    plain = world.basket(shop, "margherita", "cola", "regina")
    large = str(Option.objects.get(name="Large").public_id)
    lines = [plain.lines[0].__class__(plain.lines[0].product, 2, "hot", [large]), *plain.lines[1:]]
    order = world.order(
        shop, wants=plain.__class__(restaurant=plain.restaurant, lines=lines, destination=plain.destination)
    )
    Product.objects.filter(restaurant=shop, name="regina").update(is_active=False)
    led = client.post(link(order, "again/"))
    assert led["Location"] == f"/restaurants/{shop.slug}/#basket"
    page = text(client.get(led["Location"]))
    assert "No longer on the menu like this: regina." in page
    assert "Large · hot" in page
    assert "3 items" in page
    replace_option(option_id=Option.objects.get(name="Large").pk, by="tests", replacement=None)
    client.post(link(order, "again/"))
    assert "margherita" in text(client.get(led["Location"])).split("No longer on the menu like this:")[1]


def test_names_and_notes_are_written_out_and_never_run(client: Client, shop: Restaurant) -> None:
    evil = "<img src=x onerror=alert(1)>"
    Restaurant.objects.filter(pk=shop.pk).update(name=evil)
    Product.objects.filter(restaurant=shop).update(name=evil, description=evil)
    order = world.order(Restaurant.objects.get(pk=shop.pk), evil, note=evil, allergies=evil)
    Order.objects.filter(pk=order.pk).update(customer_name=evil, customer_phone=evil[:16])
    for path in (link(order), link(order, "help/"), f"/restaurants/{shop.slug}/"):
        page = client.get(path).content.decode()
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
