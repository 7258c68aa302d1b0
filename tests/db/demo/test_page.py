"""`/demo/`: only while the demonstration runs, only its own people, and every button does what it says."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from delivery import env
from delivery.demo import mishaps
from delivery.demo.models import Mishap, Seat
from delivery.demo.presence import taken_seats
from delivery.ground.ids import new_token
from restaurants.models import Restaurant
from tests import world
from tests.db.demo.living import account_of, settle

pytestmark = pytest.mark.django_db

PAGES = {
    "customer": "/",
    "deliverer": "/phone/",
    "dispatcher": "/control-room/",
    "restaurateur": "/console/",
    "support": "/console/",
    "owner": "/console/",
}


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Restaurant:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv(env.DEMO, "1")
    return settle(tmp_path)


def post(client: Client, path: str, **fields: str) -> str:
    """Where the answer leads; fails when it is no redirect."""
    answer = client.post(path, {"idempotency_key": new_token(), **fields})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


@pytest.mark.parametrize("path", ["/demo/", "/demo/sign-in/", "/demo/leave/", "/demo/break/", "/demo/heal/1/"])
def test_there_is_no_such_page_unless_the_demonstration_runs(
    path: str, shop: Restaurant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(env.DEMO)
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"role": "owner"}).status_code == 404


@pytest.mark.parametrize("role", PAGES)
def test_one_tap_makes_anybody(role: str, shop: Restaurant) -> None:
    browser = Client()
    assert post(browser, "/demo/sign-in/", role=role, city=shop.city.slug) == PAGES[role]
    assert browser.session["_auth_user_id"] == str(account_of(role).pk)
    assert browser.get(PAGES[role]).status_code == 200
    assert f"account:{account_of(role).public_id}" in taken_seats()


def test_a_visitor_is_spoken_to_in_the_language_of_the_browser(shop: Restaurant) -> None:
    """Whatever the simulated person speaks."""
    browser = Client(headers={"Accept-Language": "fr"})
    for role in ("dispatcher", "lobby"):
        there = post(browser, "/demo/sign-in/", role=role, city=shop.city.slug)
        assert '<html lang="fr"' in browser.get(there).content.decode()


def test_a_browser_becomes_the_counter_and_the_kitchen_once(shop: Restaurant) -> None:
    browser = Client()
    for _ in range(2):
        for screen in ("lobby", "kitchen"):
            there = post(browser, "/demo/sign-in/", role=screen, city=shop.city.slug)
            assert browser.get(there).status_code == 200
    assert shop.devices.exclude(kind="printer").count() == 2
    assert {f"lobby:{shop.public_id}", f"kitchen:{shop.public_id}"} <= taken_seats()


def test_nobody_else_can_be_entered(shop: Restaurant) -> None:
    """An owner who is not of the demonstration is no one's to become, whatever a form says."""
    world.account("boss", is_owner=True)
    account_of("owner").delete()
    browser = Client()
    for role in ("owner", "superuser", "", "printer"):
        answer = browser.post("/demo/sign-in/", {"role": role, "city": shop.city.slug})
        assert answer.status_code == 404
    stranger = world.pizzeria("kumo")
    assert browser.post("/demo/sign-in/", {"role": "lobby", "city": stranger.city.slug}).status_code == 404
    assert (
        browser.post("/demo/sign-in/", {"role": "lobby", "city": shop.city.slug, "restaurant": "kumo"}).status_code
        == 404
    )


def test_another_site_cannot_sign_anybody_in(shop: Restaurant) -> None:
    browser = Client(enforce_csrf_checks=True)
    assert browser.post("/demo/sign-in/", {"role": "owner"}).status_code == 403
    assert browser.post("/demo/break/", {"kind": "rush_hour"}).status_code == 403


def test_leaving_gives_all_places_back(shop: Restaurant) -> None:
    browser = Client()
    post(browser, "/demo/sign-in/", role="lobby", city=shop.city.slug)
    post(browser, "/demo/sign-in/", role="dispatcher", city=shop.city.slug)
    assert len(taken_seats()) == 2
    assert "hold a place" in browser.get("/demo/").content.decode()
    post(browser, "/demo/leave/", city=shop.city.slug)
    assert taken_seats() == set()
    assert browser.get("/lobby/").status_code == 302


TARGETS = {
    "printer_unplugged": "printer:pizzeria-oven",
    "paper_out": "printer:pizzeria-oven",
    "tablet_lost": "lobby:{shop}",
    "kitchen_closed": "lobby:{shop}",
    "rush_hour": "city-of-pizzeria",
    "strike": "city-of-pizzeria",
    "valkey_frozen": "",
    "print_worker_killed": "",
    "relay_killed": "",
}


@pytest.mark.parametrize("kind", mishaps.KINDS)
def test_every_button_breaks_its_thing_and_heals(kind: str, shop: Restaurant) -> None:
    browser = Client()
    page = browser.get("/demo/").content.decode()
    assert f'name="kind" value="{kind}"' in page
    post(browser, "/demo/break/", kind=kind, city=shop.city.slug)
    (mishap,) = mishaps.open_mishaps()
    assert (mishap.kind, mishap.target) == (kind, TARGETS[kind].format(shop=shop.public_id))
    assert mishap.until - mishap.asked_at == mishaps.KINDS[kind].lasts
    assert "Heal now" in browser.get("/demo/").content.decode()
    post(browser, f"/demo/heal/{mishap.pk}/", city=shop.city.slug)
    mishap.refresh_from_db()
    assert mishap.until <= timezone.now()
    mishaps.note_done(began=[], ended=[mishap.pk])
    assert mishaps.open_mishaps() == []


def test_what_is_broken_is_not_broken_twice(shop: Restaurant) -> None:
    browser = Client()
    post(browser, "/demo/break/", kind="rush_hour", city=shop.city.slug)
    answer = browser.post("/demo/break/", {"kind": "rush_hour", "city": shop.city.slug, "idempotency_key": new_token()})
    assert answer.status_code == 409
    assert Mishap.objects.count() == 1
    assert browser.post("/demo/break/", {"kind": "flood", "idempotency_key": new_token()}).status_code == 404


def test_the_page_says_when_nobody_is_simulated(shop: Restaurant, tmp_path: Path) -> None:
    assert "Nobody is simulated" in Client().get("/demo/").content.decode()
    report = '{"counts": {"placed": 7, "delivered": 5, "tickets": 9}, "waiting": 2, "on_duty": {"a": 3, "b": 4}}'
    (tmp_path / "demo.json").write_text(report)
    page = Client().get("/demo/").content.decode()
    assert "Nobody is simulated" not in page
    assert 'stat__value">7<' in page


def test_a_place_is_free_after_a_while(shop: Restaurant) -> None:
    post(Client(), "/demo/sign-in/", role="owner")
    Seat.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
    assert taken_seats() == set()
