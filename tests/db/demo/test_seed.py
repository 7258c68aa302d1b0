"""The demonstration: everything once, and logins that work."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from delivery.accounts.models import Account, Address
from delivery.cities import geocoding
from delivery.cities.models import City, Street
from delivery.cities.selectors import zone_at
from delivery.demo.places import CITIES
from delivery.devices import actors
from delivery.ground import clock
from delivery.ground.errors import NotSignedIn
from delivery.ground.geo import Point, distance_m
from dispatch.fleet.models import Deliverer
from printing.models import Printer
from restaurants.models import Product, Restaurant, Station

pytestmark = pytest.mark.django_db

ROLES = {
    "customer",
    "restaurateur",
    "lobby",
    "kitchen",
    "deliverer",
    "dispatcher",
    "support",
    "owner",
    "integrator",
}


@pytest.fixture(scope="module")
def seeded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The DATA_DIR of a demonstration that all tests here look at: each in a savepoint, so none sees another's."""
    folder = tmp_path_factory.mktemp("demo")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setenv("DATA_DIR", str(folder))
        seed(folder)
        yield folder
        transaction.set_rollback(True)


@pytest.fixture
def data_dir(seeded: Path, db: None) -> Path:
    return seeded


def seed(data_dir: Path) -> None:
    call_command("seed_demo", verbosity=0, stdout=(data_dir / "out").open("w"))


def logins(data_dir: Path) -> list[dict[str, str]]:
    content: list[dict[str, str]] = json.loads((data_dir / "logins.json").read_text())
    return content


def test_every_role_can_sign_in_with_token_and_credential(data_dir: Path) -> None:
    listed = logins(data_dir)
    assert {login["role"] for login in listed} == ROLES
    assert (data_dir / "logins.json").stat().st_mode & 0o777 == 0o600
    for login in listed:
        actor = actors.actor_of_bearer(f"Bearer {login['token']}")
        assert login["role"] in actor.roles, login
        assert any(login.get(key) for key in ("password", "phone", "pairing_code"))
        assert login["url"].startswith("http://localhost:")


def test_everybody_has_a_token_for_those_who_act(data_dir: Path) -> None:
    file = data_dir / "people.json"
    everybody: list[dict[str, Any]] = json.loads(file.read_text())
    assert file.stat().st_mode & 0o777 == 0o600
    assert {entry["role"] for entry in everybody} == ROLES | {"printer"}
    tokens = [entry["token"] for entry in everybody if entry["role"] != "printer"]
    assert len(set(tokens)) == len(tokens)
    for role in ROLES:
        entry = [entry for entry in everybody if entry["role"] == role][-1]
        assert role in actors.actor_of_bearer(f"Bearer {entry['token']}").roles
    printers = {entry["port"] for entry in everybody if entry["role"] == "printer"}
    assert len(printers) == Printer.objects.count()
    lobby = next(entry for entry in everybody if entry["role"] == "lobby")
    assert lobby["restaurant"]["slug"] == CITIES[0].restaurants[0].slug
    assert all(entry["addresses"] for entry in everybody if entry["role"] == "customer")
    assert all(entry["deliverer"] for entry in everybody if entry["role"] == "deliverer")


def test_a_password_and_a_pairing_code_open_their_pages(data_dir: Path, client: Client) -> None:
    listed = logins(data_dir)
    owner = next(login for login in listed if login["role"] == "owner")
    lobby = next(login for login in listed if login["role"] == "lobby")
    signed_in = client.post("/accounts/login/", {"login": owner["login"], "password": owner["password"]})
    assert signed_in.status_code == 302
    paired = client.post("/lobby/pair/", {"code": lobby["pairing_code"]})
    assert (paired.status_code, paired["Location"]) == (302, "/lobby/")


@pytest.mark.usefixtures("data_dir")
def test_everybody_lives_where_somebody_delivers() -> None:
    for restaurant in Restaurant.objects.select_related("city"):
        assert zone_at(restaurant.city, restaurant.point), restaurant
        assert Product.objects.filter(restaurant=restaurant).count() >= 8
    for city in City.objects.all():
        assert (city.timezone, city.currency, city.delivery_vat_bp) == ("America/Santiago", "CLP", 1900)
        assert Restaurant.objects.filter(city=city).count() == 14
        assert Deliverer.objects.filter(city=city).count() == 50
        assert all(zone.fee and zone.minimum_order for zone in city.zones.all())
    assert City.objects.count() == 3
    for address in Address.objects.all():
        assert any(zone_at(city, Point(address.lat, address.lon)) for city in City.objects.all()), address.line


@pytest.mark.usefixtures("data_dir")
def test_every_address_is_found_where_it_is_said_to_be() -> None:
    for spec in CITIES:
        city = City.objects.get(slug=spec.slug)
        places = [(shop.street, shop.at) for shop in spec.restaurants]
        for street, at in places + [(person.street, person.home) for person in spec.customers]:
            found = geocoding.search(city=city, text=street)[0]
            assert (found.line, found.city_id) == (street, city.pk)
            assert distance_m(found.point, Point(*at)) < 20


def test_streets_may_be_loaded_again(data_dir: Path) -> None:
    before = Street.objects.count()
    with (data_dir / "out").open("w") as out:
        call_command("load_streets", stdout=out)
    assert (data_dir / "out").read_text() == f"{before} streets\n"
    with pytest.raises(CommandError, match="no such city: atlantis"):
        call_command("load_streets", "atlantis")


@pytest.mark.usefixtures("data_dir")
def test_shifts_run_now_and_for_weeks() -> None:
    now = clock.now()
    for at in (now, now + timedelta(days=20)):
        on_duty = Deliverer.objects.filter(shifts__starts_at__lte=at, shifts__ends_at__gt=at)
        for city in City.objects.all():
            assert on_duty.filter(city=city).distinct().count() >= 10


@pytest.mark.usefixtures("data_dir")
def test_every_station_prints_and_a_second_printer_stands_in() -> None:
    for station in Station.objects.select_related("restaurant"):
        ranks = [served.printer.columns for served in station.station_printers.select_related("printer")]
        expected = {1: [48], 2: [32, 48] if station.is_catch_all else [48, 32]}
        assert ranks == expected[station.restaurant.printers.count()], station
    assert set(Printer.objects.values_list("columns", flat=True)) == {32, 48}


def test_a_second_run_makes_no_second_city_and_voids_the_old_tokens(data_dir: Path) -> None:
    first = logins(data_dir)
    counts = (City.objects.count(), Restaurant.objects.count(), Account.objects.count())
    kept = (data_dir / "logins.json").read_text()
    seed(data_dir)
    second = logins(data_dir)
    (data_dir / "logins.json").write_text(kept)  # the savepoint takes back the rows only
    assert counts == (City.objects.count(), Restaurant.objects.count(), Account.objects.count())
    assert len(first) == len(second)
    assert not {login["token"] for login in first} & {login["token"] for login in second}
    assert {login.get("password") for login in first} == {login.get("password") for login in second}
    with pytest.raises(NotSignedIn):
        actors.actor_of_bearer(f"Bearer {first[0]['token']}")
