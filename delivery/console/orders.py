"""`/console/orders/`: orders of the actor's places, found by number, place and what is the matter with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delivery.cities.models import City
from delivery.console.numbers import off_paper, start_of_day
from delivery.console.page import draw
from delivery.console.scope import cities_of, orders_of, restaurants_of
from delivery.console.words import Shown, order_state
from delivery.ground import clock
from delivery.ground.forms import PageRequest
from delivery.ground.ids import public_id_in
from delivery.orders.models import FINAL_STATUSES, Order
from delivery.orders.transitions import Status
from printing.models import PrintJob

PER_PAGE: Final = 50
SHOW: Final = (
    ("", _("All")),
    ("open", _("Under way")),
    ("placed", _("To answer")),
    ("late", _("Late")),
    ("today", _("Today")),
    ("delivered", _("Delivered today")),
    ("refused", _("Refused today")),
    ("paper", _("Not on paper")),
)
TODAY: Final = ("today", "delivered", "refused")


@dataclass(frozen=True, slots=True)
class Row:
    """An order in the list."""

    order: Order
    state: Shown
    is_late: bool

    @property
    def took(self) -> timedelta | None:
        """From click to door, in city time."""
        order = self.order
        return clock.between(order.city, order.placed_at, order.delivered_at) if order.delivered_at else None


@require_safe
def orders(request: PageRequest) -> HttpResponse:
    """Filters in the address: `city` (slug), `restaurant` (public id), `show` (SHOW), `q` (number)."""
    now = clock.now()
    given = {name: request.GET.get(name, "") for name in ("city", "restaurant", "show", "q")}
    asked = {name: value.replace("\0", "").strip() for name, value in given.items()}  # PostgreSQL has no NUL
    cities = list(cities_of(request.actor))
    found = _filtered(orders_of(request.actor), asked, _places(request, asked), now)
    page = Paginator(found.order_by("-placed_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [Row(order, order_state(order.status), is_late(order, now)) for order in page]
    kept = {name: value for name, value in asked.items() if value and name != "show"}
    context = {
        "rows": rows,
        "page": page,
        "asked": asked,
        "shows": [(code, words, urlencode({**kept, "show": code})) for code, words in SHOW],
        "cities": cities,
        "shops": restaurants_of(request.actor)[:200],
        "query": urlencode({name: value for name, value in asked.items() if value}),
    }
    return draw(request, "orders", context, here="console_orders")


def is_late(order: Order, now: datetime) -> bool:
    """Whether the customer was told an earlier time: it is still on its way, or arrived after it."""
    if order.promised_until is None or order.status in (Status.REJECTED, Status.EXPIRED, Status.CANCELLED):
        return False
    return (order.delivered_at or now) > order.promised_until


def _places(request: PageRequest, asked: Mapping[str, str]) -> list[City]:
    """The cities whose days count for "today"."""
    mine = list(cities_of(request.actor)) + [shop.city for shop in restaurants_of(request.actor)[:200]]
    cities = list({city.pk: city for city in mine}.values())
    return [city for city in cities if asked["city"] in ("", city.slug)]


def _filtered(orders: QuerySet[Order], asked: Mapping[str, str], cities: list[City], now: datetime) -> QuerySet[Order]:
    """What the filters of the address leave; an unknown one leaves all."""
    if asked["city"]:
        orders = orders.filter(city__slug=asked["city"])
    if asked["restaurant"]:
        orders = orders.filter(restaurant__public_id=public_id_in(asked["restaurant"]))
    if asked["q"]:
        orders = orders.filter(number__istartswith=asked["q"].replace(" ", ""))
    is_open = ~Q(status__in=FINAL_STATUSES)
    tests: dict[str, Callable[[], Q]] = {
        "open": lambda: is_open,
        "placed": lambda: Q(status=Status.PLACED),
        "late": lambda: is_open & Q(promised_until__lt=now),
        "paper": lambda: Q(pk__in=off_paper(PrintJob.objects.all()).values("ticket__order")),
        "today": lambda: Q(),
        "delivered": lambda: Q(status=Status.DELIVERED),
        "refused": lambda: Q(status__in=[Status.REJECTED, Status.EXPIRED]),
    }
    if asked["show"] in tests:
        orders = orders.filter(tests[asked["show"]]())
    return orders.filter(_of_today(cities, now)) if asked["show"] in TODAY else orders


def _of_today(cities: list[City], now: datetime) -> Q:
    days = Q(pk__in=[])
    for city in cities:
        days |= Q(city=city, placed_at__gte=start_of_day(city, now))
    return days
