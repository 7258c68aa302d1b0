"""`print.<restaurant>`: programs that may print there follow every job, with an order or without."""

import pytest

from delivery.ground.access import Actor
from delivery.integrations import keys
from printing.models import PrintJob
from printing.services.requests import request_print
from printing.topics import jobs_named, may_join_print, program_jobs
from tests import world
from tests.db.printing.facts import facts_about
from tests.db.printing.kitchen import kitchen

pytestmark = pytest.mark.django_db(transaction=True)


def actor_with(*scopes: str, **reach: object) -> Actor:
    _, secret = keys.make_key(name="x", scopes=scopes, by="tests", **reach)  # type: ignore[arg-type]
    actor = keys.actor_of_key(secret)
    assert actor is not None
    return actor


def test_jobs_are_followed_from_the_queue_to_the_paper() -> None:
    with kitchen() as place:
        place.cook("margherita")
        printer = place.printers["oven"]
        request_print(printers=[printer], content="x", copies=1, priority=2, not_after=None, by="tests")
        rows = program_jobs(str(place.shop.public_id))
        assert [row.payload["state"] for row in rows if row.payload] == ["queued", "queued"]
        assert {row.topic for row in rows} == {f"print.{place.shop.public_id}"}
        place.work()
        told = list(jobs_named(facts_about(printer, "TicketPrinted")))
    assert [row.payload["state"] for row in told if row.payload] == ["printed", "printed"]
    assert {row.entity for row in told} == {f"job:{job.public_id}" for job in PrintJob.objects.all()}
    assert program_jobs(str(place.shop.public_id)) == []


def test_who_may_not_print_there_may_not_follow() -> None:
    shop, other = world.pizzeria(), world.restaurant(world.city(), "bistro")
    topic = str(shop.public_id)
    assert may_join_print(actor_with("print:write", restaurants=[shop]), topic)
    assert may_join_print(actor_with("print:write", cities=[shop.city]), topic)
    assert not may_join_print(actor_with("print:write", restaurants=[other]), topic)
    assert not may_join_print(actor_with("orders:read", restaurants=[shop]), topic)
    assert not may_join_print(Actor(), topic)
    assert not may_join_print(actor_with("print:write", reaches_all=True), "nonsense")
