"""Devices in the office: seen, spoken to in their language, tested, revoked; those of others do not exist."""

from typing import Any

import pytest
from django.test import Client

from delivery.devices import services as devices
from delivery.devices.models import Device, Kind
from delivery.ground.ids import new_token
from printing.models import Printer, PrintJob
from printing.services.printers import register_printer
from restaurants import services as restaurants
from restaurants.models import Restaurant
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def tablet(shop: Restaurant) -> Device:
    device, _ = devices.register_device(kind=Kind.LOBBY, restaurant=shop, name="front desk")
    return device


@pytest.fixture
def boss(client: Client, shop: Restaurant) -> Client:
    account = world.account("pia")
    restaurants.give_role(restaurant=shop, account=account, role="restaurateur")
    client.force_login(account)
    return client


def send(client: Client, device: Device, do: str, **fields: str) -> Any:
    said = {"idempotency_key": new_token(), "do": do, **fields}
    return client.post(f"/console/devices/{device.public_id}/", said)


def test_a_boss_sees_the_own_devices_and_revokes_one(boss: Client, tablet: Device) -> None:
    theirs, _ = devices.register_device(kind=Kind.LOBBY, restaurant=world.pizzeria("osteria"), name="their desk")
    page = boss.get("/console/devices/").content.decode()
    assert "front desk" in page
    assert "Not seen yet" in page
    assert "their desk" not in page
    assert send(boss, theirs, "revoke").status_code == 404
    assert send(boss, tablet, "revoke").status_code == 302
    assert set(Device.objects.filter(revoked_at__isnull=True).values_list("name", flat=True)) == {"their desk"}
    assert "No device is paired yet" in boss.get("/console/devices/").content.decode()


def test_the_language_of_a_screen_is_changed_from_the_office(boss: Client, tablet: Device) -> None:
    assert send(boss, tablet, "language", language="fr").status_code == 302
    tablet.refresh_from_db()
    assert tablet.language == "fr"
    assert send(boss, tablet, "language", language="tlh").status_code == 422
    assert send(boss, tablet, "dance").status_code == 400


def test_a_printer_is_tested_paused_and_resumed(boss: Client, shop: Restaurant, settings: Any) -> None:
    settings.PRINTER_NETWORKS = ["127.0.0.0/8"]
    printer = register_printer(restaurant=shop, uid="oven", name="Oven", host="127.0.0.1", stations=["oven"])
    assert send(boss, printer.device, "test").status_code == 302
    job = PrintJob.objects.get()
    assert (job.printer, job.ticket.content["content"].startswith("TEST\nOven")) == (printer, True)
    assert job.requested_by.startswith("account:")
    for do, is_paused in (("pause", True), ("resume", False)):
        assert send(boss, printer.device, do).status_code == 302
        assert Printer.objects.get().is_paused == is_paused


def test_support_sees_every_device_and_a_dispatcher_none(client: Client, tablet: Device) -> None:
    client.force_login(world.account("sam", is_support=True))
    assert "front desk" in client.get("/console/devices/").content.decode()
    client.force_login(world.account("carla"))
    assert client.get("/console/devices/").status_code == 403
    assert send(client, tablet, "revoke").status_code == 403
