"""What a browser holds before an order exists: an address, and product ids with quantities; never a price.

A guest's basket lives in the session, that of a person who is signed in with the account. A basket that was filled
before signing in is put into the account's.
"""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from delivery.accounts.models import AccessDetails, Address
from delivery.checkout.basket import Basket, BasketLine, Destination
from delivery.ground.forms import PageRequest
from delivery.ground.geo import Point
from delivery.ground.ids import sha256_of
from delivery.storefront.models import KeptBasket

ADDRESS = "address"
BASKET = "basket"
QUOTE = "quote"
COLLECTS = "collects"  # the customer comes for it
ADDED = "added"  # keys of the forms that have added something: sent again, they add nothing
REMEMBERED_FORMS = 20
LARGEST_QUANTITY = 50
MOST_LINES = 50

Session = MutableMapping[str, Any]
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class HeldAddress:
    """Where to bring it. `reckoned_from`: the zone whose middle stands for the door; empty for a real position."""

    line: str
    lat: float
    lon: float
    access: dict[str, str] = field(default_factory=dict)
    reckoned_from: str = ""

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)

    @property
    def destination(self) -> Destination:
        return Destination(line=self.line, lat=self.lat, lon=self.lon, access=self.access)


@dataclass(frozen=True, slots=True)
class Wish:
    """A product by public id, with the answers to its choices and a note for this dish."""

    product: str
    options: tuple[str, ...] = ()
    note: str = ""

    @property
    def key(self) -> str:
        """The same wish is the same line of the basket."""
        if not self.options and not self.note:
            return self.product
        return f"{self.product}.{sha256_of('|'.join([*sorted(self.options), self.note]))[:12]}"


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A wish, so many times; `added_at` finds the price that its customer has seen."""

    wish: Wish
    quantity: int
    added_at: datetime

    @property
    def product(self) -> str:
        return self.wish.product


@dataclass(frozen=True, slots=True)
class HeldBasket:
    """Lines of one restaurant (by public id), or nothing at all."""

    restaurant: str = ""
    lines: Sequence[HeldLine] = ()

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    def quantity(self, product: str) -> int:
        return sum(line.quantity for line in self.lines if line.product == product)

    def line(self, key: str) -> HeldLine | None:
        return next((line for line in self.lines if line.wish.key == key), None)

    def for_checkout(self, address: HeldAddress | None, wanted_at: datetime | None = None) -> Basket:
        """`address`: None to collect it."""
        lines = [BasketLine(line.product, line.quantity, line.wish.note, line.wish.options) for line in self.lines]
        door = address.destination if address else None
        return Basket(restaurant=self.restaurant, lines=lines, destination=door, wanted_at=wanted_at)


def address_of(request: PageRequest) -> HeldAddress | None:
    """The address that this browser has given, else the one that its person used last."""
    kept = request.session.get(ADDRESS)
    if kept:
        return HeldAddress(**kept)
    if request.actor.account_id is None:
        return None
    saved = Address.objects.filter(account_id=request.actor.account_id).order_by("-pk").first()
    return of_saved(saved) if saved else None


def of_saved(saved: Address) -> HeldAddress:
    """A saved address as it is held."""
    access = {name: getattr(saved, name) for name in AccessDetails.ACCESS_FIELDS}
    return HeldAddress(saved.line, saved.lat, saved.lon, access)


def keep_address(session: Session, address: HeldAddress) -> None:
    session[ADDRESS] = asdict(address)
    session.pop(QUOTE, None)


def collects(request: PageRequest) -> bool:
    """Whether this browser's customer comes for the food."""
    return bool(request.session.get(COLLECTS))


def choose_way(session: Session, *, is_collection: bool) -> None:
    session[COLLECTS] = is_collection
    session.pop(QUOTE, None)


def basket_of(request: PageRequest) -> HeldBasket:
    """The basket of this person, else of this browser; one that was filled before signing in is taken along."""
    account_id = request.actor.account_id
    if account_id is None:
        return _read(request.session.get(BASKET, {}))
    if request.session.get(BASKET):
        _change(request, lambda content: None)
    kept = KeptBasket.objects.filter(account_id=account_id).first()
    return _read(kept.content if kept else {})


