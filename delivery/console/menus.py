"""`/console/menus/`: a restaurant's menu with its prices, as its boss changes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from delivery.console.amounts import parse_amount, written_amount
from delivery.console.page import draw
from delivery.console.who import names_of
from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.errors import NotFound
from delivery.ground.forms import PageRequest, Refusal
from delivery.ground.outbox.selectors import history
from delivery.ground.templatetags.measures import language
from restaurants.allergens import allergen_list
from restaurants.editing import coming_prices
from restaurants.events import MenuChanged
from restaurants.models import Category, Price, Product, Restaurant
from restaurants.plates import plate
from restaurants.selectors import priced

SHOW: Final = (("", _("All dishes")), ("sold_out", _("Sold out")), ("hidden", _("Hidden")))
CHANGES: Final[Mapping[str, Promise]] = {
    "products": _("New on the menu"),
    "price": _("New price"),
    "prices": _("New prices"),
    "prices_later": _("Prices from a later day"),
    "texts": _("Other words"),
    "shown": _("Back on the menu"),
    "hidden": _("Off the menu"),
    "sold_out": _("Sold out"),
    "back": _("Back on sale"),
    "categories": _("Categories"),
    "options": _("Choices"),
}
MOST_VERSIONS: Final = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """The price field of a product. `text`: what stands in it; `was`: what customers pay now, when that differs."""

    text: str
    seen: int | None
    is_changed: bool
    error: str = ""
    clash: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A product of the menu as its editor sees it."""

    product: Product
    amount: int | None
    cell: Cell
    coming: Price | None
    is_sold_out: bool
    is_selected: bool

    @property
    def plate(self) -> str:
        return plate(self.product.name, self.product.category.name)

    @property
    def allergens(self) -> str:
        return allergen_list(self.product.allergens)


@dataclass(frozen=True, slots=True)
class Version:
    """A change of the menu: its number, what, by whom, when."""

    number: int
    words: str
    names: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody has typed and not published: field texts, errors and clashes by product's public id."""

    texts: Mapping[str, str]
    errors: Mapping[str, str]
    clashes: Mapping[str, int | None]
    selected: frozenset[str] = frozenset()
    valid_from: str = ""


NOTHING: Final = Typed({}, {}, {})


def shops_of(actor: Actor) -> QuerySet[Restaurant]:
    """The restaurants whose menu the actor may change: support is not among them."""
    shops = Restaurant.objects.select_related("city").order_by("name")
    if actor.has("owner"):
        return shops
    return shops.filter(pk__in=actor.bound("restaurateur", "restaurant"))


def shop_of(actor: Actor, shop_id: UUID) -> Restaurant:
    """One of them. Raises NotFound: unknown or somebody else's."""
    shop = shops_of(actor).filter(public_id=shop_id).first()
    if shop is None:
        raise NotFound()
    return shop


@require_safe
def menus(request: PageRequest) -> HttpResponse:
    """The menus to choose from; a boss of one restaurant is led to it."""
    now = clock.now()
    counts = {
        "dishes": Count("products", filter=Q(products__is_active=True)),
        "sold_out": Count("products", filter=Q(products__is_active=True, products__sold_out_until__gt=now)),
    }
    shops = list(shops_of(request.actor).annotate(**counts))
    if len(shops) == 1:
        return HttpResponseRedirect(reverse("console_menu", args=[shops[0].public_id]))
    return draw(request, "menus", {"shops": shops}, here="console_menus")


@require_safe
def menu(request: PageRequest, shop_id: UUID) -> HttpResponse:
    """`show` filters (SHOW), `q` finds; `as_of` fills in the prices of an earlier version, not saved."""
    shop = shop_of(request.actor, shop_id)
    return menu_page(request, shop, typed=_as_of(shop, request.GET.get("as_of", "")))


