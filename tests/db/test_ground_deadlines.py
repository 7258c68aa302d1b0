"""Deadlines fire exactly once, harm nobody after an outage, and none of them can stop the others."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from delivery.cities.models import City
from delivery.ground import outbox
from delivery.ground.outbox import deadlines, firing, outages, parked
from delivery.ground.outbox.firing import DeadlineLoop
from delivery.ground.outbox.models import Deadline, Heartbeat
from delivery.ground.registry import Duty, Trouble, wired
from tests.ground_facts import BoxPainted, new_city

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
FAR_AHEAD = datetime(2100, 1, 1, tzinfo=UTC)


class Service:
    """A duty that tidies a box; it fails for those it is told to."""

    def __init__(self) -> None:
        self.tidied: list[int] = []
        self.fails_for: set[int] = set()

    def __call__(self, *, aggregate_pk: int) -> None:
        box = City.objects.lock(pk=aggregate_pk)
        if aggregate_pk in self.fails_for:
            raise RuntimeError("cannot tidy")
        outbox.record(box, BoxPainted(colour="tidy"))
        self.tidied.append(aggregate_pk)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    service = Service()
    monkeypatch.setattr(wired, "deadlines", {"box.tidy": Duty(service), "box.answer": Duty(service, people=True)})
    return service


def box(slug: str, kind: str = "box.tidy", due_at: datetime = LONG_AGO) -> City:
    with transaction.atomic():
        city = new_city(slug)
        deadlines.arm(city, kind, due_at)
    return city


def test_a_due_deadline_calls_its_service_once_and_is_gone(service: Service) -> None:
    due = box("due")
    box("later", due_at=FAR_AHEAD)
    loop = DeadlineLoop()
    loop.step()
    loop.step()
    assert service.tidied == [due.pk]
    assert City.objects.get(pk=due.pk).version == 2
    assert Deadline.objects.count() == 1


def test_two_loops_fire_each_deadline_once(service: Service) -> None:
    boxes = [box(f"b{number}").pk for number in range(30)]
    start = threading.Barrier(2, timeout=10)

    def work() -> None:
        try:
            start.wait()
            DeadlineLoop().step()
        finally:
            connection.close()

    loops = [threading.Thread(target=work) for _ in range(2)]
    for loop in loops:
        loop.start()
    for loop in loops:
        loop.join(timeout=20)
    DeadlineLoop().step()
    assert sorted(service.tidied) == boxes
    assert set(City.objects.values_list("version", flat=True)) == {2}


def test_a_deadline_that_was_replaced_meanwhile_does_not_fire(service: Service) -> None:
    city = box("ys")
    (found,) = firing.find_due()
    with transaction.atomic():
        deadlines.arm(City.objects.lock(pk=city.pk), "box.tidy", FAR_AHEAD)
    firing.fire(found)
    assert service.tidied == []
    assert Deadline.objects.get().generation == 2


def test_a_failing_deadline_is_parked_after_five_tries_and_stops_no_other(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles: list[Trouble] = []
    monkeypatch.setattr(wired, "on_trouble", troubles.append)
    bad, good = box("bad"), box("good")
    service.fails_for = {bad.pk}
    for attempts in range(1, 6):
        assert troubles == []
        DeadlineLoop().step()
        assert Deadline.objects.get().attempts == attempts
        Deadline.objects.update(try_at=LONG_AGO)
    DeadlineLoop().step()
    assert service.tidied == [good.pk]
    assert [(t.city_id, t.what, t.error, t.gave_up) for t in troubles] == [
        (bad.pk, "box.tidy", "RuntimeError: cannot tidy", True)
    ]
    (given_up,) = parked.list_parked()
    assert (given_up.what, given_up.aggregate) == ("box.tidy", f"cities.city:{bad.pk}")
    assert given_up.error == "RuntimeError: cannot tidy"
    assert City.objects.get(pk=bad.pk).version == 1


def test_a_person_has_a_parked_deadline_tried_again_or_skipped(service: Service) -> None:
    first, second = box("first"), box("second")
    Deadline.objects.update(parked_at=LONG_AGO, attempts=5)
    DeadlineLoop().step()
    assert service.tidied == []
    again, never = (one.ref for one in parked.list_parked())
    assert parked.try_again(again)
    assert parked.skip(never)
    assert not parked.skip(never)
    DeadlineLoop().step()
    assert service.tidied == [first.pk]
    assert City.objects.get(pk=second.pk).version == 1
    assert not Deadline.objects.exists()


def test_a_deadline_waits_for_a_busy_aggregate_without_counting_a_try_or_stopping_others(service: Service) -> None:
    busy, free = box("busy"), box("free")
    holds, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                held = City.objects.lock(pk=busy.pk)
                holds.set()
                assert may_end.wait(timeout=10)
                deadlines.clear(held, "box.tidy")  # the opposite order of firing would be a deadlock
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert holds.wait(timeout=10)
    DeadlineLoop().step()
    assert service.tidied == [free.pk]
    assert Deadline.objects.get().attempts == 0
    may_end.set()
    holder.join(timeout=10)
    assert not Deadline.objects.exists()


def test_services_and_the_loop_on_the_same_aggregates_never_deadlock(service: Service) -> None:
    boxes = [box(f"b{number}") for number in range(4)]
    errors: list[BaseException] = []

    def rearm() -> None:
        try:
            for turn in range(40):
                with transaction.atomic():
                    city = City.objects.lock(pk=boxes[turn % 4].pk)
                    outbox.record(city, BoxPainted(colour="red"))
                    deadlines.arm(city, "box.tidy", LONG_AGO)
        except BaseException as error:
            errors.append(error)
            raise
        finally:
            connection.close()

    writers = [threading.Thread(target=rearm) for _ in range(3)]
    for writer in writers:
        writer.start()
    loop = DeadlineLoop()
    while any(writer.is_alive() for writer in writers):
        loop.step()
    for writer in writers:
        writer.join(timeout=10)
    assert errors == []
    assert not Deadline.objects.exclude(error="").exists()


def year(number: int) -> datetime:
    return datetime(number, 1, 1, tzinfo=UTC)


def test_after_an_outage_people_get_the_time_that_they_lost(service: Service) -> None:
    """The loop was last seen in 2001."""
    Heartbeat.objects.create(process="deadlines", at=year(2001), detail={})
    due = {
        box("missed", "box.answer", year(2010)).pk: year(2010),
        box("still ahead", "box.answer", year(2100)).pk: year(2100),
        box("armed during the outage", "box.answer", year(2012)).pk: year(2012),
    }
    missed, ahead, late = due
    Deadline.objects.update(armed_at=year(2000))
    Deadline.objects.filter(aggregate_id=late).update(armed_at=year(2005))
    machine = box("a machine's", "box.tidy", year(2010))
    loop = DeadlineLoop()
    loop.step()
    loop.step()
    assert service.tidied == [machine.pk]
    shift = {d.aggregate_id: d.due_at - due[d.aggregate_id] for d in Deadline.objects.all()}
    assert shift[missed] == shift[ahead]  # both by the whole outage, and once
    assert shift[ahead] - shift[late] == year(2005) - year(2001)  # only by the part after it was armed
    assert Deadline.objects.get(aggregate_id=missed).try_at == due[missed] + shift[missed]


def test_when_the_clock_is_set_back_people_keep_the_time_they_had(service: Service) -> None:
    """The loop was last seen in 2200, and deadlines were armed then."""
    Heartbeat.objects.create(process="deadlines", at=year(2200), detail={})
    before = box("armed before the step", "box.answer", year(2201)).pk
    after = box("armed after it", "box.answer", year(2201)).pk
    Deadline.objects.filter(aggregate_id=before).update(armed_at=year(2200))
    DeadlineLoop().step()
    moved = Deadline.objects.get(aggregate_id=before)
    assert moved.due_at - moved.armed_at == year(2201) - year(2200)
    assert Deadline.objects.get(aggregate_id=after).due_at == year(2201)


def test_a_silence_that_is_no_outage_shifts_nothing(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outages, "OUTAGE_S", 1e12)
    Heartbeat.objects.create(process="deadlines", at=LONG_AGO, detail={})
    box("ys", "box.answer", FAR_AHEAD)
    DeadlineLoop().step()
    assert Deadline.objects.get().due_at == FAR_AHEAD
    assert Heartbeat.objects.get().at > LONG_AGO


def test_periodic_duties_arm_themselves_again_in_their_own_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    is_broken = False

    def sweep() -> None:
        if is_broken:
            raise RuntimeError("broken")
        runs.append(1)

    monkeypatch.setattr(wired, "deadlines", {"box.sweep": Duty(sweep, every=timedelta(hours=1))})
    DeadlineLoop().step()
    DeadlineLoop().step()
    assert len(runs) == 1
    first = Deadline.objects.get()
    assert first.due_at > first.armed_at
    Deadline.objects.update(try_at=LONG_AGO)
    is_broken = True
    for _ in range(6):
        DeadlineLoop().step()
        Deadline.objects.update(try_at=LONG_AGO)
    assert Deadline.objects.get().parked_at is None  # nobody would do it by hand
    is_broken = False
    DeadlineLoop().step()
    assert len(runs) == 2


def test_many_deadlines_at_once_are_logged_before_they_fire(service: Service, caplog: Any) -> None:
    with transaction.atomic():
        cities = [new_city(f"b{number}") for number in range(51)]
        deadlines.arm_many([(city, "box.tidy", LONG_AGO) for city in cities])
    DeadlineLoop().step()
    assert len(service.tidied) == 51
    assert "many_deadlines_due" in caplog.text