def hold(request: PageRequest, *, restaurant: str, wish: Wish, quantity: int, now: datetime) -> None:
    """Hold so many of a wish, 0 for none. Another restaurant's product begins a new basket."""
    _change(request, lambda content: _put(content, restaurant, wish, quantity, now))


def add(
    request: PageRequest, *, restaurant: str, wish: Wish, quantity: int, now: datetime, form: str, instead_of: str = ""
) -> None:
    """Hold so many more of a wish, in place of the line `instead_of`. Sent again with the same `form`: nothing."""
    added = request.session.get(ADDED, [])
    if form in added:
        return
    request.session[ADDED] = [*added, form][-REMEMBERED_FORMS:]

    def change(content: Content) -> None:
        if content.get("restaurant") == restaurant:
            content["lines"].pop(instead_of, None)
        held = content["lines"].get(wish.key) if content.get("restaurant") == restaurant else None
        _put(content, restaurant, wish, (held["quantity"] if held else 0) + quantity, now)

    _change(request, change)


def replace(request: PageRequest, basket: Content) -> None:
    """A whole basket at once: ordering again."""

    def change(content: Content) -> None:
        content.clear()
        content.update(basket)

    _change(request, change)


def content_of(restaurant: str, wishes: Sequence[tuple[Wish, int]], now: datetime) -> Content:
    """A basket as it is kept."""
    content: Content = {}
    for wish, quantity in wishes:
        _put(content, restaurant, wish, quantity, now)
    return content


def forget_basket(request: PageRequest) -> None:
    """It has become an order."""
    request.session.pop(BASKET, None)
    request.session.pop(QUOTE, None)
    request.session.pop(COLLECTS, None)
    if request.actor.account_id is not None:
        KeptBasket.objects.filter(account_id=request.actor.account_id).delete()


def _change(request: PageRequest, change: Callable[[Content], None]) -> None:
    """Change what is kept; a quote that was made for another basket is no longer meant."""
    request.session.pop(QUOTE, None)
    account_id = request.actor.account_id
    if account_id is None:
        content = request.session.get(BASKET, {})
        change(content)
        request.session[BASKET] = content if content.get("lines") else {}
        return
    with transaction.atomic():
        KeptBasket.objects.get_or_create(account_id=account_id)
        kept = KeptBasket.objects.select_for_update().get(account_id=account_id)
        _merge(kept.content, request.session.pop(BASKET, {}))
        change(kept.content)
        kept.save()


def _merge(content: Content, brought: Content) -> None:
    """What was chosen just now comes first: another restaurant's takes the place of the older basket."""
    if not brought.get("lines"):
        return
    if content.get("restaurant") != brought["restaurant"]:
        content.clear()
        content.update(brought)
        return
    for key, line in brought["lines"].items():
        kept = content["lines"].get(key)
        content["lines"][key] = line if kept is None or kept["quantity"] < line["quantity"] else kept


def _put(content: Content, restaurant: str, wish: Wish, quantity: int, now: datetime) -> None:
    if content.get("restaurant") != restaurant:
        content.clear()
        content.update({"restaurant": restaurant, "lines": {}})
    lines = content["lines"]
    if quantity <= 0:
        lines.pop(wish.key, None)
        return
    if wish.key not in lines and len(lines) >= MOST_LINES:
        return
    kept = lines.get(wish.key) or {**asdict(wish), "options": list(wish.options), "added_at": now.isoformat()}
    lines[wish.key] = {**kept, "quantity": min(quantity, LARGEST_QUANTITY)}


def _read(content: Content) -> HeldBasket:
    lines = [
        HeldLine(
            Wish(line["product"], tuple(line["options"]), line["note"]),
            line["quantity"],
            datetime.fromisoformat(line["added_at"]),
        )
        for line in content.get("lines", {}).values()
    ]
    return HeldBasket(content.get("restaurant", ""), lines) if lines else HeldBasket()
