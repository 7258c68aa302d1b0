"""Sign-in pages and API doors over HTTP: cookies, CSRF, limits, languages."""

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.devices import actors
from delivery.devices import services as devices
from delivery.devices.models import Device, Kind
from delivery.messaging.models import Message
from restaurants.models import Restaurant
from tests import world
from tests.db.people.test_sign_in import one_long_window

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> Client:
    """A browser as it is: it must send our CSRF token."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def bistro() -> Restaurant:
    return world.restaurant(world.city())


def submit(visitor: Client, path: str, **fields: str) -> "_MonkeyPatchedWSGIResponse":
    visitor.get(path)
    token = visitor.cookies["csrftoken"].value
    return visitor.post(path, {**fields, "csrfmiddlewaretoken": token})


@pytest.mark.parametrize(
    "path", ["/accounts/login/", "/accounts/signup/", "/lobby/pair/", "/kitchen/pair/", "/phone/sign-in/"]
)
def test_every_door_opens_under_the_strict_policy(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    page = response.content.decode()
    assert response.status_code == 200
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "style=" not in page
    assert re.findall(r"<script(?![^>]* src=)[^>]*>", page) == [], "no script within a page"


@pytest.mark.parametrize(("accepted", "lang"), [("fr", "fr"), ("es-CL,es", "es"), ("de", "en")])
def test_a_page_says_its_language(visitor: Client, accepted: str, lang: str) -> None:
    page = visitor.get("/accounts/login/", headers={"accept-language": accepted}).content.decode()
    assert f'<html lang="{lang}"' in page


def test_a_password_signs_in_and_leads_on(visitor: Client) -> None:
    ana = world.account("ana")
    response = submit(
        visitor,
        "/accounts/login/?next=/control-room/",
        login="ana@example.org",
        password=world.PASSWORD,
        next="/control-room/",
    )
    assert (response.status_code, response["Location"]) == (302, "/control-room/")
    assert visitor.session["_auth_user_id"] == str(ana.pk)


def test_wrong_passwords_run_out(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "PASSWORDS_PER_ACCOUNT", one_long_window(accounts.PASSWORDS_PER_ACCOUNT))
    world.account("ana")
    tries = [
        submit(visitor, "/accounts/login/", login="ana@example.org", password=f"guess {n}").status_code
        for n in range(accounts.PASSWORDS_PER_ACCOUNT.most)
    ]
    assert set(tries) == {200}
    last = submit(visitor, "/accounts/login/", login="ana@example.org", password=world.PASSWORD)
    assert last.status_code == 429
    assert int(last["Retry-After"]) > 0


def test_a_customer_makes_an_account(visitor: Client) -> None:
    response = submit(visitor, "/accounts/signup/", email="New@Example.org", password1="the long way home")
    assert response.status_code == 302
    assert Account.objects.get().email == "new@example.org"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_never_leads_to_another_site(visitor: Client, elsewhere: str) -> None:
    accounts.create_account(phone="+56912345678")
    code = accounts.issue_phone_code(phone="+56912345678", caller="203.0.113.1")
    response = submit(visitor, "/phone/sign-in/", phone="+56912345678", code=str(code), next=elsewhere)
    assert (response.status_code, response["Location"]) == (302, "/phone/")


def test_a_phone_gets_its_code_as_a_message(visitor: Client) -> None:
    luz = accounts.create_account(phone="+56912345678")
    asked = submit(visitor, "/phone/sign-in/", phone="+56 9 1234 5678")
    message = Message.objects.get()
    assert message.to == "+56912345678"
    code = next(word.strip(".") for word in message.text.split() if word.strip(".").isdigit())
    assert code not in asked.content.decode()
    submit(visitor, "/phone/sign-in/", phone="+56912345678", code=code)
    assert visitor.session["_auth_user_id"] == str(luz.pk)


def test_an_unknown_phone_sees_the_same_page(visitor: Client) -> None:
    response = submit(visitor, "/phone/sign-in/", phone="+56 9 1234 5678")
    assert response.status_code == 200
    assert 'name="code"' in response.content.decode()
    assert not Message.objects.exists()


def test_a_browser_becomes_a_screen_and_may_be_two(visitor: Client, bistro: Restaurant) -> None:
    for kind in (Kind.LOBBY, Kind.KITCHEN, Kind.KITCHEN):
        code = devices.create_pairing_code(kind=kind, restaurant=bistro, by="account:x")
        response = submit(visitor, f"/{kind}/pair/", code=code.lower(), name="at the pass")
        assert (response.status_code, response["Location"]) == (302, f"/{kind}/")
    cookie = response.cookies[actors.DEVICE_COOKIE]
    held = actors.devices_of(actors.secrets_in(cookie.value))
    assert sorted(device.kind for device in held) == ["kitchen", "lobby"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_wrong_code_is_said_beside_the_field(visitor: Client) -> None:
    response = submit(visitor, "/lobby/pair/", code="BBBB-BBBB")
    assert response.status_code == 422
    assert "wrong, used or too old" in response.content.decode()


def test_the_api_pairs_without_a_key_and_once(client: Client, bistro: Restaurant) -> None:
    code = devices.create_pairing_code(kind=Kind.KITCHEN, restaurant=bistro, by="account:x")
    first = client.post("/api/v1/devices/pair", {"code": code}, content_type="application/json")
    again = client.post("/api/v1/devices/pair", {"code": code}, content_type="application/json")
    assert (first.status_code, again.status_code) == (201, 422)
    assert again.json()["code"] == "pairing_code_wrong"
    assert first.json()["restaurant"] == str(bistro.public_id)
    assert actors.actor_of_bearer(f"Bearer {first.json()['token']}").has("kitchen", restaurant=bistro.pk)


def test_a_forged_forwarded_for_buys_no_more_guesses(
    client: Client, bistro: Restaurant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "WRONG_CODES_PER_ADDRESS", one_long_window(devices.WRONG_CODES_PER_ADDRESS))
    statuses = [
        client.post(
            "/api/v1/devices/pair",
            {"code": "BBBBBBBB"},
            content_type="application/json",
            headers={
                "x-forwarded-for": f"198.51.100.{n}",
                "forwarded": f"for=198.51.100.{n}",
                "x-real-ip": f"10.0.0.{n}",
            },
        ).status_code
        for n in range(7)
    ]
    assert statuses == [422] * 5 + [429] * 2


def test_a_wrong_token_is_401_even_beside_a_good_session(client: Client) -> None:
    client.force_login(world.account("ana"))
    response = client.get("/api/v1/restaurants", headers={"authorization": "Bearer ppa_wrong"})
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response.json()["code"] == "not_signed_in"


WRITE = "/api/v1/devices/pair"


def test_a_cookie_write_to_the_api_needs_our_token(visitor: Client, bistro: Restaurant) -> None:
    visitor.force_login(world.account("ana"))
    code = devices.create_pairing_code(kind=Kind.LOBBY, restaurant=bistro, by="account:x")
    refused = visitor.post(WRITE, {"code": code}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf_failed")
    assert not Device.objects.exists()
    visitor.get("/accounts/logout/")
    token = {"x-csrftoken": visitor.cookies["csrftoken"].value}
    foreign = visitor.post(
        WRITE, {"code": code}, content_type="application/json", headers={**token, "origin": "https://evil.example"}
    )
    assert foreign.status_code == 403
    ours = visitor.post(
        WRITE, {"code": code}, content_type="application/json", headers={**token, "origin": "http://testserver"}
    )
    assert ours.status_code == 201


@pytest.mark.parametrize("cookie", [actors.DEVICE_COOKIE, actors.GUEST_COOKIE])
def test_device_and_guest_cookies_are_guarded_like_sessions(visitor: Client, cookie: str) -> None:
    visitor.cookies[cookie] = "anything"
    assert visitor.post(WRITE, {"code": "x"}, content_type="application/json").status_code == 403


def test_a_bearer_write_needs_no_csrf_token(visitor: Client, bistro: Restaurant) -> None:
    token = accounts.issue_token(account=world.account("ana"), name="script")
    code = devices.create_pairing_code(kind=Kind.LOBBY, restaurant=bistro, by="account:x")
    headers = {"authorization": f"Bearer {token}"}
    assert visitor.post(WRITE, {"code": code}, content_type="application/json", headers=headers).status_code == 201


def test_the_chosen_language_stays_with_the_person(client: Client) -> None:
    ana = world.account("ana")
    client.force_login(ana)
    response = client.post("/language/", {"language": "fr", "next": "/accounts/logout/"})
    ana.refresh_from_db()
    assert (response.status_code, ana.language) == (302, "fr")
    assert '<html lang="fr"' in client.get("/accounts/logout/").content.decode()
    client.post("/language/", {"language": "xx"})
    ana.refresh_from_db()
    assert ana.language == "fr"


def test_an_address_that_does_not_exist_is_a_page_or_a_problem(client: Client) -> None:
    assert "text/html" in client.get("/nowhere/")["Content-Type"]
    assert client.get("/api/v1/nowhere").json()["code"] == "not_found"
