"""The fleet by API: registered inside the networks of printers, changed, tested, emptied and replaced."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from delivery.integrations import keys
from printing.models import Printer, PrintJob, StationPrinter
from tests import world
from tests.db.printing.facts import kinds_of
from tests.db.printing.kitchen import Kitchen, kitchen

pytestmark = pytest.mark.django_db(transaction=True)


class Program:
    def __init__(self, place: Kitchen, *scopes: str) -> None:
        _, secret = keys.make_key(name="fleet", scopes=scopes, restaurants=[place.shop], by="tests")
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def get(self, path: str) -> tuple[int, Any]:
        answer = self._client.get(f"/api/v1/{path}")
        return answer.status_code, answer.json()

    def send(self, method: str, path: str, **body: Any) -> tuple[int, Any]:
        answer = self._client.generic(
            method,
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": str(uuid4())},
        )
        return answer.status_code, answer.json()


@pytest.fixture
def place() -> Iterator[Kitchen]:
    with kitchen("oven", "backup") as place:
        yield place


@pytest.fixture
def program(place: Kitchen) -> Program:
    return Program(place, "printers:write")


def test_printers_are_seen_with_what_waits(place: Kitchen, program: Program) -> None:
    place.cook("margherita")
    status, body = program.get("printers?of=station=oven")
    assert status == 200
    shown = {row["uid"]: row for row in body["printers"]}
    assert shown.keys() == {"pizzeria-oven", "pizzeria-backup"}
    assert (shown["pizzeria-oven"]["waiting"], shown["pizzeria-backup"]["waiting"]) == (1, 0)
    assert program.get("printers/pizzeria-oven")[1]["state"] == "unknown"
    assert program.get("printers/nowhere")[0] == 404


def test_a_printer_is_registered_and_changed(place: Kitchen, program: Program) -> None:
    new = {"restaurant": "pizzeria", "uid": "bar-2", "name": "Bar", "host": "127.0.0.1", "stations": ["bar"]}
    status, body = program.send("POST", "printers", **new, labels={"role": "bar"}, columns=32, dots=384)
    assert (status, body["labels"], body["columns"]) == (201, {"role": "bar"}, 32)
    assert program.send("POST", "printers", **new)[1]["code"] == "printer_uid_taken"
    status, body = program.send("PATCH", "printers/bar-2", name="Bar left", labels={"role": "bar", "side": "left"})
    assert (status, body["name"], body["labels"]["side"]) == (200, "Bar left", "left")
    assert kinds_of(Printer.objects.get(uid="bar-2"))[-1] == "PrinterChanged"


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"host": "10.9.9.9"}, 422, "printer_address_refused"),
        ({"host": "no.such.host.invalid"}, 422, "printer_address_refused"),
        ({"restaurant": "bistro"}, 404, "not_found"),
        ({"stations": ["sauna"]}, 422, "invalid"),
        ({"dots": 383}, 422, "invalid"),
        ({"port": 0}, 422, "invalid"),
        ({"labels": {"a=b": "c"}}, 422, "invalid"),
        ({"secret": "x"}, 422, "invalid"),
    ],
)
def test_a_printer_that_may_not_be(program: Program, wrong: dict[str, Any], status: int, code: str) -> None:
    world.restaurant(world.city(), "bistro")
    said = {"restaurant": "pizzeria", "uid": "x", "name": "X", "host": "127.0.0.1", **wrong}
    answer = program.send("POST", "printers", **said)
    assert (answer[0], answer[1]["code"]) == (status, code)
    assert not Printer.objects.filter(uid="x").exists()


def test_to_look_is_not_to_touch(place: Kitchen) -> None:
    reader = Program(place, "printers:read")
    assert reader.get("printers")[0] == 200
    assert reader.send("PATCH", "printers/pizzeria-oven", name="Mine")[0] == 403
    assert reader.send("POST", "printers/pizzeria-oven/pause")[0] == 403


def test_a_test_page_shows_what_the_paper_can(place: Kitchen, program: Program) -> None:
    status, body = program.send("POST", "printers/pizzeria-oven/test")
    assert status == 201
    place.work()
    (ticket,) = place.simulators["oven"].tickets
    assert ticket.marks == ("TEST",)
    assert "[qr https://passeplat.example/printers/pizzeria-oven]" in ticket.text
    assert str(PrintJob.objects.get().public_id) == body["job"]


def test_waiting_tickets_move_with_a_mark(place: Kitchen, program: Program) -> None:
    assert program.send("POST", "printers/pizzeria-oven/pause")[1]["paused"] is True
    place.cook("margherita")
    place.simulators["backup"].set_fault("silent")
    assert program.send("POST", "printers/pizzeria-backup/move", to="pizzeria-oven")[1] == {"moved": 1}
    assert program.send("POST", "printers/pizzeria-oven/resume")[1]["paused"] is False
    place.work("oven")
    assert place.paper("oven") == [("REROUTED",)]
    assert program.send("POST", "printers/pizzeria-oven/move", to="pizzeria-oven")[1]["code"] == (
        "printers_of_two_restaurants"
    )


def test_a_replaced_printer_leaves_nothing_behind(place: Kitchen, program: Program) -> None:
    place.cook("margherita")
    Printer.objects.filter(uid="pizzeria-oven").update(labels={"floor": "1"})
    status, body = program.send("POST", "printers/pizzeria-oven/replace", to="pizzeria-backup")
    assert (status, body["uid"], body["labels"], body["waiting"]) == (200, "pizzeria-backup", {"floor": "1"}, 1)
    assert list(StationPrinter.objects.values_list("printer__uid", "rank")) == [("pizzeria-backup", 0)]
    old = Printer.objects.get(uid="pizzeria-oven")
    assert old.is_paused
    assert old.device.revoked_at is not None
    place.work("backup")
    assert place.paper("backup") == [("REROUTED",)]
