"""Columns of the records as people read them: times on the city's clocks, money with its currency, states as chips."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from django.contrib.admin.utils import display_for_field, display_for_value
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from delivery.cities.models import City
from delivery.console.headings import heading_of
from delivery.console.templatetags.office import stamp
from delivery.console.words import PRINTER, order_state, paper_state, tender_state
from delivery.ground import money
from delivery.ground.templatetags.measures import language
from delivery.orders.models import Order
from delivery.payments.models import Tender
from printing.models import Printer, PrintJob

# The first of these ways that a model has leads from its row to the city whose clocks and money count.
WAYS: Final = (
    "city",
    "restaurant__city",
    "order__city",
    "product__restaurant__city",
    "station__restaurant__city",
    "deliverer__city",
    "ticket__restaurant__city",
    "job__city",
)
AMOUNTS: Final = {"amount", "total", "fee", "minimum_order", "pay", "pay_per_order", "vat_amount", "delivery_fee"}
STATES: Final[dict[type[models.Model], tuple[str, Callable[[str], Any]]]] = {
    Order: ("status", order_state),
    PrintJob: ("state", paper_state),
    Tender: ("state", tender_state),
    Printer: ("state", lambda state: PRINTER.get(state) or PRINTER["unknown"]),
}


def way_to_city(model: type[models.Model]) -> str:
    """The lookup from a row to its city; "" for the city itself and for rows of no city."""
    for way in WAYS:
        found: Any = model
        try:
            for step in way.split("__"):
                found = found._meta.get_field(step).related_model
        except FieldDoesNotExist:
            continue
        if found is City:
            return way
    return ""


def related(model: type[models.Model], names: Sequence[str]) -> list[str]:
    """What the rows of a list need beside themselves: their city, and what their columns name."""
    way = way_to_city(model)
    keys = [name for name in names if isinstance(model._meta.get_field(name), models.ForeignKey)]
    return [*keys, *([way] if way else [])]


def readable(model: type[models.Model], names: Sequence[str]) -> list[Any]:
    """The columns: a function in place of each field that reads better in another form."""
    way = way_to_city(model)
    return [_column(model, name, way) for name in names]


def _column(model: type[models.Model], name: str, way: str) -> Any:
    field = model._meta.get_field(name)
    state = STATES.get(model)
    show: Callable[[Any], Any] | None = None
    if state is not None and name == state[0]:
        show = _chip(name, state[1])
    elif isinstance(field, models.DateTimeField) and (way or model is City):
        show = _time(name, way)
    elif name in AMOUNTS and (way or model is City):
        show = _money(name, way)
    if show is None:
        show = _plain(name, field)
    show.short_description = heading_of(field)  # type: ignore[attr-defined]  # read by the admin
    show.admin_order_field = name  # type: ignore[attr-defined]
    show.__name__ = name
    return show


def _plain(name: str, field: Any) -> Callable[[Any], Any]:
    """As the admin itself shows a field."""

    def show(row: Any) -> Any:
        value = getattr(row, name)
        return display_for_value(value, "–") if field.is_relation else display_for_field(value, field, "–")

    return show


def _chip(name: str, words: Callable[[str], Any]) -> Callable[[Any], Any]:
    def show(row: Any) -> str:
        return mark_safe(render_to_string("console/state.html", {"state": words(getattr(row, name))}))

    return show


def _time(name: str, way: str) -> Callable[[Any], Any]:
    def show(row: Any) -> str:
        instant: datetime | None = getattr(row, name)
        place = _city(row, way)
        return stamp(instant, place) if place is not None else f"{instant:%Y-%m-%d %H:%M} UTC" if instant else ""

    return show


def _money(name: str, way: str) -> Callable[[Any], Any]:
    def show(row: Any) -> Any:
        amount: int | None = getattr(row, name)
        place = _city(row, way)
        if amount is None or place is None:
            return amount
        return money.show(amount, place.currency, language())

    return show


def _city(row: Any, way: str) -> City | None:
    found = row
    for step in way.split("__") if way else ():
        found = getattr(found, step) if found is not None else None
    return found if isinstance(found, City) else None
