"""What the stations of a kitchen must read about an order. Times are what the city's clocks show."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from delivery.ground import clock
from delivery.orders.models import Fulfilment as OrderFulfilment
from delivery.orders.models import Line, Order
from printing.rendering.content import Also, Course, Fulfilment, Item, Language, Modifier, TicketContent
from restaurants.models import Station

FULFILMENTS = {
    OrderFulfilment.PLATFORM: Fulfilment.DELIVERY,
    OrderFulfilment.OWN: Fulfilment.OWN_DELIVERY,
    OrderFulfilment.COLLECTION: Fulfilment.COLLECTION,
}


def lines_by_station(lines: Iterable[Line], stations: Sequence[Station]) -> dict[str, list[Line]]:
    """An order's lines per station name; a station that is gone, or none, is the catch-all, else ""."""
    names = {station.name for station in stations}
    catch_all = next((station.name for station in stations if station.is_catch_all), "")
    shares: dict[str, list[Line]] = {}
    for line in lines:
        shares.setdefault(line.station if line.station in names else catch_all, []).append(line)
    position = {station.name: index for index, station in enumerate(stations)}
    return {name: shares[name] for name in sorted(shares, key=lambda name: position.get(name, len(stations)))}


def contents(order: Order, shares: Mapping[str, Sequence[Line]]) -> Iterable[tuple[str, TicketContent]]:
    """(station, content) for each share; needs the order's restaurant, city and the lines' product categories."""
    for index, (station, lines) in enumerate(shares.items(), 1):
        others = ((name, len(more)) for name, more in shares.items() if name != station)
        content = TicketContent(
            station=station or order.restaurant.name,
            number=order.number,
            placed_at=clock.shown(order.city, order.placed_at),
            pickup_at=clock.shown(order.city, order.ready_eta or order.placed_at),
            fulfilment=FULFILMENTS[OrderFulfilment(order.fulfilment)],
            courses=_courses(lines, order.allergies),
            station_index=index,
            station_total=len(shares),
            customer=order.customer_name,
            allergies=(order.allergies,) if order.allergies else (),
            note=order.note,
            also=tuple(Also(name or order.restaurant.name, items) for name, items in others),
            language=cast(Language, order.restaurant.language),
        )
        yield station, content


def _courses(lines: Sequence[Line], allergies: str) -> tuple[Course, ...]:
    """Lines under the heading of the menu that their product stands under, in the order of the basket."""
    courses: dict[str, list[Item]] = {}
    for line in lines:
        dangerous = [name for name in line.allergens if str(name).casefold() in allergies.casefold()]
        picked = tuple(Modifier("+", name) for name in line.picked)
        item = Item(line.quantity, line.name, picked, note=line.note, allergy=", ".join(dangerous))
        courses.setdefault(line.product.category.name, []).append(item)
    return tuple(Course(name, tuple(items)) for name, items in courses.items())
