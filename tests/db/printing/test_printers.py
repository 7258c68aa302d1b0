"""Printers are registered where printers may be, and nowhere else."""

import pytest

from delivery.devices.models import Device
from delivery.ground.outbox.models import EventRow
from printing.errors import AddressRefused, UidTaken
from printing.models import Printer
from printing.services.printers import register_printer
from restaurants.models import Restaurant, Station
from tests import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def bistro() -> Restaurant:
    return world.restaurant(world.city())


def test_a_printer_is_a_device_and_serves_its_stations(bistro: Restaurant) -> None:
    Station.objects.create(restaurant=bistro, name="Grill")
    first = register_printer(
        restaurant=bistro, uid="grill-1", name="Grill", host="127.0.0.1", stations=["Grill"], by="account:1"
    )
    backup = register_printer(
        restaurant=bistro, uid="grill-2", name="Backup", host="localhost", stations=["Grill"], by="account:1"
    )
    ranks = Station.objects.get().station_printers.values_list("printer_id", "rank")
    assert list(ranks) == [(first.pk, 0), (backup.pk, 1)]
    assert Device.objects.get(printer=first).kind == "printer"
    fact = EventRow.objects.get(aggregate_kind="printing.printer", aggregate_id=first.pk)
    assert (fact.kind, fact.by, fact.city_id) == ("PrinterRegistered", "account:1", bistro.city_id)


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "10.0.0.1", "::ffff:10.0.0.1", "0.0.0.0", "8.8.8.8", "no-such-host.invalid", "a" * 300]
)
def test_no_printer_lives_outside_the_networks_of_printers(bistro: Restaurant, host: str) -> None:
    with pytest.raises(AddressRefused):
        register_printer(restaurant=bistro, uid="p", name="P", host=host)
    assert not Printer.objects.exists()
    assert not Device.objects.exists()


def test_a_uid_names_one_printer(bistro: Restaurant) -> None:
    register_printer(restaurant=bistro, uid="p", name="P", host="127.0.0.1")
    with pytest.raises(UidTaken):
        register_printer(restaurant=bistro, uid="p", name="Q", host="127.0.0.1")
    assert Device.objects.count() == 1
