"""What orders ask of who carries them: room, bags, an age to check, cash to collect."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import F, Max, Q, Sum

from delivery.orders.models import Line, Order
from dispatch.fleet.models import Deliverer
from restaurants.models import Product

HOT_BAG: Final = "hot_bag"
COLD_BAG: Final = "cold_bag"
AGE_CHECK: Final = "age_check"


@dataclass(frozen=True, slots=True)
class Cargo:
    """One order as a load. `room`: portions; `cash`: minor units to collect at the door."""

    room: int = 0
    needs: frozenset[str] = frozenset()
    cash: int = 0


NOTHING: Final = Cargo()


def cargo_of(order_ids: Collection[int]) -> Mapping[int, Cargo]:
    """By order id; two queries."""
    lines = Line.objects.filter(order__in=order_ids).order_by().values("order_id")
    rows = lines.annotate(
        room=Sum(F("quantity") * F("product__bag_room")),
        age=Max("product__age_limit"),
        hot=Sum("quantity", filter=Q(product__keeps=Product.Keeps.HOT)),
        cold=Sum("quantity", filter=Q(product__keeps=Product.Keeps.COLD)),
    )
    # Asked by the relation: payments are our peers, whose code we do not call.
    due = Order.objects.filter(pk__in=order_ids, tenders__kind="cash", tenders__state="authorized").order_by()
    cash = dict(due.values("pk").annotate(due=Sum("tenders__amount")).values_list("pk", "due"))
    return {
        row["order_id"]: Cargo(
            room=row["room"],
            needs=frozenset(
                need for need, asks in ((AGE_CHECK, row["age"]), (HOT_BAG, row["hot"]), (COLD_BAG, row["cold"])) if asks
            ),
            cash=cash.get(row["order_id"], 0),
        )
        for row in rows
    }


def equipment_of(deliverer: Deliverer) -> frozenset[str]:
    """What the deliverer has or may do."""
    held = {
        HOT_BAG: deliverer.has_hot_bag,
        COLD_BAG: deliverer.has_cold_bag,
        AGE_CHECK: deliverer.may_check_age,
    }
    return frozenset(name for name, is_held in held.items() if is_held)
