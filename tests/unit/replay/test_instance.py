"""Folders that are a recorded day, and folders that are not."""

import shutil
from pathlib import Path

import pytest

from delivery.demo.replay.instance import BadInstance, load
from tests.days import SMALL_TOWN


@pytest.fixture
def day(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL_TOWN, tmp_path / "day"))


def test_a_day_is_read_whole_and_in_the_order_of_its_clock() -> None:
    instance = load(SMALL_TOWN)
    assert instance.name == "small_town"
    lines = (SMALL_TOWN / "orders.txt").read_text().splitlines()[1:]
    assert len(instance.orders) == len([line for line in lines if line.strip()])
    assert [order.placed_min for order in instance.orders] == sorted(order.placed_min for order in instance.orders)
    assert all(order.placed_min <= order.ready_min for order in instance.orders)
    assert {order.restaurant for order in instance.orders} <= set(instance.restaurants)
    assert instance.meters_per_minute > 0


def test_the_first_orders_keep_every_shift() -> None:
    instance = load(SMALL_TOWN)
    first = instance.first(3)
    assert first.orders == instance.orders[:3]
    assert first.deliverers == instance.deliverers


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInstance, match="no such folder"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["orders.txt", "couriers.txt", "restaurants.txt", "instance_parameters.txt"])
def test_a_file_that_is_missing(day: Path, name: str) -> None:
    (day / name).unlink()
    with pytest.raises(BadInstance, match=name):
        load(day)


@pytest.mark.parametrize("name", ["orders.txt", "couriers.txt", "restaurants.txt", "instance_parameters.txt"])
def test_a_line_that_is_too_short(day: Path, name: str) -> None:
    header, *lines = (day / name).read_text().splitlines()
    (day / name).write_text("\n".join([header, lines[0].rsplit("\t", 4)[0], *lines[1:]]))
    with pytest.raises(BadInstance, match=f"{name}, line 2"):
        load(day)


@pytest.mark.parametrize("column", [1, 3])
def test_a_number_that_is_none(day: Path, column: int) -> None:
    header, line, *lines = (day / "orders.txt").read_text().splitlines()
    cells = line.split("\t")
    cells[column] = "soon"
    (day / "orders.txt").write_text("\n".join([header, "\t".join(cells), *lines]))
    with pytest.raises(BadInstance, match="soon"):
        load(day)


def test_an_order_at_a_restaurant_that_nobody_knows(day: Path) -> None:
    header, line, *lines = (day / "orders.txt").read_text().splitlines()
    cells = line.split("\t")
    cells[4] = "r999"
    (day / "orders.txt").write_text("\n".join([header, "\t".join(cells), *lines]))
    with pytest.raises(BadInstance, match="r999"):
        load(day)


def test_a_day_without_orders(day: Path) -> None:
    header = (day / "orders.txt").read_text().splitlines()[0]
    (day / "orders.txt").write_text(header + "\n")
    with pytest.raises(BadInstance, match="nothing to do"):
        load(day)
