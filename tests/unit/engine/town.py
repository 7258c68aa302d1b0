"""A small made-up town for the engine's tests: one minute is one metre, service takes four minutes."""

from dispatch.engine.problem import Deliverer, Demand, Dropoff, Pickup, Place, Problem, Rules, Stop, StraightTravel

METRE_A_MINUTE = StraightTravel(meters_per_minute=1.0)
KITCHENS: dict[str, Place] = {"thai": (0.0, 0.0), "pizza": (10.0, 0.0)}


def demand(
    order: str,
    *,
    restaurant: str = "thai",
    to: Place = (5.0, 0.0),
    placed: float = 0,
    ready: float = 10,
    perhaps: tuple[float, ...] = (),
) -> Demand:
    return Demand(
        order=order,
        restaurant=restaurant,
        pickup=KITCHENS[restaurant],
        dropoff=to,
        placed_at=placed,
        ready_at=ready,
        perhaps_at=perhaps,
    )


def deliverer(
    name: str,
    *,
    at: Place = (0.0, 0.0),
    free: float = 0,
    off: float = 600,
    locked: tuple[Stop, ...] = (),
    amendable: bool = False,
    flexible: tuple[Stop, ...] = (),
    paid: float = 0,
) -> Deliverer:
    return Deliverer(
        id=name, at=at, free_at=free, off_at=off, locked=locked, flexible=flexible, amendable=amendable, pay_share=paid
    )


def locked_bundle(*demands: Demand) -> tuple[Stop, ...]:
    pickup = Pickup(
        restaurant=demands[0].restaurant,
        place=demands[0].pickup,
        orders=tuple(each.order for each in demands),
        ready_at=max(each.ready_at for each in demands),
    )
    return (pickup, *(Dropoff(order=each.order, place=each.dropoff, placed_at=each.placed_at) for each in demands))


def problem(
    orders: list[Demand],
    deliverers: list[Deliverer],
    *,
    now: float = 0,
    rules: Rules | None = None,
    forbidden: set[tuple[str, str]] | None = None,
) -> Problem:
    return Problem(
        now=now,
        rules=rules or Rules(),
        travel=METRE_A_MINUTE,
        orders=tuple(orders),
        deliverers=tuple(deliverers),
        forbidden=frozenset(forbidden or ()),
    )
