"""Which language answers: the account's, the device's, the choice in the browser, the browser's own."""

import pytest
from django.conf import settings
from django.test import Client

from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.devices import actors
from delivery.devices import services as devices
from delivery.devices.models import Device, Kind
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db

FRENCH = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def language_of(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    lang = response.content.decode().partition("<html")[2].partition('lang="')[2].partition('"')[0]
    assert response["Content-Language"] == lang
    return lang


def test_a_stranger_is_answered_as_the_browser_asks(client: Client) -> None:
    assert language_of(client, "/") == "en"
    assert language_of(client, "/", **FRENCH) == "fr"
    assert language_of(client, "/", **{"Accept-Language": "de"}) == "en"


def test_a_choice_is_kept_in_the_browser_and_wins_over_it(client: Client) -> None:
    client.post("/language/", {"language": "es", "next": "/"})
    assert language_of(client, "/", **FRENCH) == "es"
    client.post("/language/", {"language": "xx", "next": "/"})
    assert language_of(client, "/", **FRENCH) == "es"


def test_the_account_wins_over_the_browser_and_takes_the_choice_along(client: Client) -> None:
    account = world.account("ana", language="fr", is_owner=True)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    client.force_login(account)
    assert language_of(client, "/console/") == "fr"
    assert language_of(client, "/console/restaurants/restaurant/") == "fr"
    client.post("/language/", {"language": "en", "next": "/console/"})
    assert Account.objects.get(pk=account.pk).language == "en"
    other_browser = Client()
    other_browser.force_login(account)
    assert language_of(other_browser, "/console/", **FRENCH) == "en"


def test_who_signs_up_in_french_is_spoken_to_in_french(client: Client) -> None:
    said = {"email": "new@example.org", "password1": world.PASSWORD}
    assert client.post("/accounts/signup/", said, headers=FRENCH).status_code == 302
    assert Account.objects.get().language == "fr"


def test_a_device_speaks_its_own_language(client: Client, shop: Restaurant) -> None:
    Restaurant.objects.filter(pk=shop.pk).update(language="es")
    shop.refresh_from_db()
    _, secret = devices.register_device(kind=Kind.LOBBY, restaurant=shop, name="counter")
    client.cookies[actors.DEVICE_COOKIE] = secret
    assert language_of(client, "/lobby/", **FRENCH) == "es"
    client.post("/language/", {"language": "fr", "next": "/lobby/"})
    assert Device.objects.get().language == "fr"
    again = Client()
    again.cookies[actors.DEVICE_COOKIE] = secret
    assert language_of(again, "/lobby/") == "fr"


def test_a_screen_paired_in_a_chosen_language_keeps_it(client: Client, shop: Restaurant) -> None:
    client.post("/language/", {"language": "fr", "next": "/"})
    code = devices.create_pairing_code(kind=Kind.KITCHEN, restaurant=shop, by="tests")
    assert client.post("/kitchen/pair/", {"code": code}).status_code == 302
    assert Device.objects.get().language == "fr"


def test_a_person_on_a_paired_tablet_is_spoken_to_as_that_person(client: Client, shop: Restaurant) -> None:
    _, secret = devices.register_device(kind=Kind.LOBBY, restaurant=shop, name="counter")
    client.cookies[actors.DEVICE_COOKIE] = secret
    client.force_login(world.account("ana", language="es"))
    assert language_of(client, "/lobby/") == "es"


def test_refusals_of_the_api_are_said_as_asked_and_their_codes_never_change(client: Client) -> None:
    said = {}
    for language in ("en", "fr", "es"):
        body = client.get("/api/v1/orders/1", headers={"Accept-Language": language}).json()
        said[language] = body["title"]
        assert body["code"] == "not_signed_in"
    assert said["en"] == "Sign in first"
    assert len(set(said.values())) == 3


def test_a_program_that_says_nothing_is_answered_in_the_language_of_its_account(client: Client) -> None:
    token = accounts.issue_token(account=world.account("ana", language="fr"), name="laptop")
    nowhere = "/api/v1/orders/00000000-0000-7000-8000-000000000000"
    bearer = {"Authorization": f"Bearer {token}"}
    french = client.get(nowhere, headers=bearer).json()["title"]
    english = client.get(nowhere, headers=bearer | {"Accept-Language": "en"}).json()["title"]
    assert (english, french == english) == ("There is no such thing here", False)
