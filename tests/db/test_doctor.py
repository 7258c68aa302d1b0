"""`manage.py doctor`: what it finds, and its exit code."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from pytest_django import Settings

from delivery.devices.models import Device, Kind
from delivery.devices.services import register_device, revoke_device
from delivery.ground.health import PROCESSES
from delivery.ground.outbox import heartbeats
from delivery.ground.outbox.models import Deadline, Heartbeat
from printing.models import Printer
from printing.services.printers import register_printer
from tests import world

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _all_processes() -> None:
    for names in PROCESSES.values():
        for name in names:
            heartbeats.beat(name)


def examined() -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The exit code, and the troubles by part."""
    out = StringIO()
    code = 0
    try:
        call_command("doctor", "--json", stdout=out)
    except SystemExit as stop:
        code = int(str(stop.code))
    told = json.loads(out.getvalue())
    assert told["is_fine"] is (code == 0)
    troubles: dict[str, list[dict[str, Any]]] = {}
    for finding in told["findings"]:
        assert finding["detail"]
        if not finding["is_fine"]:
            troubles.setdefault(finding["part"], []).append(finding)
    return code, troubles


def test_all_is_fine() -> None:
    assert examined() == (0, {})
    out = StringIO()
    call_command("doctor", stdout=out)
    assert not any(line.startswith("!") for line in out.getvalue().splitlines())


def test_a_silent_process_is_something_to_do() -> None:
    Heartbeat.objects.filter(process="relay").update(at=LONG_AGO)
    Heartbeat.objects.filter(process="planner").delete()
    code, troubles = examined()
    assert (code, set(troubles)) == (1, {"relay", "planner"})


def test_what_was_given_up_on_is_something_to_do() -> None:
    now = Now()
    Deadline.objects.create(
        aggregate_kind="orders.order",
        aggregate_id=1,
        kind="order.accept_by",
        due_at=now,
        people=True,
        armed_at=now,
        try_at=now,
        parked_at=now,
        error="gave up",
    )
    code, troubles = examined()
    assert (code, set(troubles)) == (1, {"parked"})


def test_devices_and_printers_that_are_missing_are_named() -> None:
    shop = world.pizzeria()
    lobby, _ = register_device(kind=Kind.LOBBY, restaurant=shop, name="counter")
    lost, _ = register_device(kind=Kind.KITCHEN, restaurant=shop, name="lost")
    printer = register_printer(restaurant=shop, uid="oven", name="Oven", host="127.0.0.1")
    assert examined()[0] == 0
    Device.objects.filter(pk=lost.pk).update(last_seen_at=Now() - timedelta(days=2))
    Printer.objects.filter(pk=printer.pk).update(state=Printer.State.PAPER)
    code, troubles = examined()
    assert (code, set(troubles)) == (1, {"devices", "device", "printers", "printer"})
    assert str(lost.public_id) in troubles["device"][0]["detail"]
    assert str(lobby.public_id) not in str(troubles)
    assert "oven" in troubles["printer"][0]["detail"]
    revoke_device(device=lost)
    revoke_device(device=printer.device)
    assert examined() == (0, {})


def test_no_backup_matters_once_people_come_over_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS", "1")
    code, troubles = examined()
    assert (code, set(troubles)) == (1, {"backup"})


def test_valkey_away_is_something_to_do(settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    code, troubles = examined()
    assert (code, set(troubles)) == (1, {"valkey"})
