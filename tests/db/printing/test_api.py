"""POST /api/v1/print and GET /api/v1/print/jobs/{id}: one request, any printers that are yours."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import F
from django.test import Client

from delivery.accounts import services as accounts
from printing.models import Attempt, Printer, PrintJob, Ticket
from printing.services.previews import bytes_of
from printing.services.watch import forget_payloads
from restaurants.models import Membership, Restaurant
from tests import world
from tests.db.printing.kitchen import Kitchen, kitchen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def place() -> Iterator[Kitchen]:
    with kitchen("oven", "bar") as place:
        yield place


class Caller:
    """A program with a token, or a person's unlimited one."""

    def __init__(self, shop: Restaurant | None, name: str, scopes: list[str], **account: Any) -> None:
        person = world.account(name, **account)
        if shop is not None:
            Membership.objects.create(restaurant=shop, account=person, role="restaurateur")
        secret = accounts.issue_token(account=person, name="tests", scopes=scopes)
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(self, key: str | None = None, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Idempotency-Key": key or str(uuid4())}
        answer = self._client.post("/api/v1/print", body, content_type="application/json", headers=headers)
        return answer.status_code, answer.json()

    def get(self, job_id: str) -> tuple[int, dict[str, Any]]:
        answer = self._client.get(f"/api/v1/print/jobs/{job_id}")
        return answer.status_code, answer.json()

    def look(self, job_id: str, kind: str) -> Any:
        return self._client.get(f"/api/v1/print/jobs/{job_id}/preview.{kind}")

    def try_out(self, **body: Any) -> Any:
        return self._client.post("/api/v1/print/preview", body, content_type="application/json")


@pytest.fixture
def till(place: Kitchen) -> Caller:
    return Caller(place.shop, "till", ["print:write"])


def refused(answer: tuple[int, dict[str, Any]]) -> tuple[int, str, list[str]]:
    status, body = answer
    return status, body["code"], list(body["fields"])


def test_a_string_comes_out_of_every_printer_named(place: Kitchen, till: Caller) -> None:
    status, body = till.post(to=["pizzeria-oven", "pizzeria-bar"], content="Fire drill\nat noon")
    assert status == 201
    assert [(job["printer"], job["state"]) for job in body["jobs"]] == [
        ("pizzeria-oven", "queued"),
        ("pizzeria-bar", "queued"),
    ]
    place.work()
    assert place.simulators["bar"].tickets[0].text.startswith("Fire drill\nat noon")
    status, job = till.get(body["jobs"][0]["id"])
    assert (status, job["state"], job["level"], job["attempts"], job["superseded_by"]) == (200, "printed", 3, 1, None)


@pytest.mark.parametrize(
    ("to", "uids"),
    [
        ("restaurant=pizzeria", ["oven", "bar"]),
        ("city=city-of-pizzeria role=kitchen", ["oven"]),
        ("role=bar", ["bar"]),
        ("station=oven", ["oven"]),
        ("colour=red  role=bar", ["bar"]),
    ],
)
def test_labels_are_joined_by_and(place: Kitchen, till: Caller, to: str, uids: list[str]) -> None:
    Printer.objects.filter(uid="pizzeria-bar").update(labels={"role": "bar", "colour": "red"})
    status, body = till.post(to=to, content="x")
    assert status == 201
    assert [job["printer"] for job in body["jobs"]] == [f"pizzeria-{name}" for name in uids]


@pytest.mark.parametrize("to", [["nowhere"], ["pizzeria-oven", "nowhere"], "role=garden", "city=atlantis"])
def test_nobody_answers_to_an_unknown_name(till: Caller, to: Any) -> None:
    assert refused(till.post(to=to, content="x"))[:2] == (404, "no_printer")
    assert not PrintJob.objects.exists()


def test_what_belongs_to_others_is_not_there(place: Kitchen, till: Caller) -> None:
    _, body = till.post(to=["pizzeria-oven"], content="x")
    job_id = body["jobs"][0]["id"]
    elsewhere = world.restaurant(world.city(), "bistro")
    stranger = Caller(elsewhere, "stranger", ["print:write"])
    assert refused(stranger.post(to=["pizzeria-oven"], content="x"))[:2] == (404, "no_printer")
    assert refused(stranger.post(to="restaurant=pizzeria", content="x"))[:2] == (404, "no_printer")
    assert stranger.get(job_id)[0] == 404
    assert till.get(str(uuid4()))[0] == 404
    owner = Caller(None, "boss", [], is_owner=True)
    assert owner.post(to="restaurant=pizzeria", content="x")[0] == 201
    assert owner.get(job_id)[0] == 200


def test_a_token_needs_the_scope_and_a_person_the_role(place: Kitchen) -> None:
    assert Caller(place.shop, "reader", ["orders:read"]).post(to=["pizzeria-oven"], content="x")[0] == 403
    assert Caller(None, "customer", []).post(to=["pizzeria-oven"], content="x")[0] == 403
    assert Client().post("/api/v1/print", {}, content_type="application/json").status_code == 401
    assert not PrintJob.objects.exists()


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (7, "content"),
        ({"escpos": "no base64!"}, "content.escpos"),
        ({"escpos": base64.b64encode(b"\x1bp\x00\x19\xfa").decode()}, "content.escpos"),
        ([{"type": "title", "text": "x"}, {"type": "drawer"}], "content.1.type"),
        ("x" * 250_000, "content"),
        ("half \ud83d", "content"),
        ([{"type": "text", "text": "nothing\0"}], "content"),
    ],
)
def test_content_that_cannot_be_printed_is_refused_by_its_field(till: Caller, content: Any, field: str) -> None:
    status, _, fields = refused(till.post(to=["pizzeria-oven"], content=content))
    assert (status, fields) == (422, [field])
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"copies": 11}, "copies"),
        ({"copies": 0}, "copies"),
        ({"priority": 0}, "priority"),
        ({"not_after": "2001-01-01T00:00:00Z"}, "not_after"),
        ({"not_after": "2999-01-01T00:00:00"}, "not_after"),
        ({"price": 3}, "price"),
        ({"to": "  "}, "to"),
        ({"to": "garden"}, "to"),
        ({"to": []}, "to"),
    ],
)
def test_other_fields_are_checked_too(till: Caller, wrong: dict[str, Any], field: str) -> None:
    status, _, fields = refused(till.post(**{"to": ["pizzeria-oven"], "content": "x"} | wrong))
    assert status == 422
    assert {path.split(".")[1 if path.startswith("body.") else 0] for path in fields} == {field}
    assert not Ticket.objects.exists()


