"""Hostile input, to every write of the API and every page: refused with 4xx, and nothing is written."""

from typing import Any

import pytest
from django.test import Client
from django.utils.http import url_has_allowed_host_and_scheme

from tests.live.test_api_rights import OPERATIONS, RIGHTS
from tests.live.town import Caller, Town, answered, encoded, placement, written

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "nothing": b"",
    "half": b"{",
    "not utf-8": b"\xff\xfe",
    "deep array": b"[" * 100_000,
    "deep object": b'{"a":' * 20_000,
    "trailing": b"{} {}",
}
WRONG = {
    "null": b"null",
    "array": b"[]",
    "text": b'"text"',
    "number": b"1e308",
    "endless number": b'{"version": 1e400, "unknown": NaN}',
    "long integer": b'{"unknown": ' + b"9" * 5_000 + b"}",
    "NUL": b'{"unknown": "\\u0000", "reason": "\\u0000", "content": "\\u0000", "to": "a=\\u0000"}',
    "lone surrogate": b'{"\\ud800": "\\ud800", "reason": "\\ud800", "content": "\\ud800", "to": ["\\ud800"]}',
    "price": b'{"price": 1, "total": 1, "fee": 1, "status": "delivered"}',
}
TOO_LARGE = b'{"note": "' + b"x" * 1_000_001 + b'"}'


@pytest.fixture
def town() -> Town:
    return Town("here", lat=43.68)


def writes(town: Town) -> list[tuple[Caller, str]]:
    """Every write, with a caller who may do it and an own thing."""
    ids: dict[str, Any] = {"order_id": town.order, "offer_id": town.offer, "stop_id": town.stop, "alarm_id": town.alarm}
    ids |= {"job_id": town.job, "webhook_id": town.webhook, "deliverer_id": town.deliverer}
    paths = {name: str(thing.public_id) for name, thing in ids.items()} | {"uid": town.printer.uid}
    return [
        (town.callers[sorted(RIGHTS[name][0])[0]], path.format(**paths))
        for name, method, path in OPERATIONS
        if method == "POST"
    ] + [(Caller(), "/devices/pair")]


def refusals(town: Town, body: bytes) -> dict[str, tuple[int, str]]:
    before = written()
    found = {}
    for caller, path in writes(town):
        status, problem = answered(caller.send("POST", path, body))
        found[path] = (status, problem["code"])
    assert written() == before
    assert len(found) > 15
    return found


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_json_is_a_bad_request(town: Town, body: bytes) -> None:
    assert set(refusals(town, body).values()) == {(400, "bad_request")}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_what_is_no_body_of_ours_is_invalid(town: Town, body: bytes) -> None:
    assert {status for status, _ in refusals(town, body).values()} <= {400, 422}


def test_a_megabyte_is_too_much(town: Town) -> None:
    assert set(refusals(town, TOO_LARGE).values()) == {(413, "too_large")}


def test_another_method_is_told_so(town: Town) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        answer = town.callers["customer"].send(method, "/orders")
        assert answered(answer)[0] == 405
        assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("language", ["fr", "es"])
def test_what_is_wrong_with_a_field_is_said_in_the_callers_language(town: Town, language: str) -> None:
    """Every write, with each kind of wrong body; codes stay what they are."""
    for caller, path in writes(town):
        for body in WRONG.values():
            here, there = (answered(caller.send("POST", path, body, language=each))[1] for each in ("en", language))
            assert codes(here) == codes(there), path
            assert not said(here) & said(there), path


@pytest.mark.parametrize("language", ["fr", "es"])
def test_what_the_domain_refuses_is_said_in_the_callers_language(town: Town, language: str) -> None:
    wants = placement(town.shop, margherita=1)
    nowhere = wants | {"address": wants["address"] | {"lat": 1.0}}
    unknown = wants | {"lines": [{"product": str(town.order.public_id), "quantity": 1}]}
    late = wants | {"wanted_at": "2199-01-01T00:00:00Z"}
    for body in (nowhere, unknown, late):
        send = town.callers["customer"].send
        here, there = (answered(send("POST", "/orders", encoded(body), language=each))[1] for each in ("en", language))
        assert codes(here) == codes(there) != []
        assert not said(here) & said(there)


def said(problem: Any) -> set[str]:
    return {problem["title"], *(each["message"] for found in problem["fields"].values() for each in found)}


def codes(problem: Any) -> list[tuple[str, str]]:
    return [(path, each["code"]) for path, found in problem["fields"].items() for each in found]


