"""Makes the instance `instances/small_town`: our own invention, in the files of the public benchmark.

    python -m tests.benchmarks.small_town        writes it again

Four restaurants in the middle of eight kilometres, two meal hours, overlapping shifts, a few doors far out.
"""

import random
from pathlib import Path

FOLDER = Path(__file__).parent / "instances" / "small_town"
SEED, METRES, ORDERS, COURIERS = 7, 8000, 90, 14
Table = list[tuple[object, ...]]


def tables() -> dict[str, Table]:
    """File name -> rows, the header first; the same each time."""
    dice = random.Random(SEED)
    restaurants: Table = [(f"r{number}", *_near_middle(dice)) for number in range(1, 5)]
    couriers: Table = [
        (f"c{number}", *_near_middle(dice), on := 20 * (number % 4), on + dice.choice([150, 180, 240]))
        for number in range(1, COURIERS + 1)
    ]
    orders: Table = []
    for number in range(1, ORDERS + 1):
        placed = round(min(max(dice.gauss(dice.choice([60, 150]), 25), 0), 190))
        door = (dice.randrange(METRES), dice.randrange(METRES))
        restaurant = dice.choice(restaurants)[0]
        orders.append((f"o{number}", *door, placed, restaurant, placed + dice.randint(4, 22)))
    return {
        "restaurants.txt": [("restaurant", "x", "y"), *restaurants],
        "couriers.txt": [("courier", "x", "y", "on_time", "off_time"), *couriers],
        "orders.txt": [("order", "x", "y", "placement_time", "restaurant", "ready_time"), *orders],
        "instance_parameters.txt": [
            (
                "meters_per_minute",
                "pickup service minutes",
                "dropoff service minutes",
                "target click-to-door",
                "maximum click-to-door",
                "pay per order",
                "guaranteed pay per hour",
            ),
            (320, 4, 4, 40, 90, 10, 15),
        ],
    }


def text_of(table: Table) -> str:
    return "".join("\t".join(map(str, row)) + "\n" for row in table)


def _near_middle(dice: random.Random) -> tuple[int, int]:
    x, y = (round(min(max(dice.gauss(METRES / 2, METRES / 6), 0), METRES)) for _ in range(2))
    return x, y


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, table in tables().items():
        (FOLDER / name).write_text(text_of(table))