def test_copies_after_the_first_say_so(place: Kitchen, till: Caller) -> None:
    _, body = till.post(to=["pizzeria-oven"], content=[{"type": "title", "text": "Menu"}], copies=3)
    place.work()
    assert place.paper() == [(), ("COPY",), ("COPY",)]
    assert [till.get(job["id"])[1]["copy"] for job in body["jobs"]] == [0, 1, 2]
    assert "COPY 2" in place.simulators["oven"].tickets[2].text


def test_one_key_is_one_print(place: Kitchen, till: Caller) -> None:
    first = till.post(key="drill-1", to=["pizzeria-oven"], content="x")
    again = till.post(key="drill-1", to=["pizzeria-oven"], content="x")
    assert first == again
    assert PrintJob.objects.count() == 1
    assert refused(till.post(key="drill-1", to=["pizzeria-oven"], content="y"))[:2] == (422, "key_reused")


def test_control_characters_never_reach_the_printer(place: Kitchen, till: Caller) -> None:
    text = "ab\x1bp\x01\x19\xfac\x10\x14\x01\x02\x01d\x1d(H\x7f"
    assert till.post(to=["pizzeria-oven"], content=text)[0] == 201
    place.work()
    (ticket,) = place.simulators["oven"].tickets
    assert ticket.drawer_pulses == 0
    assert b"\x1bp" not in ticket.raw
    assert b"\x10\x14" not in ticket.raw
    assert ticket.text.startswith("abp")


def test_a_preview_is_made_from_the_bytes_that_left(place: Kitchen, till: Caller) -> None:
    _, body = till.post(to=["pizzeria-oven"], content=[{"type": "text", "text": "<b>Fire</b>"}])
    job_id = body["jobs"][0]["id"]
    before = till.look(job_id, "txt").content
    place.work()
    Printer.objects.update(columns=32, dots=384)  # what came out stays what it was
    assert till.look(job_id, "txt").content == before == b"<b>Fire</b>\n"
    page = till.look(job_id, "html")
    assert page["Content-Type"].startswith("text/html")
    assert b"&lt;b&gt;Fire" in page.content
    assert till.look(job_id, "png").content.startswith(b"\x89PNG")
    assert till.look(job_id, "gif").status_code == 404
    attempt = Attempt.objects.get()
    assert hashlib.sha256(bytes_of(PrintJob.objects.get())).hexdigest() == attempt.sha256
    assert (
        Caller(world.restaurant(world.city(), "bistro"), "other", ["print:write"]).look(job_id, "png").status_code
        == 404
    )


def test_bytes_are_forgotten_after_a_week(place: Kitchen, till: Caller) -> None:
    till.post(to=["pizzeria-oven"], content="x")
    place.work()
    forget_payloads()
    assert Attempt.objects.get().payload is not None
    Attempt.objects.update(began_at=F("began_at") - timedelta(days=8))
    forget_payloads()
    assert Attempt.objects.get().payload is None


def test_content_is_looked_at_without_printing(place: Kitchen, till: Caller) -> None:
    answer = till.try_out(content=[{"type": "title", "text": "Menu"}], printer="pizzeria-bar", format="txt")
    assert (answer.status_code, answer.content) == (200, b"Menu\n")
    assert till.try_out(content="x", paper_mm=58).content.startswith(b"\x89PNG")
    assert till.try_out(content="x", printer="nowhere").status_code == 404
    wide = base64.b64encode(b"\x1dv0\x00\x48\x00\x01\x00" + bytes(72)).decode()
    assert till.try_out(content={"escpos": wide}).status_code == 200
    assert till.try_out(content={"escpos": wide}, paper_mm=58).json()["code"] == "invalid"
    assert not Ticket.objects.exists()
