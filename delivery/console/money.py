"""`/console/money/`: the statement of a restaurant, week by week, and as a file for spreadsheets."""

from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from delivery.console import statement
from delivery.console.order import KINDS
from delivery.console.page import draw
from delivery.console.scope import restaurant_named, restaurants_of
from delivery.ground import clock
from delivery.ground.errors import Invalid
from delivery.ground.forms import PageRequest
from restaurants.models import Restaurant

WEEK: Final = 7
EARLIEST: Final = date(2020, 1, 1)


@require_safe
def money(request: PageRequest) -> HttpResponse:
    """`restaurant`: public id, the first of the actor's without one; `week`: a day of it; `day`: the day to explain."""
    shops = restaurants_of(request.actor)
    shop = _shop(request)
    if shop is None:
        return draw(request, "money", {"shops": [], "shop": None}, here="console_money")
    first, today = _monday(request, shop), _today(shop)
    days = statement.days_of(shop, first, WEEK)
    before = statement.total_of(statement.days_of(shop, first - timedelta(days=WEEK), WEEK))
    chosen = next((day for day in days if day.date.isoformat() == request.GET.get("day")), None)
    chosen = chosen or next((day for day in reversed(days) if day.entries), None)
    total = statement.total_of(days)
    context = {
        "shop": shop,
        "city": shop.city,
        "currency": shop.city.currency,
        "shops": shops[:200],
        "days": days,
        "total": total,
        "before": before,
        "grew": round(1000 * (total.sold - before.sold) / before.sold) / 10 if before.sold else None,
        "orders": sum(day.orders for day in days),
        "chosen": chosen,
        "entries": [(entry, str(KINDS.get(entry.kind, entry.kind))) for entry in chosen.entries] if chosen else [],
        "first": first,
        "last": first + timedelta(days=WEEK - 1),
        "is_open": first <= today < first + timedelta(days=WEEK),
        "earlier": _query(shop, first - timedelta(days=WEEK)),
        "later": _query(shop, first + timedelta(days=WEEK)) if first + timedelta(days=WEEK) <= today else "",
        "this": _query(shop, first),
    }
    return draw(request, "money", context, here="console_money")


@require_safe
def money_csv(request: PageRequest) -> HttpResponse:
    """The same week as CSV, with a byte order mark for spreadsheets."""
    shop = _shop(request)
    if shop is None:
        raise Invalid()
    first = _monday(request, shop)
    text = "\ufeff" + statement.as_csv(shop, statement.days_of(shop, first, WEEK))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{shop.slug}-{first.isoformat()}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _shop(request: PageRequest) -> Restaurant | None:
    """Raises NotFound: the one that was named is unknown or somebody else's."""
    named = request.GET.get("restaurant", "")
    shops = restaurants_of(request.actor)
    return restaurant_named(shops, named) if named else shops.first()


def _today(shop: Restaurant) -> date:
    return clock.shown(shop.city, clock.now()).date()


def _monday(request: PageRequest, shop: Restaurant) -> date:
    """The Monday of the week that was asked for, this week's when it is no day that we could know of."""
    today = _today(shop)
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        asked = today
    asked = asked if EARLIEST <= asked <= today else today
    return asked - timedelta(days=asked.weekday())


def _query(shop: Restaurant, week: date) -> str:
    return urlencode({"restaurant": str(shop.public_id), "week": week.isoformat()})
