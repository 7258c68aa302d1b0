"""`manage.py connect_printer`: what it says is what a printer can be given."""

import io

import pytest
from django.core.management import CommandError, call_command

from delivery.devices.models import Device, Kind
from delivery.devices.services import pair_device
from printing.models import Printer
from tests import world
from tests.db.printing.cloud import knock

pytestmark = pytest.mark.django_db(transaction=True)


def connect(*words: str) -> str:
    said = io.StringIO()
    call_command("connect_printer", *words, stdout=said)
    return said.getvalue().strip()


def test_the_address_it_says_is_answered_and_a_new_one_ends_it() -> None:
    world.pizzeria()
    old = connect("pizzeria", "star", "--transport", "cloudprnt", "--station", "oven")
    assert knock("POST", old, b"{}")[0] == 200
    new = connect("pizzeria", "star")
    assert (knock("POST", old, b"{}")[0], knock("POST", new, b"{}")[0]) == (404, 200)
    assert Printer.objects.get().station_printers.get().station.name == "oven"
    epson = connect("pizzeria", "epson", "--transport", "sdp")
    assert knock("POST", epson, b"ConnectionType=GetRequest&ID=1") == (200, b"")


def test_a_box_is_paired_before_its_printers() -> None:
    world.pizzeria()
    with pytest.raises(CommandError, match="pair it first"):
        connect("pizzeria", "usb", "--transport", "agent", "--path", "/dev/usb/lp0")
    box, _ = pair_device(code=connect("pizzeria", "--box"), caller="127.0.0.1", name="cellar")
    assert box.kind == Kind.AGENT
    connect("pizzeria", "usb", "--transport", "agent", "--path", "/dev/usb/lp0", "--behind", "cellar")
    assert Printer.objects.get().agent == Device.objects.get(name="cellar")


@pytest.mark.parametrize(
    "words",
    [
        ["nowhere", "x"],
        ["pizzeria"],
        ["pizzeria", "x", "--host", "8.8.8.8"],
        ["pizzeria", "x", "--host", "127.0.0.1", "--station", "moon"],
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(words: list[str]) -> None:
    world.pizzeria()
    with pytest.raises(CommandError):
        connect(*words)
    assert not Printer.objects.exists()
