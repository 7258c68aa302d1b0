"""A fact that a handler cannot take holds back its own aggregate, is tried again, and then waits for a person."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction

from delivery.ground.outbox import parked
from delivery.ground.outbox.models import EventRow, Retry, TopicEntry
from delivery.ground.outbox.relay import Relay
from delivery.ground.registry import Trouble, wired
from tests.ground_facts import BoxOpened, new_city
from tests.ground_relay import Notes, carry_all, paint, show_box, two_cities, wire_notes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    return wire_notes(monkeypatch)


def test_a_fact_that_fails_holds_back_its_own_aggregate_and_nobody_else(notes: Notes) -> None:
    first, second = two_cities()
    carry_all()
    notes.fails_for = lambda fact: (fact.aggregate_id, fact.seq) == (first.pk, 2)
    notes.calls.clear()
    paint(first, "red", "blue")
    paint(second, "green")
    relay = carry_all()
    assert notes.seen == [(second.pk, 2)]
    assert list(Retry.objects.order_by("seq").values_list("aggregate_id", "seq", "attempts", "error")) == [
        (first.pk, 2, 1, "RuntimeError: told to fail for [hidden]"),
        (first.pk, 3, 0, ""),
    ]
    # Screens do not wait for reactions.
    assert TopicEntry.objects.filter(version=3).count() == 1
    # A later fact queues behind the row, too.
    paint(first, "white")
    carry_all(relay)
    assert notes.seen == [(second.pk, 2)]
    # Mended, the line is taken in its order.
    notes.fails_for = lambda fact: False
    Retry.objects.filter(seq=2).update(next_try_at="2000-01-01T00:00Z")
    carry_all(relay)
    assert notes.seen == [(second.pk, 2), (first.pk, 2), (first.pk, 3), (first.pk, 4)]
    assert not Retry.objects.exists()


def test_after_five_tries_a_fact_is_parked_and_a_person_is_called(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[Trouble] = []
    monkeypatch.setattr(wired, "on_trouble", troubles.append)
    with transaction.atomic():
        city = new_city("ys")
    notes.fails_for = lambda fact: fact.seq == 1
    relay = carry_all()
    paint(city, "red")
    for attempts in (1, 2, 3, 4):
        assert Retry.objects.get(seq=1).attempts == attempts
        assert troubles == []
        Retry.objects.update(next_try_at="2000-01-01T00:00Z")
        carry_all(relay)
    retry = Retry.objects.get(seq=1)
    assert (retry.attempts, retry.parked_at is not None) == (5, True)
    assert [(trouble.aggregate_id, trouble.what, trouble.gave_up) for trouble in troubles] == [
        (city.pk, retry.handler, True)
    ]
    Retry.objects.update(next_try_at="2000-01-01T00:00Z")
    carry_all(relay)
    assert notes.seen == []  # neither the parked fact nor the one behind it
    (given_up,) = parked.list_parked()
    call_command("parked", again=[given_up.ref])
    notes.fails_for = lambda fact: False
    carry_all(relay)
    assert notes.seen == [(city.pk, 1), (city.pk, 2)]
    with pytest.raises(CommandError, match="fact:999"):
        call_command("parked", skip=["fact:999"])


def test_a_person_skips_a_parked_fact_and_the_next_one_moves_up(notes: Notes) -> None:
    with transaction.atomic():
        city = new_city("ys")
    notes.fails_for = lambda fact: fact.seq == 1
    relay = carry_all()
    paint(city, "red")
    carry_all(relay)
    Retry.objects.filter(seq=1).update(parked_at="2001-01-01T00:00Z")
    (given_up,) = parked.list_parked()
    assert parked.skip(given_up.ref)
    carry_all(relay)
    assert notes.seen == [(city.pk, 2)]


def test_a_chunk_is_repeated_while_something_is_in_its_way_and_then_its_handler_is_blamed(notes: Notes) -> None:
    def wait_for_ever(fact: Any) -> bool:
        raise OperationalError("canceling statement due to statement timeout")

    with transaction.atomic():
        city = new_city("ys")
    relay = Relay()
    notes.fails_for = wait_for_ever
    for _ in range(3):
        relay.step()
        assert EventRow.objects.filter(relayed_at__isnull=True).exists()
    relay.step()
    assert not EventRow.objects.filter(relayed_at__isnull=True).exists()
    assert Retry.objects.get().aggregate_id == city.pk


def test_an_urgent_reaction_calls_a_person_at_its_first_failure(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    troubles: list[Trouble] = []
    monkeypatch.setattr(wired, "on_trouble", troubles.append)
    monkeypatch.setattr(wired, "urgent", wired.reactions[BoxOpened])
    notes.fails_for = lambda fact: True
    with transaction.atomic():
        new_city("ys")
    carry_all()
    assert [trouble.gave_up for trouble in troubles] == [False]


def test_a_failing_projection_is_tried_again_and_holds_nothing_back(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_broken = True

    def fragile(facts: Any) -> Any:
        if is_broken:
            raise ValueError("no such field")
        return show_box(facts)

    monkeypatch.setattr(wired, "topics", {**wired.topics, BoxOpened: (fragile,)})
    with transaction.atomic():
        city = new_city("ys")
    paint(city, "red")
    relay = carry_all()
    assert notes.seen == [(city.pk, 1), (city.pk, 2)]
    assert [row.version for row in TopicEntry.objects.all()] == [2]
    is_broken = False
    Retry.objects.update(next_try_at="2000-01-01T00:00Z")
    carry_all(relay)
    assert [row.version for row in TopicEntry.objects.order_by("seq")] == [2, 1]
    assert not Retry.objects.exists()


def test_a_fact_of_a_newer_version_of_the_code_is_tried_again_later(notes: Notes) -> None:
    with transaction.atomic():
        city = new_city("ys")
        EventRow.objects.update(kind="BoxFromTheFuture")
    relay = carry_all()
    assert notes.seen == []
    EventRow.objects.update(kind="BoxOpened")  # the new version of the code is there
    Retry.objects.update(next_try_at="2000-01-01T00:00Z")
    carry_all(relay)
    assert notes.seen == [(city.pk, 1)]
    assert TopicEntry.objects.get().version == 1
