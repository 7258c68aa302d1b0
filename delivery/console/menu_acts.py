"""What the editor of a menu does: publish prices, now or from a day on, or show what a bulk change would make."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from delivery.console.amounts import parse_amount, written_amount
from delivery.console.menus import Row, Typed, menu_page, rows_of, shop_of
from delivery.ground import clock
from delivery.ground.errors import BadRequest, Conflict, Invalid, Problem
from delivery.ground.forms import PageRequest, Refusal, act
from delivery.ground.templatetags.measures import language
from restaurants import editing
from restaurants.editing import NewPrice
from restaurants.models import Category, Product, Restaurant

PRICE: Final = "price-"
SEEN: Final = "seen-"
LATEST: Final = timedelta(days=366)


@require_POST
def prices(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """Fields `price-<id>` and `seen-<id>` per product; `do`: publish, or preview a bulk change of the selected."""
    shop = shop_of(request.actor, shop_id)
    rows = {str(row.product.public_id): row for row in rows_of(shop, Typed({}, {}, {}), clock.now())}
    texts = {name.removeprefix(PRICE): str(text) for name, text in request.POST.items() if name.startswith(PRICE)}
    texts = {public_id: text for public_id, text in texts.items() if public_id in rows}
    chosen = frozenset(request.POST.getlist("product")) & rows.keys()
    errors = _errors(texts, shop.city.currency)
    if request.POST.get("do") == "preview":
        texts, errors = _bulk(request, shop, rows, texts, chosen)
        typed = Typed(texts, errors, {}, frozenset(chosen))
        return menu_page(request, shop, typed=typed, refusal=None)
    valid_from_text = request.POST.get("valid_from", "")
    typed = Typed(texts, errors, {}, frozenset(chosen), valid_from_text)
    if errors:
        return menu_page(request, shop, typed=typed, refusal=Refusal(Invalid(), str(shop.public_id)))

    def work() -> None:
        editing.publish_prices(
            restaurant_id=shop.pk,
            prices=_changes(request, shop, rows, texts),
            by=request.actor.ref,
            valid_from=_instant(shop, valid_from_text),
        )

    return act(request, work, to=_address(shop), refused=lambda problem: _refused(request, shop, typed, problem))


@require_POST
def selected(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """`product`: public ids; `do`: sold_out (with `hours`, or 0 until the end of the day), back, hide, show."""
    shop = shop_of(request.actor, shop_id)
    wanted = [text for text in request.POST.getlist("product") if text]
    ids = list(Product.objects.filter(restaurant=shop, public_id__in=_uuids(wanted)).values_list("pk", flat=True))
    do = request.POST.get("do", "")

    def work() -> None:
        if not ids:
            raise Invalid(gettext("Choose at least one dish"))
        if do in ("hide", "show"):
            editing.offer_products(
                restaurant_id=shop.pk, product_ids=ids, is_offered=do == "show", by=request.actor.ref
            )
        elif do in ("sold_out", "back"):
            until = _sold_out_until(shop, request.POST.get("hours", "")) if do == "sold_out" else None
            editing.mark_all_sold_out(restaurant_id=shop.pk, product_ids=ids, until=until, by=request.actor.ref)
        else:
            raise BadRequest()

    typed = Typed({}, {}, {}, frozenset(wanted))
    return act(request, work, to=_address(shop), refused=lambda problem: _refused(request, shop, typed, problem))


@require_POST
def category(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """`category`: its primary key; `do`: rename (with `name` and the menu's `version`), up, down."""
    shop = shop_of(request.actor, shop_id)
    pk = request.POST.get("category", "")
    mine = Category.objects.filter(restaurant=shop, pk=int(pk) if pk.isascii() and pk.isdigit() and len(pk) < 15 else 0)
    do = request.POST.get("do", "")

    def work() -> None:
        found = mine.values_list("pk", flat=True).first() or 0
        if do in ("up", "down"):
            editing.move_category(category_id=found, steps=-1 if do == "up" else 1, by=request.actor.ref)
        else:
            name, version = request.POST.get("name", "")[:80], _seen(request)
            editing.rename_category(category_id=found, name=name, seen_version=version, by=request.actor.ref)

    return act(
        request, work, to=_address(shop), refused=lambda problem: _refused(request, shop, Typed({}, {}, {}), problem)
    )


def _seen(request: PageRequest) -> int:
    text = request.POST.get("menu_version", "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadRequest()
    return int(text)


def _address(shop: Restaurant) -> str:
    return reverse("console_menu", args=[shop.public_id])


def _refused(request: PageRequest, shop: Restaurant, typed: Typed, problem: Problem) -> HttpResponse:
    """The page again with what was typed; a clash shows both values."""
    clashes: Mapping[str, int | None] = {}
    if isinstance(problem, Conflict) and problem.current:
        clashes = problem.current.get("prices", {})
    fresh = shop_of(request.actor, shop.public_id)
    typed = Typed(typed.texts, typed.errors, clashes, typed.selected, typed.valid_from)
    return menu_page(request, fresh, typed=typed, refusal=Refusal(problem, str(shop.public_id)))


def _errors(texts: Mapping[str, str], currency: str) -> dict[str, str]:
    return {
        public_id: gettext("This is not an amount of money")
        for public_id, text in texts.items()
        if parse_amount(text, currency) is None
    }


def _changes(
    request: PageRequest, shop: Restaurant, rows: Mapping[str, Row], texts: Mapping[str, str]
) -> list[NewPrice]:
    """The prices that were changed, each with the amount that its editor had before their eyes."""
    changed = []
    for public_id, text in texts.items():
        seen_text = request.POST.get(SEEN + public_id, "")
        seen = int(seen_text) if seen_text.isascii() and seen_text.isdigit() and len(seen_text) < 12 else None
        amount = parse_amount(text, shop.city.currency)
        if amount is not None and amount != seen:
            changed.append(NewPrice(rows[public_id].product.pk, amount, seen))
    return changed


def _bulk(
    request: PageRequest,
    shop: Restaurant,
    rows: Mapping[str, Row],
    texts: Mapping[str, str],
    chosen: frozenset[str],
) -> tuple[dict[str, str], dict[str, str]]:
    """What the selected prices would be `percent` higher or lower, rounded to `step`; nothing is saved."""
    currency = shop.city.currency
    try:
        percent = float(request.POST.get("percent", "").replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        percent = float("nan")
    step = parse_amount(request.POST.get("step", ""), currency) or 1
    after = dict(texts)
    if not -90 <= percent <= 900:
        return after, {public_id: gettext("Give per cent between −90 and 900") for public_id in chosen}
    for public_id in chosen:
        amount = rows[public_id].amount
        if amount is not None:
            wanted = max(0, round(amount * (100 + percent) / 100 / step) * step)
            after[public_id] = written_amount(wanted, currency, language())
    return after, {}


def _instant(shop: Restaurant, text: str) -> datetime | None:
    """The real instant at which the restaurant's clocks show `text` (HTML's local date and time). Raises Invalid."""
    if not text:
        return None
    try:
        shows = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(gettext("This is not a day and a time")) from None
    if shows.tzinfo is not None:
        raise Invalid(gettext("This is not a day and a time"))
    now = clock.now()
    instant = clock.real(shop.city, shows.replace(tzinfo=clock.shown(shop.city, now).tzinfo))
    if not now < instant < now + LATEST:
        raise Invalid(gettext("Give a day within the next year"))
    return instant


def _sold_out_until(shop: Restaurant, hours: str) -> datetime:
    """So many hours of city time from now; 0: until four in the morning, when the next day's service is near."""
    if hours not in ("0", "1", "2", "4"):
        raise Invalid(gettext("Say until when"))
    if hours != "0":
        return clock.after(shop.city, timedelta(hours=int(hours)))
    shows = clock.shown(shop.city, clock.now())
    morning = shows.replace(hour=4, minute=0, second=0, microsecond=0)
    return clock.real(shop.city, morning if shows.hour < 4 else morning + timedelta(days=1))


def _uuids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            raise BadRequest() from None
    return found
