"""The relay carries every fact once, in the order of each aggregate, whatever overlaps."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from delivery.cities.models import City
from delivery.ground import outbox
from delivery.ground.outbox import chunks
from delivery.ground.outbox import relay as relay_module
from delivery.ground.outbox.models import CityStream, EventRow, Retry, Topic, TopicEntry, slot_of
from delivery.ground.outbox.relay import Relay
from delivery.ground.registry import Trouble, wired
from restaurants.models import Restaurant
from tests.ground_facts import BoxOpened, BoxPainted, new_city
from tests.ground_relay import Notes, carry_all, paint, two_cities, wire_notes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    return wire_notes(monkeypatch)


def test_facts_reach_reactions_and_topics_once(notes: Notes) -> None:
    with transaction.atomic():
        city = new_city("ys")
    paint(city, "red")
    relay = carry_all()
    paint(city, "blue")
    carry_all(relay)
    assert notes.seen == [(city.pk, 1), (city.pk, 2), (city.pk, 3)]
    rows = list(TopicEntry.objects.order_by("seq").values_list("topic", "seq", "batch", "version", "payload"))
    assert rows == [(f"boxes.{city.pk}", 1, 1, 2, {"seq": 2}), (f"boxes.{city.pk}", 2, 2, 3, {"seq": 3})]
    assert Topic.objects.get().seq == CityStream.objects.get(pk=city.pk).batch == 2
    assert not EventRow.objects.filter(relayed_at__isnull=True).exists()


def test_a_missing_version_is_told_and_stops_nothing(notes: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    troubles: list[Trouble] = []
    monkeypatch.setattr(wired, "on_trouble", troubles.append)
    with transaction.atomic():
        city = new_city("ys")
    relay = carry_all()
    City.objects.filter(pk=city.pk).update(version=2)  # what no service may do
    paint(city, "red")
    carry_all(relay)
    assert [(trouble.what, trouble.error) for trouble in troubles] == [("sequence", "version 2 before it is missing")]
    assert notes.seen == [(city.pk, 1), (city.pk, 3)]


@pytest.fixture
def low_ceiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """The floor is the newest carried id, at once; only a new relay scans everything, at its first step."""
    monkeypatch.setattr(chunks, "FLOOR_IDS", 0)
    monkeypatch.setattr(chunks, "FLOOR_S", -1)
    monkeypatch.setattr(relay_module, "FULL_SCAN_EVERY_S", float("inf"))


@pytest.mark.usefixtures("low_ceiling")
def test_a_fact_that_commits_below_the_floor_is_found_by_a_full_scan(notes: Notes) -> None:
    first, second = two_cities()
    relay = carry_all()
    is_written, may_commit = threading.Event(), threading.Event()

    def paint_slowly() -> None:
        try:
            with transaction.atomic():
                outbox.record(City.objects.lock(pk=first.pk), BoxPainted(colour="slow"))
                is_written.set()
                assert may_commit.wait(timeout=10)
        finally:
            connection.close()

    slow = threading.Thread(target=paint_slowly)
    slow.start()
    assert is_written.wait(timeout=10)
    paint(second, "fast")
    carry_all(relay)
    may_commit.set()
    slow.join(timeout=10)
    carry_all(relay)
    assert notes.seen[-1] == (second.pk, 2)
    carry_all(Relay())
    assert notes.seen[-1] == (first.pk, 2)


@pytest.mark.usefixtures("low_ceiling")
def test_a_fact_never_overtakes_an_earlier_one_of_its_aggregate_that_lies_below_the_floor(notes: Notes) -> None:
    first, second = two_cities()
    relay = carry_all()
    paint(first, "red")
    paint(second, "green")
    EventRow.objects.filter(aggregate_id=first.pk, seq=2).update(slot=64)  # out of sight for a moment
    carry_all(relay)
    EventRow.objects.filter(slot=64).update(slot=slot_of(first.pk))
    paint(first, "blue")
    carry_all(relay)
    assert notes.seen[-3:] == [(second.pk, 2), (first.pk, 2), (first.pk, 3)]


def carry_concurrently(relays: int, until: int, notes: Notes) -> None:
    """Relays in threads of their own, until they have seen `until` facts; at most 20 s."""
    done = threading.Event()

    def work() -> None:
        relay = Relay()
        try:
            while not done.wait(timeout=0.001):
                relay.step()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(relays)]
    for thread in threads:
        thread.start()
    for _ in range(2000):
        if len(notes.seen) >= until or done.wait(timeout=0.01):
            break
    done.set()
    for thread in threads:
        thread.join(timeout=10)


def test_two_relays_and_four_writers_keep_every_order_and_carry_each_fact_once(notes: Notes) -> None:
    with transaction.atomic():
        cities = [new_city(f"c{number}") for number in range(6)]

    def write(offset: int) -> None:
        try:
            for turn in range(25):
                paint(cities[(turn + offset) % 6], "red", "blue")
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=[offset]) for offset in range(4)]
    for writer in writers:
        writer.start()
    carry_concurrently(2, until=6 + 200, notes=notes)
    for writer in writers:
        writer.join(timeout=10)
    for city in cities:
        versions = City.objects.get(pk=city.pk).version
        assert [seq for pk, seq in notes.seen if pk == city.pk] == list(range(1, versions + 1))
        numbers = TopicEntry.objects.filter(topic=f"boxes.{city.pk}").order_by("seq").values_list("seq", flat=True)
        assert list(numbers) == list(range(1, len(numbers) + 1))
        batches = TopicEntry.objects.filter(city_id=city.pk).order_by("batch").values_list("batch", flat=True)
        assert sorted(set(batches)) == list(range(1, CityStream.objects.get(pk=city.pk).batch + 1))
    assert len(notes.seen) == 206
    assert not Retry.objects.exists()


def statements_of_a_chunk(count: int, notes: Notes) -> int:
    """Statements of one relay step that carries one fact of each of `count` shops of one city."""
    with transaction.atomic():
        city = new_city(f"home-of-{count}")
        shops = [
            Restaurant(city=city, slug=f"s{count}-{n}", name="s", address_line="", lat=45, lon=5) for n in range(count)
        ]
        outbox.insert_many([(shop, BoxOpened(where="x")) for shop in shops])
    carry_all()
    with transaction.atomic():
        for shop in shops:
            outbox.record(Restaurant.objects.lock(pk=shop.pk), BoxPainted(colour="red"))
    relay = Relay()
    notes.calls.clear()
    with CaptureQueriesContext(connection) as queries:
        relay.step()
    assert [len(call) for call in notes.calls] == [count]
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_chunk(notes: Notes) -> None:
    assert statements_of_a_chunk(1, notes) == statements_of_a_chunk(200, notes)
