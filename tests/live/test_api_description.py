"""The API describes itself, and answers as it says."""

import json
import re
from typing import Any

import pytest

from delivery.checkout.web.api import QuoteAnswer
from delivery.ground.openapi import Answer, ProblemAnswer
from delivery.orders.answers import CustomerOrder, KitchenOrder, PlacedOrder
from delivery.urls import api
from dispatch.answers import (
    AcceptedOffer,
    AlarmAnswer,
    CityRoute,
    HandedBackStop,
    OffersAnswer,
    PositionsAnswer,
    VisitedStop,
)
from dispatch.fleet.answers import EndedShift, ResumedOffers, ShiftAnswer
from printing.web.api import JobAnswer, QueuedAnswer
from restaurants.answers import MenuAnswer, RestaurantsAnswer
from tests.live.town import Caller, Town, basket, placement

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> dict[str, Any]:
    status, document = Caller().get("/openapi.json")
    assert status == 200
    return dict(document)


def test_it_is_whole(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    references = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(document)))
    assert references <= set(document["components"]["schemas"])
    assert {"bearer", "session"} == set(document["components"]["securitySchemes"])


def test_every_operation_has_typed_answers(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert operation["responses"]["4XX"]["content"]["application/problem+json"]
            [status] = [status for status in operation["responses"] if status.startswith("2")]
            if status != "204":
                assert "schema" in operation["responses"][status]["content"]["application/json"], path


def test_writes_name_their_key(document: dict[str, Any]) -> None:
    without = {
        path
        for path, methods in document["paths"].items()
        if "post" in methods and "Idempotency-Key" not in {p["name"] for p in methods["post"]["parameters"]}
    }
    assert without == {"/api/v1/positions", "/api/v1/devices/pair", "/api/v1/print/preview"}


def test_no_two_bodies_share_a_name() -> None:
    bodies: dict[str, set[str]] = {}
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            for operation in view.operations:
                for model in operation.models:
                    for field in model.model_fields.values():
                        if isinstance(field.annotation, type) and hasattr(field.annotation, "model_json_schema"):
                            bodies.setdefault(field.annotation.__name__, set()).add(field.annotation.__module__)
    assert {name: modules for name, modules in bodies.items() if len(modules) > 1} == {}
    assert len(bodies) > 8


def test_answers_are_as_described() -> None:
    town = Town("here", lat=43.68)
    customer, lobby, deliverer = (town.callers[role] for role in ("customer", "lobby", "deliverer"))
    path = f"/orders/{town.order.public_id}"
    offer = f"/offers/{town.offer.public_id}/accept"
    there = Town("there", lat=44.5)
    second, dispatcher = there.callers["deliverer"], town.callers["dispatcher"]
    second.post(f"/offers/{there.offer.public_id}/accept", {})
    waiting = f"/orders/{there.offered.public_id}/assign"
    given, dropoff = there.stop, town.offer.route.stops.get(kind="dropoff")
    answers: list[tuple[type[Answer], tuple[int, Any], int]] = [
        (QuoteAnswer, customer.post("/quotes", basket(town.shop, cola=2)), 201),
        (PlacedOrder, customer.post("/orders", placement(town.shop, cola=2)), 201),
        (CustomerOrder, customer.get(path), 200),
        (KitchenOrder, lobby.get(path), 200),
        (KitchenOrder, lobby.post(f"{path}/accept", {}), 200),
        (CustomerOrder, town.callers["dispatcher"].get(path), 200),
        (OffersAnswer, deliverer.get("/offers"), 200),
        (AcceptedOffer, deliverer.post(offer, {}), 200),
        (OffersAnswer, deliverer.get("/offers"), 200),
        (RestaurantsAnswer, Caller().get(f"/restaurants?lat={town.shop.lat}&lon={town.shop.lon}"), 200),
        (MenuAnswer, Caller().get(f"/restaurants/{town.shop.public_id}/menu"), 200),
        (VisitedStop, deliverer.post(f"/stops/{town.stop.public_id}/arrive", {}), 200),
        (VisitedStop, deliverer.post(f"/stops/{town.stop.public_id}/complete", {}), 200),
        (VisitedStop, deliverer.post(f"/stops/{dropoff.public_id}/fail", {"reason": "shut"}), 200),
        (HandedBackStop, second.post(f"/stops/{given.public_id}/fail", {"reason": "closed"}), 200),
        (CityRoute, there.callers["dispatcher"].post(waiting, {"deliverer": str(there.deliverer.public_id)}), 200),
        (PositionsAnswer, dispatcher.get(f"/cities/{town.shop.city.public_id}/positions"), 200),
        (AlarmAnswer, dispatcher.post(f"/alarms/{town.alarm.public_id}/take", {}), 200),
        (AlarmAnswer, dispatcher.post(f"/alarms/{town.alarm.public_id}/close", {"reason": "done"}), 200),
        (ResumedOffers, deliverer.post("/offers/resume", {}), 200),
        (EndedShift, deliverer.post("/shifts/end", {}), 200),
        (ShiftAnswer, deliverer.post("/shifts/start", {}), 200),
        (JobAnswer, lobby.get(f"/print/jobs/{town.job.public_id}"), 200),
        (QueuedAnswer, lobby.post("/print", {"to": [town.printer.uid], "content": "x"}), 201),
        (ProblemAnswer, deliverer.post(offer, {"version": 1}), 409),
        (ProblemAnswer, customer.post("/quotes", {"lines": [{}]}), 422),
    ]
    for shape, (status, body), expected in answers:
        assert status == expected, (shape, body)
        shape.model_validate(body)
