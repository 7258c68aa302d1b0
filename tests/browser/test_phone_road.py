"""`/phone/` on the road: no link, a dead server, answers that get lost, changes by others, and where the phone is."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from delivery.ground import clock
from delivery.ground.outbox.models import EventRow
from dispatch.fleet.models import Deliverer, Position
from dispatch.services.assign import assign_order
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests.browser.conftest import Running, free_port, wait_until_open
from tests.browser.phones import HERE, PIXEL_7, bring, expect_kept, fetch, on_a_route, press, stop_of
from tests.browser.shops import max_ as max_
from tests.browser.shops import shop as shop
from tests.browser.visitors import sign_in, wait_until_live
from tests.ground_relay import carry_all

pytestmark = pytest.mark.browser_context_args(**PIXEL_7, **HERE)
RECKONED = timedelta(seconds=0.5)


@pytest.fixture
def open_phone(site: str, max_: Deliverer, context: BrowserContext) -> Callable[[], Page]:
    sign_in(context, site, max_.account)

    def open_it() -> Page:
        screen = context.new_page()
        screen.goto(f"{site}/phone/")
        wait_until_live(screen)
        return screen

    return open_it


def facts(kind: str) -> int:
    return EventRow.objects.filter(kind=kind).count()


def test_acts_without_a_link_wait_and_keep_their_time(
    open_phone: Callable[[], Page], shop: Restaurant, max_: Deliverer, context: BrowserContext
) -> None:
    """The phone goes on, survives being closed, and sends all of it once, with the times of the taps."""
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    phone = open_phone()
    context.set_offline(True)
    before = clock.now()
    press(phone, "Slide: I have arrived")
    expect_kept(phone, 1)
    press(phone, f"Slide: {order.number} picked up")
    expect(phone.get_by_role("heading", name="2 rue du Nord")).to_be_visible()
    expect_kept(phone, 2)
    after = clock.now()
    assert stop_of(order, "pickup").status == "pending"
    phone.close()
    context.set_offline(False)
    again = open_phone()
    expect_kept(again, 0)
    expect(again.get_by_role("heading", name="2 rue du Nord")).to_be_visible()
    stop = stop_of(order, "pickup")
    assert stop.arrived_at is not None
    assert stop.done_at is not None
    # A phone reckons in the server's time, which it knows to half the way there and back.
    assert before - RECKONED <= stop.arrived_at < stop.done_at <= after + RECKONED
    assert (facts("StopArrived"), facts("StopCompleted")) == (1, 1)


@pytest.mark.browser_context_args(**PIXEL_7, **HERE, service_workers="allow")
def test_a_page_that_is_loaded_without_a_link_goes_on(
    open_phone: Callable[[], Page], shop: Restaurant, max_: Deliverer, context: BrowserContext
) -> None:
    """From what was last shown, with the acts that are kept, and it says so; with the link the truth comes back."""
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    phone = open_phone()
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()  # the worker keeps the shell from the second visit on
    wait_until_live(phone)
    assert phone.evaluate("navigator.serviceWorker.controller !== null")
    context.set_offline(True)
    press(phone, "Slide: I have arrived")
    expect_kept(phone, 1)
    phone.reload()
    expect(phone.get_by_text("This is how it was at")).to_be_visible()
    expect_kept(phone, 1)
    press(phone, f"Slide: {order.number} picked up")
    expect(phone.get_by_role("heading", name="2 rue du Nord")).to_be_visible(timeout=15_000)
    expect_kept(phone, 2)
    context.set_offline(False)
    expect_kept(phone, 0)
    expect(phone.get_by_text("This is how it was at")).to_be_hidden()
    assert stop_of(order, "pickup").status == "done"
    assert (facts("StopArrived"), facts("StopCompleted")) == (1, 1)


def test_all_stops_may_be_done_without_a_link(
    open_phone: Callable[[], Page], shop: Restaurant, max_: Deliverer, context: BrowserContext
) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    bring(max_, order)
    phone = open_phone()
    context.set_offline(True)
    phone.get_by_role("button", name="Delivered").click()
    expect(phone.get_by_text("Everything is done here")).to_be_visible(timeout=15_000)
    context.set_offline(False)
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible(timeout=20_000)
    order.refresh_from_db()
    assert order.status == "delivered"


def test_an_answer_that_is_lost_counts_once(
    open_phone: Callable[[], Page], shop: Restaurant, max_: Deliverer, context: BrowserContext
) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    phone = open_phone()
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().text())
            route.abort("internetdisconnected")
        else:
            route.continue_()

    context.route("**/arrive/", lose_the_first)
    press(phone, "Slide: I have arrived")
    expect_kept(phone, 1)
    expect_kept(phone, 0)
    expect(phone.get_by_role("button", name=f"Slide: {order.number} picked up")).to_be_visible()
    assert (len(lost), facts("StopArrived")) == (1, 1)


def test_a_killed_server_delays_and_loses_nothing(
    daphne: object, transactional_db: None, tmp_path: Path, shop: Restaurant, max_: Deliverer, context: BrowserContext
) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    port = free_port()
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "delivery.asgi:application"]
    here = f"http://127.0.0.1:{port}"
    phone = context.new_page()
    with Running(command, tmp_path / "first") as first:
        wait_until_open(first, port, tmp_path / "first")
        sign_in(context, here, max_.account)
        phone.goto(f"{here}/phone/")
        wait_until_live(phone)
        first.kill()
        first.wait()
        press(phone, "Slide: I have arrived")
        expect_kept(phone, 1)
    with Running(command, tmp_path / "second") as second:
        wait_until_open(second, port, tmp_path / "second")
        expect_kept(phone, 0)
        expect(phone.get_by_role("button", name=f"Slide: {order.number} picked up")).to_be_visible()
        assert stop_of(order, "pickup").status == "arrived"
        phone.close()
        quit_(second)


def quit_(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(10)


def test_what_was_taken_away_meanwhile_is_explained(
    open_phone: Callable[[], Page], shop: Restaurant, max_: Deliverer, context: BrowserContext
) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    eve = fw.deliverer(shop.city, "eve")
    phone = open_phone()
    context.set_offline(True)
    press(phone, "Slide: I have arrived")
    expect_kept(phone, 1)
    assign_order(order_id=order.pk, deliverer_id=eve.pk, by="dora")
    carry_all()
    context.set_offline(False)
    told = phone.get_by_role("alert").filter(has_text="This stop is no longer on your route.")
    expect(told).to_contain_text(f"{order.number}, Arrived", timeout=20_000)
    expect(phone.get_by_role("heading", name="Your route has changed")).to_be_visible()
    phone.get_by_role("button", name="I have read this").first.click()
    expect(phone.get_by_role("heading", name="Your route has changed")).to_be_hidden()
    told.get_by_role("button", name="I have read this").click()
    expect(told).to_have_count(0)
    phone.reload()
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
    expect(told).to_have_count(0)


def test_an_order_called_off_while_the_link_was_away(
    open_phone: Callable[[], Page], shop: Restaurant, max_: Deliverer, context: BrowserContext
) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    phone = open_phone()
    context.set_offline(True)
    press(phone, "Slide: I have arrived")
    expect_kept(phone, 1)
    fw.cancel(order)
    relay = carry_all()
    fw.fire_duties()
    carry_all(relay)
    context.set_offline(False)
    expect(phone.get_by_text("was called off. Do not bring it.")).to_be_visible(timeout=20_000)
    expect(phone.get_by_role("alert").filter(has_text="Ask the dispatcher")).to_be_visible()


def test_a_change_by_the_dispatcher_is_read_before_it_goes(
    open_phone: Callable[[], Page], shop: Restaurant, max_: Deliverer
) -> None:
    first, second = fw.waiting_order(shop), fw.waiting_order(shop)
    on_a_route(max_, first)
    fetch(max_, first)
    phone = open_phone()
    assign_order(order_id=second.pk, deliverer_id=max_.pk, by="dora")
    carry_all()
    expect(phone.get_by_text(f"{second.number} from Pizzeria is yours now.")).to_be_visible(timeout=20_000)
    phone.reload()
    phone.get_by_role("button", name="I have read this").click()
    expect(phone.get_by_text("is yours now.")).to_have_count(0)
    expect(phone.get_by_text(f"pick up {second.number}, bag 2")).to_be_visible()


def test_its_place_is_sent_on_shift_with_its_accuracy(
    open_phone: Callable[[], Page], shop: Restaurant, max_: Deliverer
) -> None:
    Position.objects.all().delete()
    phone = open_phone()
    with phone.expect_response("**/api/v1/positions", timeout=15_000) as sent:
        phone.context.set_geolocation({"latitude": 43.6901, "longitude": 4.64, "accuracy": 7})
    assert sent.value.status == 204
    place = Position.objects.get(deliverer=max_)
    assert place.accuracy_m in (7, 12)
    expect(phone.get_by_text("Your place is sent while this screen is lit.")).to_be_visible()


@pytest.mark.browser_context_args(**PIXEL_7, permissions=[])
def test_a_phone_that_may_not_ask_for_its_place_says_so(open_phone: Callable[[], Page], max_: Deliverer) -> None:
    phone = open_phone()
    expect(phone.get_by_text("Your place is not sent: this page may not ask for it.")).to_be_visible()


def test_nothing_is_sent_off_shift(open_phone: Callable[[], Page], max_: Deliverer) -> None:
    phone = open_phone()
    phone.get_by_role("button", name="Stop shift").click()
    expect(phone.get_by_text("You are off shift")).to_be_visible()
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.context.set_geolocation({"latitude": 43.7, "longitude": 4.7, "accuracy": 7})
    phone.wait_for_timeout(6_000)  # longer than the beat of the watch
    assert [url for url in asked if "positions" in url] == []
    assert not Position.objects.filter(deliverer=max_).exists()
