"""`/control-room/`: what is due, who carries it, what asks for a person; by click, by drag and by keys."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from delivery.accounts.models import Account
from delivery.cities.models import Membership
from delivery.orders.models import Order
from dispatch.desk.models import Alarm, LogEntry
from dispatch.desk.services import ORDER_WITHOUT_DELIVERER, Question, open_alarms
from dispatch.fleet.models import Deliverer
from dispatch.selectors import live_route_of
from dispatch.services.assign import assign_order
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.browser.shops import shop as shop
from tests.browser.visitors import sign_in
from tests.ground_relay import carry_all


@pytest.fixture
def ana(shop: Restaurant) -> Account:
    account = world.account("ana")
    Membership.objects.create(city=shop.city, account=account, role=Membership.Role.DISPATCHER)
    return account


@pytest.fixture
def room(site: str, ana: Account, page: Page) -> Page:
    """Signed in, at a desk; the map is away, as a test of its own opens it."""
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page.context, site, ana)
    return page


def enter(room: Page, site: str, query: str = "map=off") -> None:
    carry_all()
    room.goto(f"{site}/control-room/?{query}")
    expect(room.locator("html")).to_have_attribute("data-link", "live")
    expect(room.locator("[data-loading]")).to_have_count(0)


def row_of(room: Page, order: Order) -> Locator:
    return room.locator("#orders").get_by_role("row").filter(has_text=order.number)


def person(room: Page, name: str) -> Locator:
    return room.locator("#people").get_by_role("row").filter(has_text=name)


def holds(deliverer: Deliverer, *orders: Order) -> bool:
    route = live_route_of(deliverer.pk)
    return {stop.order_id for stop in route.stops.all()} == {each.pk for each in orders} if route else not orders


def ask(shop: Restaurant, order: Order) -> Alarm:
    question = Question(
        city_id=shop.city_id,
        kind=ORDER_WITHOUT_DELIVERER,
        subject=f"order:{order.public_id}",
        detail={"number": order.number, "why": "no_deliverer"},
    )
    [alarm] = open_alarms([question])
    return alarm


def test_what_happens_appears_without_fetching_the_page_again(room: Page, site: str, shop: Restaurant) -> None:
    fw.deliverer(shop.city, "max")
    enter(room, site)
    expect(room.get_by_text("The first one appears here by itself.")).to_be_visible()
    asked: list[str] = []
    room.on("request", lambda request: asked.append(request.url) if "text/html" in request.headers["accept"] else None)
    order = fw.waiting_order(shop)
    carry_all()
    expect(row_of(room, order)).to_contain_text("Pizzeria")
    expect(row_of(room, order)).to_contain_text("2 rue du Nord")
    expect(room.locator("#n-open")).to_have_text("1")
    expect(room.locator("#n-unassigned")).to_have_text("1")
    expect(room.locator("#n-people")).to_have_text("1 / 1")
    fw.cancel(order)
    carry_all()
    expect(row_of(room, order)).to_have_count(0)
    assert asked == []


def test_the_most_urgent_order_is_first_and_can_be_found(room: Page, site: str, shop: Restaurant) -> None:
    calm, urgent = fw.waiting_order(shop), fw.waiting_order(shop)
    Order.objects.filter(pk=urgent.pk).update(promised_until=urgent.placed_at)
    enter(room, site)
    numbers = room.locator("#orders .due b[data-p=number]")
    expect(numbers).to_have_text([urgent.number, calm.number])
    expect(row_of(room, urgent)).to_contain_text("LATE")
    room.keyboard.press("/")
    room.keyboard.type(calm.number)
    expect(numbers).to_have_text([calm.number])
    assert f"find={calm.number}" in room.url
    room.reload()
    expect(numbers).to_have_text([calm.number])


def test_an_order_is_given_by_click_and_the_suggestion_says_why(room: Page, site: str, shop: Restaurant) -> None:
    order, max_ = fw.waiting_order(shop), fw.deliverer(shop.city, "max")
    enter(room, site)
    row_of(room, order).click()
    expect(row_of(room, order)).to_contain_text("Nearest free, 0 min to the counter. Keeps")
    row_of(room, order).get_by_role("button", name="Assign Max").click()
    expect(room.locator("#toasts")).to_contain_text(f"{order.number} given to Max")
    assert holds(max_, order)
    carry_all()
    expect(person(room, "Max")).to_contain_text(order.number)
    assert f"order={order.public_id}" in room.url


def test_by_keys_alone_given_taken_back_and_undone(room: Page, site: str, shop: Restaurant, ana: Account) -> None:
    order = fw.waiting_order(shop)
    max_, eve = fw.deliverer(shop.city, "max"), fw.deliverer(shop.city, "eve")
    enter(room, site)
    room.keyboard.press("j")
    expect(row_of(room, order)).to_be_focused()
    room.keyboard.press("a")
    room.keyboard.type("ev")
    expect(room.get_by_role("option")).to_have_count(1)
    room.keyboard.press("Enter")
    expect(room.locator("#toasts")).to_contain_text("given to Eve")
    carry_all()
    assert holds(eve, order)
    expect(person(room, "Eve")).to_contain_text(order.number)
    room.keyboard.press("u")
    expect(room.locator("#toasts")).to_contain_text("taken from Eve")
    carry_all()
    assert holds(eve)
    room.keyboard.press("z")
    expect(room.locator("#toasts")).to_contain_text("Undone")
    assert holds(eve, order)
    assert holds(max_)
    kinds = list(LogEntry.objects.order_by("pk").values_list("kind", "author__name"))
    assert kinds == [("assigned", "Ana"), ("unassigned", "Ana"), ("assigned", "Ana")]


@pytest.mark.parametrize("what", ["order", "deliverer"])
def test_by_drag_in_both_directions(room: Page, site: str, shop: Restaurant, what: str) -> None:
    order, max_ = fw.waiting_order(shop), fw.deliverer(shop.city, "max")
    fw.deliverer(shop.city, "eve")
    enter(room, site)
    here, there = row_of(room, order), person(room, "Max")
    (here if what == "order" else there).drag_to(there if what == "order" else here)
    expect(room.locator("#toasts")).to_contain_text("given to Max")
    assert holds(max_, order)


def test_who_was_faster_is_shown_beside_what_was_wanted(room: Page, site: str, shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    max_, eve = fw.deliverer(shop.city, "max"), fw.deliverer(shop.city, "eve")
    marc = world.account("marc")
    enter(room, site)
    assign_order(order_id=order.pk, deliverer_id=eve.pk, by=f"account:{marc.public_id}")  # the screen has not heard it
    row_of(room, order).click()
    room.keyboard.press("a")
    room.keyboard.type("max")
    room.keyboard.press("Enter")
    conflict = room.get_by_role("dialog", name="Somebody else was faster")
    expect(conflict).to_contain_text(f"{order.number} → Max")
    expect(conflict).to_contain_text(f"{order.number} → Eve")
    expect(conflict).to_contain_text("Marc")
    assert holds(eve, order)
    conflict.get_by_role("button", name="Give it to Max").click()
    expect(room.locator("#toasts")).to_contain_text("given to Max")
    assert holds(max_, order)


def test_a_refusal_rolls_back_and_says_why(room: Page, site: str, shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    fw.deliverer(shop.city, "max")
    enter(room, site)
    row_of(room, order).click()
    expect(row_of(room, order)).to_contain_text("Nearest free")
    fw.cancel(order)
    room.keyboard.press("Enter")
    expect(room.get_by_role("alert")).to_contain_text("The order cannot be given to a deliverer now")
    expect(row_of(room, order)).not_to_contain_text("saving")


def test_an_alarm_is_taken_snoozed_handed_over_and_closed(
    room: Page, site: str, shop: Restaurant, ana: Account
) -> None:
    marc = world.account("marc")
    Membership.objects.create(city=shop.city, account=marc, role=Membership.Role.DISPATCHER)
    alarm = ask(shop, fw.waiting_order(shop))
    enter(room, site)
    card = room.get_by_role("article").filter(has_text="Nobody carries")
    expect(card).to_contain_text("nobody is on shift")
    expect(card).to_contain_text("asked: Ana")
    card.get_by_role("button", name="I am on it").click()
    expect(room.locator("#toasts")).to_contain_text("You are on it")
    carry_all()
    expect(card).to_contain_text("Ana (you)")
    expect(room.locator("#log")).to_contain_text("Ana took the alarm: Nobody carries")
    card.get_by_text("Snooze…").click()
    card.get_by_role("button", name="10 min").click()
    expect(room.locator("#toasts")).to_contain_text("Snoozed")
    carry_all()
    expect(card).to_contain_text("until")
    card.locator("summary[aria-label='Hand over, close']").click()
    card.get_by_role("button", name="Marc").click()
    expect(room.locator("#toasts")).to_contain_text("Handed to Marc")
    carry_all()
    expect(card.locator("[data-p=until]")).to_be_hidden()
    alarm.refresh_from_db()
    assert alarm.owner == marc
    card.locator("summary[aria-label='Hand over, close']").click()
    card.get_by_role("button", name="Called, they know").click()
    expect(room.locator("#toasts")).to_contain_text("Closed")
    carry_all()
    expect(card).to_have_count(0)
    alarm.refresh_from_db()
    assert alarm.close_reason == "called"


def test_a_note_and_the_switch_of_the_planner_are_in_the_logbook(room: Page, site: str, shop: Restaurant) -> None:
    enter(room, site)
    room.keyboard.press("n")
    room.get_by_label("What should the next one know?").fill("Rain: everybody is slower")
    room.get_by_role("button", name="Note it").click()
    expect(room.locator("#toasts")).to_contain_text("Noted")
    room.get_by_text("Switch off…").click()
    room.locator("#by-hand").get_by_role("button", name="30 min").click()
    expect(room.locator("#toasts")).to_contain_text("switched auto-assign off")
    carry_all()
    expect(room.locator("#log")).to_contain_text("Ana Rain: everybody is slower")
    expect(room.locator("#by-hand")).to_contain_text(re.compile(r"Auto-assign: off to \d\d:\d\d, Ana"))
    room.get_by_role("button", name="Switch on").click()
    expect(room.locator("#toasts")).to_contain_text("switched auto-assign on")
    carry_all()
    expect(room.locator("#by-hand")).to_contain_text("Auto-assign: on")


def test_an_orders_pane_tells_its_life_and_back_closes_it(room: Page, site: str, shop: Restaurant) -> None:
    order = fw.waiting_order(shop)
    fw.deliverer(shop.city, "max")
    enter(room, site)
    row_of(room, order).click()
    room.keyboard.press("o")
    pane = room.get_by_role("complementary", name="Details")
    expect(pane).to_contain_text("Its life")
    expect(pane).to_contain_text("Placed")
    expect(pane).to_contain_text("Max")
    room.go_back()
    expect(pane).to_be_hidden()
    expect(row_of(room, order)).to_have_attribute("aria-selected", "true")
    room.go_back()
    expect(row_of(room, order)).to_have_attribute("aria-selected", "false")


def test_help_lists_every_key_and_the_map_hides(room: Page, site: str, shop: Restaurant) -> None:
    enter(room, site)
    room.keyboard.press("?")
    dialog = room.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("choose who carries it")
    room.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(room.locator("#mapbox")).to_be_hidden()
    room.keyboard.press("m")
    expect(room.locator("#mapbox")).to_be_visible()
    expect(room.locator("[data-map]")).to_have_attribute("data-map-state", re.compile("open|bare"), timeout=20_000)


def test_another_city_is_not_shown(room: Page, site: str) -> None:
    kumo = world.pizzeria("kumo")
    order = fw.waiting_order(kumo)
    enter(room, site)
    expect(room.locator("#orders")).not_to_contain_text(order.number)
    for name in ("", "hints/", "positions/"):
        assert room.request.get(f"{site}/control-room/{name}?city={kumo.city.public_id}").status == 404
    assert room.request.get(f"{site}/control-room/orders/{order.public_id}/").status == 404


def test_a_lever_is_pulled_with_an_end_and_ended(room: Page, site: str, shop: Restaurant) -> None:
    enter(room, site)
    room.get_by_role("button", name="Pull one").click()
    room.get_by_label("How much").fill("12")
    room.get_by_role("button", name="Pull it").click()
    expect(room.locator("#toasts")).to_contain_text("Lever pulled")
    carry_all()
    expect(room.locator("#levers")).to_contain_text("Whole city: rush, +12 min")
    expect(room.locator("#levers")).to_contain_text("Ana since")
    expect(room.locator("#log")).to_contain_text("Ana pulled a lever: Whole city: rush, +12 min")
    room.locator("#levers").get_by_role("button", name="End").click()
    expect(room.locator("#toasts")).to_contain_text("Lever ended")
    carry_all()
    expect(room.locator("#levers .lever")).to_have_count(0)