def menu_page(
    request: PageRequest,
    shop: Restaurant,
    *,
    typed: Typed = NOTHING,
    refusal: Refusal | None = None,
    said: str = "",
) -> HttpResponse:
    """The editor, with what was typed and not saved, and a refusal beside it."""
    now = clock.now()
    rows = rows_of(shop, typed, now)
    show, wanted = request.GET.get("show", ""), request.GET.get("q", "").strip()
    shown = [row for row in rows if _is_wanted(row, show, wanted.casefold())]
    counts = {code: sum(_is_wanted(row, code, "") for row in rows) for code, _words in SHOW}
    context = {
        "shop": shop,
        "city": shop.city,
        "shops": shops_of(request.actor)[:200],
        "courses": _courses(shop, shown),
        "shows": [(code, words, counts[code]) for code, words in SHOW],
        "show": show,
        "wanted_dish": wanted,
        "changed": (changed := [row for row in shown if row.cell.is_changed]),
        "several": max(2, len(changed)),
        "preview": next((row for row in shown if row.cell.is_changed or row.is_selected), shown[0] if shown else None),
        "versions": versions_of(shop),
        "next_version": shop.menu_version + 1,
        "typed": typed,
        "refusal": refusal.problem if refusal else None,
        "said": said,
    }
    return draw(request, "menu", context, here="console_menus", status=refusal.problem.status if refusal else 200)


def rows_of(shop: Restaurant, typed: Typed, now: datetime) -> list[Row]:
    """Every product of the restaurant in the order of its menu; three queries."""
    products = Product.objects.filter(restaurant=shop).select_related("category", "station")
    products = products.order_by("category__position", "category_id", "position", "id")
    amounts = {row.pk: row.amount for row in priced(Product.objects.filter(restaurant=shop), now)}
    coming = coming_prices(amounts, now)
    return [
        Row(
            product=product,
            amount=amounts.get(product.pk),
            cell=_cell(str(product.public_id), amounts.get(product.pk), shop.city.currency, typed),
            coming=coming.get(product.pk),
            is_sold_out=product.sold_out_until is not None and product.sold_out_until > now,
            is_selected=str(product.public_id) in typed.selected,
        )
        for product in products
    ]


def _cell(public_id: str, amount: int | None, currency: str, typed: Typed) -> Cell:
    text = typed.texts.get(public_id, "" if amount is None else written_amount(amount, currency, language()))
    error = typed.errors.get(public_id, "")
    is_changed = bool(error) or (parse_amount(text, currency) != amount)
    return Cell(text, amount, is_changed, error, typed.clashes.get(public_id))


def _is_wanted(row: Row, show: str, wanted: str) -> bool:
    if wanted and wanted not in f"{row.product.name} {row.product.description}".casefold():
        return False
    if show == "hidden":
        return not row.product.is_active
    if show == "sold_out":
        return row.product.is_active and row.is_sold_out
    return row.product.is_active or bool(wanted) or row.cell.is_changed


def _courses(shop: Restaurant, rows: Sequence[Row]) -> list[tuple[Category, list[Row]]]:
    by_category: dict[int, list[Row]] = {}
    for row in rows:
        by_category.setdefault(row.product.category_id, []).append(row)
    categories = Category.objects.filter(restaurant=shop)
    return [(category, by_category[category.pk]) for category in categories if category.pk in by_category]


def versions_of(shop: Restaurant) -> list[Version]:
    """The newest changes of the menu."""
    facts = [fact for fact in history(Restaurant.aggregate_kind(), [shop.pk]) if isinstance(fact.event, MenuChanged)]
    newest = facts[: -MOST_VERSIONS - 1 : -1]
    names = names_of(fact.by for fact in newest)
    return [
        Version(
            fact.event.menu_version,
            str(CHANGES.get(fact.event.what, fact.event.what)),
            ", ".join(fact.event.names),
            names[fact.by],
            datetime.fromisoformat(fact.event.made_at) if fact.event.made_at else fact.occurred_at,
        )
        for fact in newest
    ]


def _as_of(shop: Restaurant, version: str) -> Typed:
    """The prices that were valid when the version was made, as if somebody had typed them."""
    found = next((each for each in versions_of(shop) if str(each.number) == version), None)
    if found is None:
        return NOTHING
    then = priced(Product.objects.filter(restaurant=shop), found.at)
    texts = {str(row.public_id): written_amount(row.amount, shop.city.currency, language()) for row in then}
    return Typed(texts, {}, {})
