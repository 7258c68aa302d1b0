"""Facts enter the log only under the lock of their aggregate, and each raises its version by one."""

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from delivery.cities.models import City
from delivery.ground import outbox
from delivery.ground.errors import NotFound, VersionConflict
from delivery.ground.outbox import deadlines
from delivery.ground.outbox.errors import NotLocked
from delivery.ground.outbox.models import Deadline, EventRow, slot_of
from tests.ground_facts import BoxOpened, BoxPainted, new_city

pytestmark = pytest.mark.django_db


def test_a_new_row_has_version_1_and_its_first_fact() -> None:
    city = new_city("ys")
    row = EventRow.objects.get()
    assert (city.version, row.seq, row.kind, row.payload) == (1, 1, "BoxOpened", {"where": "ys"})
    assert (row.city_id, row.slot, row.aggregate_kind) == (city.pk, slot_of(city.pk), "cities.city")
    assert (row.aggregate_id, row.aggregate_public_id, row.by) == (city.pk, city.public_id, "system")


def test_two_facts_raise_the_version_twice_and_save_only_what_changed() -> None:
    city = new_city("ys")
    city.name, city.timezone = "Is", "never saved"
    outbox.record(city, BoxPainted(colour="red"), by="account:7", changed=["name"])
    outbox.record(city, BoxPainted(colour="blue"))
    city.refresh_from_db()
    assert (city.version, city.name, city.timezone) == (3, "Is", "Europe/Paris")
    assert list(EventRow.objects.order_by("id").values_list("seq", "by")) == [
        (1, "system"),
        (2, "account:7"),
        (3, "system"),
    ]


def test_many_births_are_one_statement_for_the_rows_and_one_for_the_facts(django_assert_num_queries: Any) -> None:
    births = [(new_city(f"c{i}", save=False), BoxOpened(where=f"c{i}")) for i in range(50)]
    with django_assert_num_queries(2):
        outbox.insert_many(births)
    assert EventRow.objects.count() == 50
    assert {city.version for city, _ in births} == {1}


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_not_locked_in_this_transaction_is_refused() -> None:
    with transaction.atomic():
        city = new_city("ys")
    with transaction.atomic(), pytest.raises(NotLocked):
        outbox.record(city, BoxPainted(colour="red"))
    with transaction.atomic(), pytest.raises(NotLocked):
        deadlines.arm(city, "box.tidy", datetime(2100, 1, 1, tzinfo=UTC))
    with pytest.raises(NotLocked):
        outbox.insert(new_city("outside", save=False), BoxOpened(where="outside"))
    assert EventRow.objects.count() == 1
    assert not City.objects.filter(slug="outside").exists()


@pytest.mark.django_db(transaction=True)
def test_a_row_locked_by_an_earlier_call_of_the_same_service_is_refused() -> None:
    """Django reuses the Atomic object of a decorated function for each call."""

    @transaction.atomic
    def paint(city: City | None = None) -> City:
        city = city or City.objects.lock(slug="ys")
        outbox.record(city, BoxPainted(colour="red"))
        return city

    with transaction.atomic():
        new_city("ys")
    stale = paint()
    assert not stale.is_locked()
    with pytest.raises(NotLocked):
        paint(stale)
    with transaction.atomic():
        fresh = City.objects.lock(slug="ys")
        paint(fresh)  # nested: the lock of the outer transaction still holds
    assert City.objects.get().version == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_people_with_the_same_version_one_is_told_to_look_again() -> None:
    with transaction.atomic():
        city = new_city("ys")
    both_know_version_1 = threading.Barrier(2, timeout=10)
    outcomes: list[str] = []

    def paint(colour: str) -> None:
        both_know_version_1.wait()
        try:
            with transaction.atomic():
                locked = City.objects.lock(pk=city.pk, version=1)
                outbox.record(locked, BoxPainted(colour=colour))
            outcomes.append("painted")
        except VersionConflict as conflict:
            outcomes.append(f"conflict at {dict(conflict.current or {}).get('version')}")
        finally:
            connection.close()

    rivals = [threading.Thread(target=paint, args=[colour]) for colour in ("red", "blue")]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join(timeout=10)
    assert sorted(outcomes) == ["conflict at 2", "painted"]


def test_a_lost_lock_never_overwrites_a_newer_version() -> None:
    city = new_city("ys")
    City.objects.filter(pk=city.pk).update(version=9)
    with pytest.raises(VersionConflict):
        outbox.record(city, BoxPainted(colour="red"))
    assert EventRow.objects.count() == 1


def test_a_row_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        City.objects.lock(pk=0)


def test_a_later_deadline_replaces_the_earlier_one_under_a_new_generation() -> None:
    city = new_city("ys")
    soon, later = datetime(2100, 1, 1, tzinfo=UTC), datetime(2100, 1, 2, tzinfo=UTC)
    deadlines.arm(city, "box.tidy", soon)
    deadlines.arm(city, "box.tidy", later, people=True)
    deadlines.arm(city, "box.close", soon)
    assert list(Deadline.objects.order_by("id").values_list("kind", "generation", "due_at", "people")) == [
        ("box.tidy", 2, later, True),
        ("box.close", 1, soon, False),
    ]
    deadlines.clear(city, "box.tidy")
    assert [row.kind for row in Deadline.objects.all()] == ["box.close"]
