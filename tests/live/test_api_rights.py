"""Ids x roles: every operation of the API, for every role, on what is theirs and on what is not."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from delivery.ground.access import Actor
from delivery.ground.registry import wired
from delivery.urls import api
from tests.live.town import Caller, Town, answered, basket, encoded, placement, written

pytestmark = pytest.mark.django_db

STAFF = {"dispatcher", "support", "owner"}
COUNTER = {"restaurateur", "integrator", "lobby", "kitchen"}
PRINTS = {"restaurateur", "integrator", "print_only", "lobby", "owner"}
FLEET = {"restaurateur", "owner"}
EVERYBODY = {"customer", "deliverer", "print_only", "read_only", "program"} | STAFF | COUNTER
# Limited tokens are refused before anybody looks whose thing it is.
LIMITED = {"print_only", "read_only", "program"}
UNLIMITED = EVERYBODY - LIMITED

# url name -> (roles that may use it on their own things, roles refused with 403 on any id); all others get 404.
RIGHTS: dict[str, tuple[set[str], set[str]]] = {
    "order": (STAFF | COUNTER | {"customer", "read_only"}, {"print_only", "program"}),
    "order_decisions": (STAFF, LIMITED | {"integrator"}),
    "accept_order": (STAFF | COUNTER, LIMITED),
    "reject_order": (STAFF | COUNTER, LIMITED),
    "ready_order": (STAFF | COUNTER, LIMITED),
    "cancel_order": (STAFF | COUNTER | {"customer"}, LIMITED),
    "assign_order": (STAFF, LIMITED | {"integrator"}),
    "offers": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "accept_offer": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "decline_offer": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "arrive_stop": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "complete_stop": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "fail_stop": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "start_shift": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "end_shift": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "resume_offers": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "report_position": ({"deliverer"}, EVERYBODY - {"deliverer"}),
    "positions": (STAFF, EVERYBODY - STAFF),
    "equip_deliverer": (STAFF, EVERYBODY - STAFF),
    "take_alarm": (STAFF, EVERYBODY - STAFF),
    "close_alarm": (STAFF, EVERYBODY - STAFF),
    "print": (PRINTS, EVERYBODY - PRINTS),
    "print_job": (PRINTS, EVERYBODY - PRINTS),
    "print_job_preview": (PRINTS, EVERYBODY - PRINTS),
    "print_preview": (PRINTS, EVERYBODY - PRINTS),
    "printers": (FLEET, EVERYBODY - FLEET),
    "printer": (FLEET, EVERYBODY - FLEET),
    "test_printer": (FLEET, EVERYBODY - FLEET),
    "pause_printer": (FLEET, EVERYBODY - FLEET),
    "resume_printer": (FLEET, EVERYBODY - FLEET),
    "move_jobs": (FLEET, EVERYBODY - FLEET),
    "replace_printer": (FLEET, EVERYBODY - FLEET),
    "webhooks": ({"program"}, EVERYBODY - {"program"}),
    "webhook": ({"program"}, EVERYBODY - {"program"}),
    "webhook_deliveries": ({"program"}, EVERYBODY - {"program"}),
    "quote": (UNLIMITED, LIMITED),
    "place": (UNLIMITED, LIMITED),
}
PUBLIC = {"restaurants", "menu", "pair_device"}
# These see and do everything everywhere.
GLOBAL = {"support", "owner"}


@pytest.fixture
def here() -> Town:
    return Town("here", lat=43.68)


@pytest.fixture
def there() -> Town:
    return Town("there", lat=44.5)


def operations() -> Iterator[tuple[str, str, str]]:
    """(url name, method, path) of every operation."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            for operation in view.operations:
                yield str(operation.url_name), operation.methods[0], re.sub(r"{\w+:", "{", path)


def call(caller: Caller, name: str, method: str, path: str, on: Town) -> int:
    """The status for an operation on the things of a town."""
    ids = {
        "order_id": on.order.public_id,
        "offer_id": on.offer.public_id,
        "stop_id": on.stop.public_id,
        "city_id": on.shop.city.public_id,
        "deliverer_id": on.deliverer.public_id,
        "alarm_id": on.alarm.public_id,
        "job_id": on.job.public_id,
        "restaurant_id": on.shop.public_id,
        "uid": on.printer.uid,
        "kind": "txt",
        "webhook_id": on.webhook.public_id,
    }
    bodies: dict[str, Any] = {
        "reject_order": {"reason": "busy"},
        "cancel_order": {"reason": "gone"},
        "fail_stop": {"reason": "gone"},
        "close_alarm": {"reason": "done"},
        "assign_order": {"deliverer": str(on.deliverer.public_id)},
        "report_position": {"lat": 1, "lon": 1, "at": "2026-01-01T00:00:00Z"},
        "print": {"to": [on.printer.uid], "content": "x"},
        "print_preview": {"content": "x"},
        "printers": {"restaurant": on.shop.slug, "uid": "new", "name": "New", "host": "127.0.0.1"},
        "move_jobs": {"to": on.printer.uid},
        "replace_printer": {"to": on.printer.uid},
        "webhooks": {"url": "https://1.1.1.1/"},
        "webhook": {"on": True},
        "quote": basket(on.shop, cola=1),
        "place": placement(on.shop, cola=1),
    }
    path = path.format(**ids)
    if method == "GET":
        return caller.get(path)[0]
    body = {} if method == "PATCH" else bodies.get(name, {})
    return answered(caller.send(method, path, encoded(body)))[0]


