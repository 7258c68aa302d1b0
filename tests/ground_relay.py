"""What relay tests share: a table of handlers that lasts for one test, and a relay that is run by hand."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import transaction

from delivery.cities.models import City
from delivery.ground import outbox
from delivery.ground.events import Event, Recorded
from delivery.ground.outbox.relay import Relay
from delivery.ground.registry import Reaction, TopicRow, wired
from tests.ground_facts import BoxOpened, BoxPainted, new_city

Facts = Sequence[Recorded[Any]]


def carry_all(relay: Relay | None = None) -> Relay:
    """Steps of a relay until one finds nothing to do at once; bounded."""
    relay = relay or Relay()
    for _ in range(5):
        relay.step()
    return relay


class Notes:
    """A reaction that writes down what it was handed, and fails where it is told to."""

    def __init__(self, fails_for: Callable[[Recorded[Any]], bool] = lambda fact: False) -> None:
        self.calls: list[list[tuple[int, int]]] = []
        self.fails_for = fails_for

    def wired_as(self, name: str) -> Reaction:
        def react(facts: Facts) -> None:
            if any(self.fails_for(fact) for fact in facts):
                raise RuntimeError("told to fail for +33 6 12 34 56 78")
            self.calls.append([(fact.aggregate_id, fact.seq) for fact in facts])

        react.__qualname__ = name
        return react

    @property
    def seen(self) -> list[tuple[int, int]]:
        return [fact for call in self.calls for fact in call]


def show_box(facts: Facts) -> list[TopicRow]:
    """The projection of the tests: one row per aggregate for a topic of its city."""
    newest = {fact.aggregate_id: fact for fact in facts}
    return [
        TopicRow(
            topic=f"boxes.{fact.city_id}",
            entity=f"box:{fact.aggregate_public_id}",
            version=fact.seq,
            payload={"seq": fact.seq},
        )
        for fact in newest.values()
    ]


def paint(city: City, *colours: str) -> None:
    """One transaction with a fact per colour."""
    with transaction.atomic():
        locked = City.objects.lock(pk=city.pk)
        for colour in colours:
            outbox.record(locked, BoxPainted(colour=colour))


def two_cities() -> tuple[City, City]:
    """Two aggregates whose facts share a slot, so that they meet in one chunk."""
    with transaction.atomic():
        first = new_city("ys")
        second = new_city("other", save=False)
        second.pk = first.pk + 63
        outbox.insert(second, BoxOpened(where="other"))
    return first, second


def wire_notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    """Notes as the only reaction that is wired for one test; the only projection shows boxes."""
    notes = Notes()
    kinds: tuple[type[Event], ...] = (BoxOpened, BoxPainted)
    monkeypatch.setattr(wired, "reactions", dict.fromkeys(kinds, (notes.wired_as("notes"),)))
    monkeypatch.setattr(wired, "topics", dict.fromkeys(kinds, (show_box,)))
    return notes
