"""Every screen, in English and French: no rule of WCAG A and AA broken, nothing lost at 200 %."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from delivery.accounts.models import Account
from delivery.cities.models import Membership
from delivery.devices.models import Device, Kind
from delivery.orders.models import Order
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import fleet_world as fw
from tests import world
from tests.browser.axe import violations
from tests.browser.test_storefront import choose
from tests.browser.visitors import pair, sign_in, start_shift, wait_until_live
from tests.browser.zoom import broken_layout, zoomed

SETTLES_MS = 600
PHONE: Any = {"width": 390, "height": 844}
TABLET: Any = {"width": 1280, "height": 800}


@dataclass
class Stage:
    """A town of one pizzeria, and a browser that becomes whoever looks at it."""

    page: Page
    site: str

    @cached_property
    def shop(self) -> Restaurant:
        return world.pizzeria()

    @cached_property
    def boss(self) -> Account:
        account = world.account("boss")
        restaurants.give_role(restaurant=self.shop, account=account, role="restaurateur")
        return account

    def become(self, account: Account) -> None:
        sign_in(self.page.context, self.site, account)

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)

    def counter(self, kind: Kind, path: str) -> None:
        pair(self.page.context, self.site, self.shop, kind)
        self.open(path)
        if kind == Kind.LOBBY:
            start_shift(self.page)
        wait_until_live(self.page)


def welcome(stage: Stage) -> None:
    stage.open("/")


def shop(stage: Stage) -> None:
    choose(stage.page, stage.site, stage.shop)
    stage.open("/")


def menu(stage: Stage) -> None:
    choose(stage.page, stage.site, stage.shop)


def checkout(stage: Stage) -> None:
    choose(stage.page, stage.site, stage.shop)
    stage.open("/checkout/")


def tracking(stage: Stage) -> None:
    order = fw.waiting_order(stage.shop)
    fw.carried_by(order)
    stage.open(f"/track/{order.tracking_token}/")


def login(stage: Stage) -> None:
    stage.open("/accounts/login/")


def sign_up(stage: Stage) -> None:
    stage.open("/accounts/signup/")


def pairing(stage: Stage) -> None:
    stage.open("/lobby/pair/")


def phone_sign_in(stage: Stage) -> None:
    stage.open("/phone/sign-in/")


def nothing_there(stage: Stage) -> None:
    stage.open("/no/such/page/")


def no_network(stage: Stage) -> None:
    stage.open("/offline/")


def lobby_quiet(stage: Stage) -> None:
    stage.counter(Kind.LOBBY, "/lobby/")


def lobby_ringing(stage: Stage) -> None:
    _orders(stage)
    stage.counter(Kind.LOBBY, "/lobby/")


def kitchen(stage: Stage) -> None:
    _orders(stage)
    stage.counter(Kind.KITCHEN, "/kitchen/")


def phone_waiting(stage: Stage) -> None:
    stage.become(fw.deliverer(stage.shop.city).account)
    stage.open("/phone/")
    wait_until_live(stage.page)


def phone_offer(stage: Stage) -> None:
    person = fw.deliverer(stage.shop.city)
    fw.offer(person, fw.waiting_order(stage.shop))
    stage.become(person.account)
    stage.open("/phone/")
    wait_until_live(stage.page)


def phone_route(stage: Stage) -> None:
    person = fw.carried_by(fw.waiting_order(stage.shop))
    stage.become(person.account)
    stage.open("/phone/")
    wait_until_live(stage.page)


def control_room(stage: Stage) -> None:
    _orders(stage)
    ana = world.account("ana")
    Membership.objects.create(city=stage.shop.city, account=ana, role=Membership.Role.DISPATCHER)
    stage.become(ana)
    stage.open("/control-room/")
    wait_until_live(stage.page)


def console(stage: Stage) -> None:
    _orders(stage)
    stage.become(world.account("olga", is_owner=True))
    stage.open("/console/")


def _orders(stage: Stage) -> list[Order]:
    orders = [world.order(stage.shop, allergies="peanuts"), world.order(stage.shop), world.order(stage.shop)]
    fw.accept(orders[1])
    return orders


SCENES: dict[Callable[[Stage], None], Any] = {
    **dict.fromkeys((welcome, shop, menu, checkout, tracking, login, sign_up, phone_sign_in), PHONE),
    **dict.fromkeys((nothing_there, no_network, phone_waiting, phone_offer, phone_route), PHONE),
    **dict.fromkeys((pairing, lobby_quiet, lobby_ringing, kitchen, control_room, console), TABLET),
}


def speak(page: Page, site: str, language: str) -> None:
    """The language of the browser, and of the person or the device, which comes first."""
    Account.objects.update(language=language)
    Device.objects.update(language=language)
    cookie: Any = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site}
    page.context.add_cookies([cookie])
    page.reload()


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_everybody_can_use_it(page: Page, site: str, scene: Callable[[Stage], None], language: str) -> None:
    scene(Stage(page, site))
    if language != "en":
        speak(page, site, language)
    page.set_viewport_size(SCENES[scene])
    page.wait_for_timeout(SETTLES_MS)
    assert page.locator("html").get_attribute("lang") == language
    assert violations(page) == []
    page.set_viewport_size(TABLET)
    with zoomed(page):
        page.wait_for_timeout(SETTLES_MS)
        assert broken_layout(page) == []
