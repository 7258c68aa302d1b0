"""Stations tick, bump, recall and acknowledge: one writer, stored, seen by every screen of the kitchen."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from delivery.ground.errors import IllegalTransition, NotFound, VersionConflict
from delivery.ground.outbox.models import EventRow
from delivery.orders import services
from delivery.orders.models import Bearer, Order, StationWork
from delivery.wiring import kitchen_snapshot
from restaurants.models import Restaurant
from tests import world

OVEN = "oven"


@pytest.fixture
def shop() -> Restaurant:
    return world.pizzeria()


@pytest.fixture
def order(shop: Restaurant) -> Order:
    placed = world.order(shop, "margherita", "regina", "cola")
    services.accept_order(order_id=placed.pk, by="tests")
    return placed


@pytest.mark.django_db
def test_a_station_ticks_bumps_and_recalls(shop: Restaurant, order: Order) -> None:
    work = services.tick_line(order_id=order.pk, station=OVEN, position=0, is_done=True, by="device:a", version=0)
    assert (work.done, work.version) == ([0], 1)
    work = services.bump(order_id=order.pk, station=OVEN, positions=[0, 1], by="device:a", version=1)
    assert (work.done, work.bumped_at is not None) == ([0, 1], True)
    work = services.recall(order_id=order.pk, station=OVEN, by="device:b", version=2)
    work = services.tick_line(order_id=order.pk, station=OVEN, position=1, is_done=False, by="device:b", version=3)
    assert (work.done, work.bumped_at) == ([0], None)
    rows = EventRow.objects.filter(aggregate_kind="orders.stationwork", aggregate_id=work.pk).order_by("seq")
    assert list(rows.values_list("kind", "by")) == [
        ("LinesTicked", "device:a"),
        ("StationFinished", "device:a"),
        ("StationRecalled", "device:b"),
        ("LinesTicked", "device:b"),
    ]
    shown = [row for row in kitchen_snapshot(str(shop.public_id)) if row.entity == f"work:{work.public_id}"]
    assert [(row.version, row.payload and row.payload["done"]) for row in shown] == [(4, [0])]
    order.refresh_from_db()
    assert order.version == 3  # the counter's forms stay good


@pytest.mark.django_db
def test_an_old_picture_and_a_wrong_line_change_nothing(order: Order) -> None:
    services.tick_line(order_id=order.pk, station=OVEN, position=0, is_done=True, by="device:a", version=0)
    with pytest.raises(VersionConflict):
        services.bump(order_id=order.pk, station=OVEN, positions=[0, 1], by="device:b", version=0)
    with pytest.raises(NotFound):
        services.tick_line(order_id=order.pk, station=OVEN, position=9, is_done=True, by="device:b")
    assert StationWork.objects.get().done == [0]


@pytest.mark.django_db
def test_only_what_is_cooked_is_bumped_and_only_what_is_cancelled_acknowledged(shop: Restaurant, order: Order) -> None:
    with pytest.raises(IllegalTransition):
        services.bump(order_id=world.order(shop).pk, station=OVEN, positions=[0], by="device:a")
    with pytest.raises(IllegalTransition):
        services.see_cancelled(order_id=order.pk, station=OVEN, by="device:a")
    services.cancel_order(order_id=order.pk, by="tests", reason="other", borne_by=Bearer.PLATFORM)
    with pytest.raises(IllegalTransition):
        services.tick_line(order_id=order.pk, station=OVEN, position=0, is_done=True, by="device:a")
    for _ in range(2):
        services.see_cancelled(order_id=order.pk, station=OVEN, by="device:a")
    kinds = EventRow.objects.filter(aggregate_kind="orders.stationwork").values_list("kind", flat=True)
    assert list(kinds) == ["CancellationSeen"]


@pytest.mark.django_db
def test_the_database_knows_one_work_per_order_and_station(order: Order) -> None:
    services.bump(order_id=order.pk, station=OVEN, positions=[0], by="device:a")
    work = StationWork.objects.get()
    with pytest.raises(IntegrityError, match="station_works_once_on_an_order"), transaction.atomic():
        StationWork.objects.create(city_id=work.city_id, order=order, station=OVEN)


@pytest.mark.django_db(transaction=True)
def test_two_screens_at_once_make_one_work(order: Order) -> None:
    start = threading.Barrier(2)

    def press(position: int) -> None:
        start.wait(10)
        services.tick_line(order_id=order.pk, station=OVEN, position=position, is_done=True, by=f"device:{position}")
        connection.close()

    threads = [threading.Thread(target=press, args=[position]) for position in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    work = StationWork.objects.get()
    assert (work.done, work.version) == ([0, 1], 2)
