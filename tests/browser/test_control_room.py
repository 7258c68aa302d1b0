"""`/control-room/`: what is due, who carries it, what asks for a person; with scripts and without."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from delivery.accounts.models import Account
from delivery.cities.models import Membership
from delivery.orders.models import Order
from dispatch.desk.models import Alarm
from dispatch.desk.services import ORDER_WITHOUT_DELIVERER, Question, open_alarms
from dispatch.selectors import live_route_of
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.browser.visitors import sign_in, wait_until_live


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def ana(shop: Restaurant) -> Account:
    account = world.account("ana")
    Membership.objects.create(city=shop.city, account=account, role=Membership.Role.DISPATCHER)
    return account


@pytest.fixture(params=["scripts", "plain"])
def room(request: pytest.FixtureRequest, site: str, ana: Account, plain: BrowserContext, page: Page) -> Page:
    screen = page if request.param == "scripts" else plain.new_page()
    sign_in(screen.context, site, ana)
    return screen


def ask(shop: Restaurant, order: Order) -> Alarm:
    question = Question(
        city_id=shop.city_id,
        kind=ORDER_WITHOUT_DELIVERER,
        subject=f"order:{order.public_id}",
        detail={"number": order.number, "why": "no_deliverer"},
    )
    [alarm] = open_alarms([question])
    return alarm


def test_an_order_is_given_to_a_deliverer(room: Page, site: str, shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    max_ = fw.deliverer(shop.city, "max")
    room.goto(f"{site}/control-room/?show=unassigned")
    row = room.get_by_role("article", name=f"Order {order.number}")
    row.locator("summary").click()
    row.get_by_label("Courier").select_option("Max")
    row.get_by_role("button", name="Assign").click()
    expect(room.get_by_text("No order fits.")).to_be_visible()
    expect(room.locator("#people")).to_contain_text(order.number)
    assert "show=unassigned" in room.url
    route = live_route_of(max_.pk)
    assert route is not None
    assert {stop.order_id for stop in route.stops.all()} == {order.pk}


def test_an_alarm_is_taken_and_closed(room: Page, site: str, shop: Restaurant, ana: Account) -> None:
    alarm = ask(shop, fw.waiting_order(shop))
    room.goto(f"{site}/control-room/")
    card = room.get_by_role("article", name="Nobody carries")
    expect(card).to_contain_text("nobody is on shift")
    card.get_by_role("button", name="I am on it").click()
    expect(card.get_by_role("button", name="I am on it")).to_have_count(0)
    alarm.refresh_from_db()
    assert alarm.owner == ana
    card.get_by_text("Close…").click()
    card.get_by_role("button", name="Called, they know").click()
    expect(room.get_by_text("Nothing asks for you.")).to_be_visible()
    alarm.refresh_from_db()
    assert alarm.close_reason == "called"


def test_an_order_that_is_gone_is_not_assigned(room: Page, site: str, shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    fw.deliverer(shop.city, "max")
    room.goto(f"{site}/control-room/")
    wait_until_live(room)
    row = room.get_by_role("article", name=f"Order {order.number}")
    row.locator("summary").click()
    fw.cancel(order)
    row.get_by_label("Courier").select_option("Max")
    row.get_by_role("button", name="Assign").click()
    expect(room.get_by_role("alert")).to_contain_text("The order cannot be given to a deliverer now")


def test_the_most_urgent_order_is_first_and_can_be_found(room: Page, site: str, shop: Restaurant) -> None:
    calm, urgent = fw.waiting_order(shop), world.order(shop)
    room.goto(f"{site}/control-room/")
    numbers = room.locator("#orders .due__what > b")
    expect(numbers).to_have_text([urgent.number, calm.number])
    room.get_by_role("searchbox").fill(calm.number)
    room.get_by_role("searchbox").press("Enter")
    expect(numbers).to_have_text([calm.number])


def test_another_city_is_not_shown(room: Page, site: str) -> None:
    kumo = world.pizzeria("kumo")
    order = world.order(kumo)
    room.goto(f"{site}/control-room/")
    expect(room.get_by_text("No order fits.")).to_be_visible()
    expect(room.locator("#orders")).not_to_contain_text(order.number)
    assert room.request.get(f"{site}/control-room/?city={kumo.city.public_id}").status == 404
