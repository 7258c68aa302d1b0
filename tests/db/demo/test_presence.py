"""Who sits where: pages of people take places, programs and simulated browsers do not."""

from pathlib import Path

import pytest
from django.test import Client

from delivery import env
from delivery.accounts.services import issue_token
from delivery.demo.actors.screen import USER_AGENT
from delivery.demo.presence import taken_seats
from delivery.devices.actors import DEVICE_COOKIE
from delivery.devices.models import Kind
from delivery.devices.services import register_device
from restaurants.models import Restaurant
from tests import world
from tests.db.demo.living import account_of, settle

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Restaurant:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv(env.DEMO, "1")
    return settle(tmp_path)


def counter(shop: Restaurant) -> Client:
    browser = Client()
    browser.cookies[DEVICE_COOKIE] = register_device(kind=Kind.LOBBY, restaurant=shop, name="Counter")[1]
    return browser


def signed_in(role: str) -> Client:
    browser = Client()
    browser.force_login(account_of(role), backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_a_tablet_takes_its_counter(shop: Restaurant) -> None:
    counter(shop).get("/lobby/")
    assert taken_seats() == {f"lobby:{shop.public_id}"}


def test_a_simulated_tablet_does_not(shop: Restaurant) -> None:
    counter(shop).get("/lobby/", headers={"User-Agent": USER_AGENT})
    assert taken_seats() == set()


def test_a_boss_at_the_counter_takes_it_and_not_the_place_of_a_customer(shop: Restaurant) -> None:
    signed_in("restaurateur").get("/lobby/")
    assert taken_seats() == {f"lobby:{shop.public_id}"}


@pytest.mark.parametrize(
    ("role", "path"), [("deliverer", "/phone/"), ("dispatcher", "/control-room/"), ("customer", "/")]
)
def test_a_page_takes_the_place_of_its_account(role: str, path: str, shop: Restaurant) -> None:
    signed_in(role).get(path)
    assert taken_seats() == {f"account:{account_of(role).public_id}"}


def test_a_token_is_a_program(shop: Restaurant) -> None:
    token = issue_token(account=account_of("deliverer"), name="tests")
    assert Client().get("/api/v1/offers", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert taken_seats() == set()


def test_looking_at_the_demonstration_takes_nothing(shop: Restaurant) -> None:
    signed_in("dispatcher").get("/demo/")
    Client().get("/")
    assert taken_seats() == set()


def test_without_a_demonstration_nobody_is_noted(shop: Restaurant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(env.DEMO)
    signed_in("dispatcher").get("/control-room/")
    counter(world.pizzeria("kumo")).get("/lobby/")
    assert taken_seats() == set()
