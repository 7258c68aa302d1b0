"""`/restaurants/<slug>/dishes/<product>/`: one dish with its choices; what is chosen goes into the basket from here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from delivery.ground import clock
from delivery.ground.errors import NotFound, Problem
from delivery.ground.forms import PageRequest, sent_once
from delivery.orders import pricing
from delivery.storefront import held
from delivery.storefront.basket import asks_first, quantity_of
from delivery.storefront.bill import opens_again, why_closed
from delivery.storefront.menu import restaurant
from delivery.storefront.page import draw
from delivery.storefront.words import one_line, refusal, rule_of
from restaurants import selectors
from restaurants.allergens import allergen_list
from restaurants.errors import ChoiceIncomplete, RestaurantClosed
from restaurants.models import Option, OptionGroup, Restaurant
from restaurants.options import groups_of, pick
from restaurants.plates import cloth, plate

LONGEST_NOTE = 140


@dataclass(frozen=True, slots=True)
class Answer:
    option: Option
    is_picked: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice on the page. `is_one`: exactly one answer, drawn as radio buttons."""

    group: OptionGroup
    answers: Sequence[Answer]
    rule: str
    error: str

    @property
    def is_one(self) -> bool:
        return self.group.fewest == self.group.most == 1

    @property
    def name(self) -> str:
        """Radio buttons of one choice share a name."""
        return f"option-{self.group.pk}" if self.is_one else "option"


@dataclass(frozen=True, slots=True)
class Said:
    """What a form or a web address says about the dish."""

    options: tuple[str, ...]
    note: str
    quantity: int
    instead_of: str


@require_http_methods(["GET", "HEAD", "POST"])
def dish(request: PageRequest, slug: str, product: str) -> HttpResponse:
    """GET shows the dish with the answers that the address names, at their price; POST puts it into the basket."""
    shop, now = restaurant(slug), clock.now()
    found = selectors.products_by_public_id([product], now).get(str(product))
    if found is None or found.restaurant_id != shop.pk:
        raise NotFound()
    groups = groups_of([found.pk]).get(found.pk, [])
    if request.method != "POST":
        return _page(request, shop, found, groups, _said(request, request.GET))
    said = _said(request, request.POST)
    try:
        pick(groups, said.options)
    except Problem as problem:
        return _page(request, shop, found, groups, said, problem=problem)
    wish = held.Wish(str(product), tuple(sorted(said.options)), said.note)
    kept = held.basket_of(request)
    if asks_first(request, kept, str(shop.public_id)):
        context = {"shop": shop, "again": _again(request.POST), "to": "dish", "product": product}
        return draw(request, "replace", context, now=now, status=409)
    held.add(
        request,
        restaurant=str(shop.public_id),
        wish=wish,
        quantity=said.quantity,
        now=now,
        form=sent_once(request)["key"],
        instead_of=said.instead_of,
    )
    return HttpResponseRedirect(reverse("menu", args=[slug]) + f"#dish-{product}")


def _page(
    request: PageRequest,
    shop: Restaurant,
    product: Any,
    groups: Sequence[OptionGroup],
    said: Said,
    *,
    problem: Problem | None = None,
) -> HttpResponse:
    now = clock.now()
    choices = [_choice(group, said, problem) for group in groups]
    closed = why_closed(shop, now)
    extra = [answer.option.amount for choice in choices for answer in choice.answers if answer.is_picked]
    context = {
        "shop": shop,
        "currency": shop.city.currency,
        "product": product,
        "plate": plate(product.name, product.category.name, product.description),
        "cloth": cloth(shop.slug),
        "allergens": allergen_list(product.allergens),
        "choices": choices,
        "said": said,
        "amount": pricing.with_options(product.amount, extra) * said.quantity,
        "is_sold_out": selectors.is_sold_out(product, now),
        "takes_orders": closed is None or (isinstance(closed, RestaurantClosed) and opens_again(shop, closed, now)),
        "refused": refusal(problem) if problem and not any(choice.error for choice in choices) else "",
    }
    return draw(request, "dish_page", context, now=now, status=problem.status if problem else 200)


def _choice(group: OptionGroup, said: Said, problem: Problem | None) -> Choice:
    answers = [Answer(option, str(option.public_id) in said.options) for option in group.options.all()]
    number = sum(answer.is_picked for answer in answers)
    is_wrong = isinstance(problem, ChoiceIncomplete) and not group.fewest <= number <= group.most
    rule = rule_of(group.fewest, group.most)
    return Choice(group, answers, rule, rule if is_wrong else "")


def _said(request: PageRequest, said: QueryDict) -> Said:
    """A line of the basket that is named stands for its answers, until others are given."""
    options = [value for name, values in said.lists() if name.startswith("option") for value in values]
    line = held.basket_of(request).line(said.get("line", "")) if "line" in said else None
    if line is not None and not options and "quantity" not in said:
        return Said(line.wish.options, line.wish.note, line.quantity, line.wish.key)
    quantity = max(1, quantity_of(said.get("quantity", "1")))
    return Said(tuple(options), one_line(said.get("note", ""), LONGEST_NOTE), quantity, said.get("line", ""))


def _again(said: QueryDict) -> dict[str, Any]:
    """The form once more, for the question whether the other basket may go; its key stays, it has done nothing yet."""
    return {name: values for name, values in said.lists() if name != "csrfmiddlewaretoken"}
