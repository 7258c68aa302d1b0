"""`/restaurants/<slug>/basket/`: every change of the basket is a form that leads back to the menu."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from delivery.ground import clock
from delivery.ground.errors import BadRequest, NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.ids import public_id_in
from delivery.storefront import held
from delivery.storefront.menu import restaurant
from delivery.storefront.page import draw
from restaurants import selectors
from restaurants.options import groups_of


@require_POST
def basket(request: PageRequest, slug: str) -> HttpResponse:
    """Holds `quantity` of a `line`, or of a `product` without choices: an absolute number, so that a form sent twice
    is one change.

    A product of another restaurant asks first (`replace`) before it begins a new basket.
    """
    shop, now = restaurant(slug), clock.now()
    quantity = quantity_of(request.POST.get("quantity", ""))
    kept = held.basket_of(request)
    line = kept.line(request.POST.get("line", ""))
    wish = line.wish if line else held.Wish(request.POST.get("product", ""))
    if quantity:
        product = selectors.products_by_public_id([public_id_in(wish.product)], now).get(wish.product)
        if product is None or product.restaurant_id != shop.pk:
            raise NotFound()
        if line is None and any(group.fewest for group in groups_of([product.pk]).get(product.pk, [])):
            return HttpResponseRedirect(reverse("dish", args=[slug, wish.product]))
    if quantity and asks_first(request, kept, str(shop.public_id)):
        again = {"product": [wish.product], "quantity": [quantity]}
        return draw(request, "replace", {"shop": shop, "again": again, "to": "basket"}, now=now, status=409)
    held.hold(request, restaurant=str(shop.public_id), wish=wish, quantity=quantity, now=now)
    return HttpResponseRedirect(reverse("menu", args=[slug]) + _anchor(request, wish.product))


def asks_first(request: PageRequest, kept: held.HeldBasket, restaurant_id: str) -> bool:
    """Whether somebody has to say that the basket of another restaurant may go."""
    return bool(kept.lines) and kept.restaurant != restaurant_id and "replace" not in request.POST


def quantity_of(text: str) -> int:
    """A small number from a form. Raises BadRequest."""
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise BadRequest("the quantity is a small number")
    return min(int(text), held.LARGEST_QUANTITY)


def _anchor(request: PageRequest, product: str) -> str:
    """Back to where the finger was: the dish, or the basket."""
    return "#basket" if request.POST.get("from") == "basket" else f"#dish-{product}"