@pytest.mark.parametrize("ident", ["x", "1", "%00", "%ff", "..%2f..", "1" * 300, "%F0%9F%8D%95", "'--"])
def test_what_is_no_id_is_no_thing(town: Town, ident: str) -> None:
    for name, method, path in OPERATIONS:
        if "{" in path:
            filled = path.replace(path[path.index("{") : path.index("}") + 1], ident)
            caller = town.callers[sorted(RIGHTS[name][0])[0]]
            assert answered(caller.send(method, filled, b"{}"))[0] in (404, 422), filled


@pytest.mark.parametrize("role", ["nobody", "customer", "\0", "\ud7ff", "ppa_" + "x" * 5_000])
def test_tokens_that_are_none(role: str) -> None:
    answer = Client(headers={"Authorization": f"Bearer {role}"}).get("/api/v1/offers")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_places_and_instants_at_the_end_of_the_world(town: Town) -> None:
    first, last = "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"
    before = written()
    for change in (
        {"at": first, "sent_at": last},
        {"at": last, "sent_at": first},
        {"at": "yesterday"},
        {"at": "2026-01-01T00:00:00"},
        {"at": 1e308},
        {"lat": 1e308},
        {"lat": "1e3"},
        {"lat": "45.0"},
        {"lat": None},
        {"lon": -181},
    ):
        body = {"lat": 45.0, "lon": 4.6, "at": "2026-01-01T00:00:00Z"} | change
        assert town.callers["deliverer"].post("/positions", body)[0] == 422, change
    assert written() == before


def test_content_that_no_printer_takes(town: Town) -> None:
    till = town.callers["integrator"]
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    before = written()
    for content in (deep, {"escpos": "no base64"}, {"escpos": "\u2603"}, [{"type": "image", "data": "AAAA"}], 7, None):
        assert till.post("/print", {"to": ["here-oven"], "content": content})[0] == 422, content
    for more in ({"copies": 0}, {"copies": 11}, {"copies": "2"}, {"copies": True}, {"not_after": "2020-01-01T00:00Z"}):
        assert till.post("/print", {"to": ["here-oven"], "content": "x"} | more)[0] == 422, more
    assert written() == before


PAGES = ["/accounts/login/", "/accounts/signup/", "/lobby/pair/", "/kitchen/pair/", "/phone/sign-in/", "/language/"]
TEXTS = [
    "//evil.example",
    "https://evil.example",
    "\0",
    "\ud7ff\ufffe",
    "x" * 200_000,
    "1e308",
    "-1",
    "%00",
    "<script>",
]


@pytest.mark.parametrize("path", PAGES)
def test_forms_take_no_nonsense(path: str) -> None:
    names = ("login", "email", "password", "password1", "code", "phone", "language", "next", "version", "name")
    browser = Client(raise_request_exception=False)
    before = written()
    for text in TEXTS:
        answer = browser.post(path, dict.fromkeys(names, text))
        assert answer.status_code < 500, text
        assert url_has_allowed_host_and_scheme(answer.headers.get("Location", "/"), allowed_hosts=None), text
    for body in (b"\xff" * 100, b"a=" + b"x" * 1_000_001, b"&".join(b"a%d=1" % n for n in range(1_100))):
        answer = browser.generic("POST", path, body, content_type="application/x-www-form-urlencoded")
        assert answer.status_code in (200, 302, 400, 413, 422, 429), body[:20]
    assert browser.generic("POST", path, b"--", content_type="multipart/form-data; boundary=").status_code < 500
    assert without_sessions(written()) == without_sessions(before)


@pytest.mark.parametrize(
    "path", ["/\0", "/%00", "/%ff", "/track/%00/", "/track/" + "x" * 300 + "/", "/?lat=nan&lon=1e999"]
)
def test_addresses_that_are_none(path: str) -> None:
    assert Client(raise_request_exception=False).get(path).status_code < 500


@pytest.mark.parametrize("query", ["", "lat=x&lon=1", "lat=nan&lon=0", "lat=1e308&lon=0", "lat=91&lon=0", "lat=1"])
def test_restaurants_are_near_a_point(query: str) -> None:
    status, problem = Caller().get(f"/restaurants?{query}")
    assert (status, problem["code"], bool(problem["fields"])) == (422, "invalid", True)


def without_sessions(tables: dict[str, Any]) -> dict[str, Any]:
    return {name: rows for name, rows in tables.items() if name != "django_session"}
