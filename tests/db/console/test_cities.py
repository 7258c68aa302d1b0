"""A city's settings: changed by the owner through services with an author, seen by those who look after it."""

from typing import Any

import pytest
from django.test import Client

from delivery.cities import services, tuning
from delivery.cities.models import City, Membership, Zone
from delivery.ground.errors import Invalid
from delivery.ground.ids import new_token
from delivery.ground.outbox.selectors import history
from tests import world

pytestmark = pytest.mark.django_db

RING = "43.60, 4.60\n43.60, 4.70\n43.70, 4.70"


@pytest.fixture
def city() -> City:
    return world.pizzeria().city


@pytest.fixture
def owner(client: Client) -> Client:
    client.force_login(world.account("olga", is_owner=True))
    return client


def send(client: Client, city: City, where: str, **fields: Any) -> Any:
    said = {"idempotency_key": new_token(), "version": str(City.objects.get(pk=city.pk).version), **fields}
    return client.post(f"/console/city/{city.slug}/{where}/", said)


def rules(**other: str) -> dict[str, str]:
    return {
        "name": "Pizzeria",
        "accept_minutes": "7",
        "offer_seconds": "45",
        "pickup_minutes": "4",
        "dropoff_minutes": "4",
        "target_minutes": "40",
        "maximum_minutes": "90",
        "pay_per_order": "4,20",
        "pay_per_hour": "12",
        "commission": "18.5",
    } | other


def test_the_owner_changes_the_rules_and_the_page_says_who(owner: Client, city: City) -> None:
    assert send(owner, city, "rules", **rules()).status_code == 302
    city.refresh_from_db()
    assert (city.accept_within.total_seconds(), city.pay_per_order, city.commission_bp) == (420, 420, 1850)
    newest = history(City.aggregate_kind(), [city.pk])[-1]
    assert newest.event.kind() == "CityChanged"
    assert "accept_within" in newest.event.fields
    page = owner.get(f"/console/city/{city.slug}/").content.decode()
    assert "Other rules" in page
    assert "Olga" in page


@pytest.mark.parametrize(
    "wrong", [{"commission": "101"}, {"pay_per_order": "much"}, {"name": ""}, {"target_minutes": "100"}]
)
def test_rules_that_make_no_sense_are_refused(owner: Client, city: City, wrong: dict[str, str]) -> None:
    assert send(owner, city, "rules", **rules(**wrong)).status_code == 422
    assert City.objects.get(pk=city.pk).version == city.version


def test_two_owners_do_not_overwrite_each_other(owner: Client, city: City) -> None:
    assert send(owner, city, "rules", **rules()).status_code == 302
    late = send(owner, city, "rules", **rules(accept_minutes="9"), version=str(city.version))
    assert late.status_code == 409
    assert City.objects.get(pk=city.pk).accept_within.total_seconds() == 420


def test_zones_are_drawn_and_changed(owner: Client, city: City) -> None:
    new = {"name": "North", "fee": "3.50", "minimum": "12", "is_open": "on", "corners": RING}
    assert send(owner, city, "zone", zone="", **new).status_code == 302
    zone = Zone.objects.get(name="North")
    assert (zone.fee, zone.minimum_order, zone.ring[0]) == (350, 1200, [4.6, 43.6])
    assert send(owner, city, "zone", zone=str(zone.pk), **{**new, "fee": "4"}).status_code == 302
    zone.refresh_from_db()
    assert zone.fee == 400
    assert history(City.aggregate_kind(), [city.pk])[-1].event.fields == ["fee"]
    for wrong in ({"corners": "43, 4"}, {"corners": "here, there\n1, 2\n3, 4"}, {"fee": "x"}, {"name": "all"}):
        assert send(owner, city, "zone", zone=str(zone.pk), **{**new, **wrong}).status_code == 422
    foreign = Zone.objects.create(city=world.city(), name="far", ring=[], fee=1)
    assert send(owner, city, "zone", zone=str(foreign.pk), **new).status_code == 404


def test_dispatchers_are_put_on_call_and_released(owner: Client, city: City) -> None:
    dora = world.account("dora")
    assert send(owner, city, "dispatchers", do="appoint", email="dora@example.org").status_code == 302
    member = Membership.objects.get(city=city)
    assert member.account == dora
    assert "Dora" in owner.get(f"/console/city/{city.slug}/").content.decode()
    assert send(owner, city, "dispatchers", do="appoint", email="nobody@example.org").status_code == 422
    assert send(owner, city, "dispatchers", do="release", membership=str(member.pk)).status_code == 302
    assert not Membership.objects.filter(city=city).exists()


def test_a_dispatcher_and_support_look_and_change_nothing(client: Client, city: City) -> None:
    dora = world.account("dora")
    services.give_role(city=city, account=dora, role="dispatcher")
    for account in (dora, world.account("sam", is_support=True)):
        client.force_login(account)
        page = client.get(f"/console/city/{city.slug}/")
        assert page.status_code == 200
        assert "Only the owner changes this" in page.content.decode()
        assert send(client, city, "rules", **rules()).status_code == 403
        assert send(client, city, "dispatchers", do="appoint", email="dora@example.org").status_code == 403
    other = world.city("nimes")
    client.force_login(dora)
    assert client.get(f"/console/city/{other.slug}/").status_code == 404
    assert client.get("/console/cities/")["Location"] == f"/console/city/{city.slug}/"


def test_an_address_that_is_nowhere_says_so(owner: Client, city: City) -> None:
    page = owner.get(f"/console/city/{city.slug}/", {"address": "Nowhere 12"}).content.decode()
    assert "No address is like this." in page


def test_a_service_refuses_what_no_city_has(city: City) -> None:
    zone_rules = tuning.ZoneRules("x", 1, 1, is_open=True, ring=[(200.0, 1.0), (1.0, 1.0), (2.0, 2.0)])
    with pytest.raises(Invalid):
        tuning.save_zone(city_id=city.pk, zone_id=None, rules=zone_rules, version=city.version, by="tests")
