"""`/phone/` in a hand: three languages, a thumb, a keyboard, a magnifier; the slide, the pad, the camera."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image
from playwright.sync_api import Page, expect

from delivery.accounts.models import Account
from delivery.orders.models import Order
from dispatch.desk.models import Alarm
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer
from dispatch.models import DoorRule, Photo
from dispatch.selectors import handover_pin
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests.browser.axe import violations
from tests.browser.phones import HERE, PIXEL_7, SMALL, bring, on_a_route, press, stop_of
from tests.browser.shops import max_ as max_
from tests.browser.shops import shop as shop
from tests.browser.targets import too_small
from tests.browser.visitors import sign_in, wait_until_live
from tests.browser.zoom import broken_layout, zoomed
from tests.speech import english_in

pytestmark = pytest.mark.browser_context_args(**PIXEL_7, **HERE)
HAND_PX = 55


@pytest.fixture
def phone(site: str, max_: Deliverer, page: Page) -> Page:
    sign_in(page.context, site, max_.account)
    return page


@pytest.fixture(params=["fr", "es"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


def opened(phone: Page, site: str) -> Page:
    phone.goto(f"{site}/phone/")
    wait_until_live(phone)
    return phone


def dark_photo() -> bytes:
    out = BytesIO()
    Image.effect_noise((3000, 2000), 120).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def test_a_whole_shift_in_another_language(
    phone: Page, site: str, shop: Restaurant, max_: Deliverer, language: str
) -> None:
    """From the start of the shift to the earnings, with a wrong code on the way."""
    fleet.end_shift(deliverer_id=max_.pk, by="tests")
    DoorRule.objects.create(city=shop.city, pin="required")
    order = fw.waiting_order(shop)
    Account.objects.filter(pk=max_.account_id).update(language=language)
    opened(phone, site)
    assert _("Start shift") != "Start shift"
    phone.get_by_role("button", name=_("Start shift")).click()
    expect(phone.get_by_role("heading", name=_("Waiting for an offer"))).to_be_visible()
    fw.offer(Deliverer.objects.get(pk=max_.pk), order)
    opened(phone, site)
    expect(phone.locator(".pay")).to_have_text("4,00\u00a0€")
    assert english_in(phone.content(), language) == []
    phone.get_by_role("button", name=_("Accept")).click()
    press(phone, _("Slide: I have arrived"))
    press(phone, _("Slide: %(number)s picked up") % {"number": order.number})
    expect(phone.get_by_role("heading", name="2 rue du Nord")).to_be_visible()
    press(phone, _("Slide: I have arrived"))
    wrong = f"{(int(handover_pin(order)) + 1) % 10_000:04d}"
    type_code(phone, wrong)
    phone.get_by_role("button", name=_("Delivered")).click()
    said = phone.get_by_role("alert").filter(has_text=_("This code is wrong."))
    assert english_in(phone.content(), language) == []
    expect(said).to_contain_text("4")
    phone.get_by_role("button", name=_("Clear the code")).click()
    type_code(phone, handover_pin(order))
    phone.get_by_role("button", name=_("Delivered")).click()
    expect(phone.get_by_role("heading", name=_("Waiting for an offer"))).to_be_visible()
    expect(phone.locator("#earned")).to_contain_text("4,00")
    assert stop_of(order).proof == "pin"
    assert phone.locator("html").get_attribute("lang") == language
    assert english_in(phone.content(), language) == []


def type_code(phone: Page, code: str) -> None:
    for digit in code:
        phone.locator(f"[data-pad] button[value='{digit}']").click()


def small(phone: Page) -> list[str]:
    """The licence of the map is a link that nobody presses on the road."""
    return [line for line in too_small(phone, HAND_PX) if "openstreetmap.org/copyright" not in line]


def settled(phone: Page) -> None:
    """The answer is there and the card is drawn again: what is held now stays."""
    expect(phone.locator("[data-stop].is-saving")).to_have_count(0)
    phone.wait_for_timeout(1_500)


def test_every_state_is_clean_large_and_whole(phone: Page, site: str, shop: Restaurant, max_: Deliverer) -> None:
    """axe, targets of a hand, 360 pixels, 200 %: off shift, waiting, an offer, the way, the door, help."""
    broken: dict[str, list[str]] = {}

    def look(state: str) -> None:
        phone.wait_for_timeout(400)  # what moves has come to rest: axe judges colours as they are
        found = violations(phone, without=("[data-map-canvas]",)) + small(phone)
        size = phone.viewport_size
        phone.set_viewport_size(SMALL)
        found += broken_layout(phone) + small(phone)
        with zoomed(phone):
            found += broken_layout(phone)
        phone.set_viewport_size(size)  # type: ignore[arg-type]
        if found:
            broken[state] = sorted(set(found))

    fleet.end_shift(deliverer_id=max_.pk, by="tests")
    opened(phone, site)
    look("off shift")
    phone.get_by_role("button", name="Start shift").click()
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
    look("waiting")
    phone.locator("#help > summary").click()
    look("help")
    orders = [fw.waiting_order(shop), fw.waiting_order(shop)]
    Order.objects.update(
        customer_phone="+33612345678", door_code="22A9", floor="4", allergies="peanuts, and everything near them"
    )
    fw.offer(Deliverer.objects.get(pk=max_.pk), *orders)
    opened(phone, site)
    look("offer")
    phone.get_by_role("button", name="Accept").click()
    expect(phone.get_by_role("heading", name="Pizzeria")).to_be_visible()
    look("pickup")
    press(phone, "Slide: I have arrived")
    for order in orders:
        press(phone, f"Slide: {order.number} picked up")
    expect(phone.get_by_role("heading", name="2 rue du Nord").locator("visible=true")).to_have_count(1)
    look("way")
    press(phone, "Slide: I have arrived")
    expect(phone.get_by_role("heading", name=f"Hand over {orders[0].number}")).to_be_visible()
    look("door")
    phone.get_by_role("button", name="Nobody answers: start 5 min").click()
    expect(phone.get_by_text("Nobody answers. Ring, call, wait.")).to_be_visible()
    look("nobody answers")
    assert not broken, "\n".join(f"{state}: {line}" for state, lines in broken.items() for line in lines)


def test_sign_in_is_clean_and_large(page: Page, site: str) -> None:
    page.goto(f"{site}/phone/sign-in/")
    assert violations(page) == []
    assert too_small(page, 48) == []
    with zoomed(page):
        assert broken_layout(page) == []


def test_keys_alone_bring_an_order(phone: Page, site: str, shop: Restaurant, max_: Deliverer) -> None:
    """Tab and Enter, digits typed: nothing needs a gesture."""
    DoorRule.objects.create(city=shop.city, pin="required")
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    opened(phone, site)

    def tab_to(name: str) -> None:
        for _step in range(30):
            phone.keyboard.press("Tab")
            if phone.evaluate("document.activeElement.getAttribute('aria-label')") == name:
                return
        raise AssertionError(f"no way to {name}")

    for name in ("Slide: I have arrived", f"Slide: {order.number} picked up", "Slide: I have arrived"):
        expect(phone.get_by_role("button", name=name)).to_be_visible()
        settled(phone)
        tab_to(name)
        phone.keyboard.press("Enter")
    pin = phone.get_by_label("Ask for the four-digit code.")
    expect(pin).to_be_visible()
    pin.focus()
    phone.keyboard.type(handover_pin(order))
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()


def test_the_slide_wants_the_whole_way_or_a_long_press(
    phone: Page, site: str, shop: Restaurant, max_: Deliverer
) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    opened(phone, site)
    slide = phone.locator("[data-slide]").locator("visible=true")
    knob = slide.get_by_role("button")
    box = knob.bounding_box()
    whole = slide.bounding_box()
    assert box is not None
    assert whole is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    knob.click()
    phone.mouse.move(x, y)
    phone.mouse.down()
    phone.mouse.move(x + whole["width"] * 0.4, y, steps=5)
    phone.mouse.up()
    phone.wait_for_timeout(600)  # it glides back
    assert stop_of(order, "pickup").status == "pending"
    phone.mouse.move(x, y)
    phone.mouse.down()
    phone.mouse.move(whole["x"] + whole["width"] - 8, y, steps=8)
    phone.mouse.up()
    next_one = phone.get_by_role("button", name=f"Slide: {order.number} picked up")
    expect(next_one).to_be_visible()
    settled(phone)
    assert stop_of(order, "pickup").status == "arrived"
    next_one.hover()
    phone.mouse.down()
    expect(phone.get_by_role("heading", name="2 rue du Nord")).to_be_visible()
    phone.mouse.up()
    assert stop_of(order, "pickup").status == "done"


def test_a_photo_is_made_small_on_the_phone(
    phone: Page, site: str, shop: Restaurant, max_: Deliverer, tmp_path: Path
) -> None:
    order = fw.waiting_order(shop)
    on_a_route(max_, order)
    bring(max_, order)
    opened(phone, site)
    phone.get_by_label("Left at the door").check()
    press(phone, "Delivered")
    expect(phone.get_by_role("alert").filter(has_text="Take a photo first.")).to_be_visible()
    camera = dark_photo()
    assert len(camera) > 1_000_000
    phone.locator("input[name=photo]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": camera})
    expect(phone.locator("[data-shot]")).to_be_visible()
    with phone.expect_request("**/complete/") as sent:
        phone.get_by_role("button", name="Delivered").click()
    body = sent.value.post_data_buffer
    assert body is None or len(body) < 205_000
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
    assert stop_of(order).proof == "left"
    kept = Photo.objects.get(stop__order=order)
    assert kept.image.size <= 200_000
    kept.image.delete()


def test_help_is_one_tap_away_and_says_who_knows(phone: Page, site: str, max_: Deliverer) -> None:
    opened(phone, site)
    phone.locator("#help > summary").click()
    phone.get_by_role("button", name="My vehicle has broken down").click()
    expect(phone.get_by_text("The dispatcher has been told and will call you.")).to_be_visible()
    assert Alarm.objects.get().kind == "deliverer_asks"


def test_a_break_and_back(phone: Page, site: str, max_: Deliverer) -> None:
    opened(phone, site)
    phone.get_by_role("button", name="Break").click()
    expect(phone.get_by_role("heading", name="You have a break")).to_be_visible()
    phone.get_by_role("button", name="I am back").click()
    expect(phone.get_by_text("Waiting for an offer")).to_be_visible()
