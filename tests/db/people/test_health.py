"""What probes hear, with everything there and with parts away."""

import pytest
from django.test import Client
from pytest_django import Settings

from delivery.ground import clock, health
from delivery.ground.outbox import heartbeats
from dispatch.desk.models import Alarm
from tests import world

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = [process for processes in health.PROCESSES.values() for process in processes]
NOWHERE = "redis://127.0.0.1:1/0"


def test_alive_asks_no_database(client: Client, django_assert_num_queries: object) -> None:
    client.force_login(world.account())
    with django_assert_num_queries(0):  # type: ignore[operator]  # pytest-django's fixture has no public type
        response = client.get("/healthz", headers={"host": "10.1.2.3"})
    assert (response.status_code, response.json()) == (200, {"alive": True})


def test_ready_when_every_part_gave_a_sign_of_life(client: Client) -> None:
    for process in PROCESSES:
        heartbeats.beat(process)
    response = client.get("/readyz")
    body = response.json()
    assert (response.status_code, body["ready"], body["oldest_open_event_s"]) == (200, True, 0)
    assert set(body["parts"]) == {"web", "relay", "planner", "worker", "postgres", "valkey"}
    assert "degraded" not in body


@pytest.mark.parametrize("missing", PROCESSES)
def test_a_silent_process_is_named(client: Client, missing: str) -> None:
    for process in PROCESSES:
        if process != missing:
            heartbeats.beat(process)
    response = client.get("/readyz")
    silent = [part for part in response.json()["parts"].values() if not part["ready"]]
    assert response.status_code == 503
    assert [part["detail"] for part in silent] == [f"{missing}: never seen"]


def test_without_valkey_it_is_degraded_and_serves(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = NOWHERE
    for process in PROCESSES:
        heartbeats.beat(process)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["degraded"]) == (200, True)


def test_metrics_are_for_this_machine(client: Client) -> None:
    heartbeats.beat("relay")
    text = client.get("/metrics").content.decode()
    assert 'passeplat_heartbeat_age_seconds{process="relay"}' in text
    assert "passeplat_oldest_open_event_seconds 0.0" in text


def test_metrics_count_what_is_open(client: Client) -> None:
    order = world.order(world.pizzeria())
    Alarm.objects.create(city=order.city, kind="help", subject="deliverer:1", opened_at=clock.now())
    lines = client.get("/metrics").content.decode().splitlines()
    assert {
        'passeplat_orders_open{status="placed"} 1.0',
        'passeplat_orders_open{status="ready"} 0.0',
        'passeplat_tickets_open{state="unconfirmed"} 0.0',
        'passeplat_tickets_open{state="overdue"} 0.0',
        'passeplat_alarms_open{owner="nobody"} 1.0',
        'passeplat_alarms_open{owner="taken"} 0.0',
    } <= set(lines)


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("203.0.113.7", {}),
        ("203.0.113.7", {"x-forwarded-for": "127.0.0.1"}),
        ("127.0.0.1", {"x-forwarded-for": "1.2.3.4"}),
    ],
)
def test_metrics_are_not_for_others(client: Client, address: str, headers: dict[str, str]) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code == 403


def test_a_token_opens_metrics_from_anywhere(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "let me count")
    right = client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"authorization": "Bearer let me count"})
    wrong = client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"authorization": "Bearer let me"})
    assert (right.status_code, wrong.status_code) == (200, 403)
