"""A customer's own page, and the way back in for who forgot the password."""

import re

import pytest
from django.test import Client

from delivery.accounts.models import Account
from delivery.ground.access import Actor
from delivery.messaging.models import Message
from delivery.orders import services as orders
from restaurants.models import Restaurant
from tests import world
from tests.db.storefront.visit import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(client: Client) -> Account:
    account = world.account("ana")
    client.force_login(account)
    return account


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


def test_it_shows_ones_own_orders_and_nobody_elses(client: Client, ana: Account, shop: Restaurant) -> None:
    bob = world.account("bob")
    mine = world.order(shop, by=Actor(ref=f"account:{ana.public_id}", account_id=ana.pk))
    past = world.order(shop, "cola", by=Actor(ref=f"account:{ana.public_id}", account_id=ana.pk))
    orders.reject_order(order_id=past.pk, by="tests", reason="busy")
    foreign = world.order(shop, by=Actor(ref=f"account:{bob.public_id}", account_id=bob.pk))
    page = client.get("/me/").content.decode()
    assert f"/track/{mine.tracking_token}/" in page
    assert f"/track/{past.tracking_token}/again/" in page
    assert foreign.tracking_token not in page
    assert "The restaurant could not take your order" in page


def test_signed_out_it_leads_to_the_door(client: Client) -> None:
    assert client.get("/me/")["Location"].startswith("/accounts/login/")


def test_name_and_phone_are_kept_for_the_next_checkout(client: Client, ana: Account, shop: Restaurant) -> None:
    assert client.post("/me/", {"name": "Ana María", "phone": "+33 6 12 34 56 78"}).status_code == 302
    ana.refresh_from_db()
    assert (ana.name, ana.phone) == ("Ana María", "+33612345678")
    assert client.post("/me/", {"name": "Ana", "phone": "12"}).status_code == 422
    world.account("bob", phone="+33612345679")
    refused = client.post("/me/", {"name": "Ana", "phone": "+33612345679"})
    assert "Another account has this number." in text(refused)


def code_of(text: str) -> str:
    return str(re.findall(r"\d{6}", text)[0])


def ask(client: Client, email: str = "ana@example.org") -> str:
    client.post("/accounts/password/", {"email": email})
    return str(Message.objects.latest("pk").text)


def test_a_forgotten_password_is_replaced_by_a_code_from_the_mail(client: Client) -> None:
    world.account("ana")
    code = code_of(ask(client))
    assert client.post("/accounts/password/code/", {"code": code})["Location"] == "/accounts/password/new/"
    new = "an even longer way home"
    done = client.post("/accounts/password/new/", {"password1": new, "password2": new})
    assert done["Location"] == "/accounts/password/done/"
    assert "Your password is new" in text(client.get("/accounts/password/done/"))
    assert client.post("/accounts/login/", {"login": "ana@example.org", "password": new}).status_code == 302


def test_a_wrong_code_opens_nothing_and_three_end_it(client: Client) -> None:
    world.account("ana")
    code = code_of(ask(client))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    answers = [client.post("/accounts/password/code/", {"code": wrong}) for _ in range(3)]
    assert answers[0].status_code == 200
    assert client.post("/accounts/password/code/", {"code": code})["Location"] != "/accounts/password/new/"
    assert client.get("/accounts/password/new/").status_code == 302


def test_nobody_learns_who_has_an_account(client: Client) -> None:
    world.account("ana")
    known = Client().post("/accounts/password/", {"email": "ana@example.org"})
    unknown = client.post("/accounts/password/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "There is no account" in Message.objects.latest("pk").text


def test_mails_with_codes_are_counted(client: Client) -> None:
    world.account("ana")
    answers = [Client().post("/accounts/password/", {"email": "ana@example.org"}).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