OPERATIONS = [operation for operation in operations() if operation[0] not in PUBLIC]


def test_the_table_names_every_operation() -> None:
    assert {name for name, _, _ in operations()} == set(RIGHTS) | PUBLIC
    names = {name for name in wired.access if name.startswith("api:")} - {"api:openapi-json", "api:api-root"}
    assert names == {f"api:{name}" for name in set(RIGHTS) | PUBLIC}


def test_nobody_reaches_nothing(here: Town) -> None:
    before = written()
    for name, method, path in OPERATIONS:
        for caller in (Caller(), Caller("ppa_unknown"), Caller("ppd_unknown")):
            assert call(caller, name, method, path, here) == 401, name
    assert written() == before


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_what_is_foreign_does_not_exist(here: Town, there: Town, role: str) -> None:
    caller = here.callers[role]
    caller.get("/offers")  # devices are seen
    for name, method, path in OPERATIONS:
        allowed, refused = RIGHTS[name]
        if role in refused:
            before = written()
            assert call(caller, name, method, path, there) == 403, name
            assert written() == before, name
        elif "{" in path or name == "print":
            if role in GLOBAL and role in allowed:
                continue
            before = written()
            assert call(caller, name, method, path, there) == 404, name
            assert written() == before, name


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_own_things_need_the_right(here: Town, role: str) -> None:
    """Whoever sees a thing but may not act on it gets 403; whoever has nothing to do with it 404."""
    caller = here.callers[role]
    for name, method, path in OPERATIONS:
        allowed, refused = RIGHTS[name]
        if role in allowed:
            continue
        before = written()
        sees = (name.endswith("_order") or name == "order_decisions") and role in RIGHTS["order"][0]
        expected = 403 if role in refused or sees else 404
        assert call(caller, name, method, path, here) == expected, name
        assert written() == before, name


@pytest.mark.parametrize("name", sorted(RIGHTS))
def test_whoever_has_the_right_is_let_in(here: Town, name: str) -> None:
    if name.endswith("_stop"):
        assert call(here.callers["deliverer"], "accept_offer", "POST", "/offers/{offer_id}/accept", here) == 200
    for method, path in [(method, path) for known, method, path in OPERATIONS if known == name]:
        for role in sorted(RIGHTS[name][0]):
            status = call(here.callers[role], name, method, path, here)
            # 409: another role was first, or the order is not there yet.
            assert status in (200, 201, 204, 409), (role, status)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_topics_of_others_cannot_be_joined(here: Town, there: Town, role: str) -> None:
    join = {
        "order": (there.order.public_id, GLOBAL),
        "kitchen": (there.shop.public_id, set()),
        "deliverer": (there.deliverer.public_id, None),
        "city": (there.shop.city.public_id, GLOBAL),
    }
    actor = actor_of(here.callers[role])
    for family, (public_id, everywhere) in join.items():
        may_join = wired.families[family].may_join(actor, str(public_id))
        if everywhere is None:
            assert not may_join or role in GLOBAL, family
        else:
            assert may_join is (role in everywhere), family


def test_topics_of_ones_own_can_be_joined(here: Town) -> None:
    joins = {
        "order": (here.order.public_id, RIGHTS["order"][0]),
        "kitchen": (here.shop.public_id, COUNTER | {"read_only"}),
        "city": (here.shop.city.public_id, STAFF),
    }
    for family, (public_id, roles) in joins.items():
        may = {
            role
            for role, caller in here.callers.items()
            if wired.families[family].may_join(actor_of(caller), str(public_id))
        }
        assert may == roles, family
    assert wired.families["deliverer"].may_join(actor_of(here.callers["deliverer"]), str(here.deliverer.public_id))


def actor_of(caller: Caller) -> Actor:
    assert wired.actor_of_scope is not None
    scope = {"headers": [(b"authorization", f"Bearer {caller.token}".encode())]}
    actor = wired.actor_of_scope(scope)
    assert actor is not None
    return actor
