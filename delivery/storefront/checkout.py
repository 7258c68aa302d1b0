"""`/checkout/`: who eats, what it costs, how it is paid. The price is a quote that checkout holds for ten minutes."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from delivery.accounts.errors import PhoneInvalid
from delivery.accounts.models import Account
from delivery.accounts.services import normal_phone
from delivery.checkout import services
from delivery.checkout.basket import Placement
from delivery.checkout.errors import QuoteExpired, SoldOut
from delivery.checkout.models import Quote
from delivery.cities.selectors import with_levers
from delivery.ground import clock, money
from delivery.ground.errors import Problem
from delivery.ground.forms import PageRequest, sent_once
from delivery.ground.ids import public_id_in
from delivery.ground.templatetags.measures import language
from delivery.orders.models import Channel
from delivery.payments.models import Tender
from delivery.storefront import held
from delivery.storefront.bill import why_closed
from delivery.storefront.cards import soonest, time_to_door
from delivery.storefront.page import draw
from delivery.storefront.slots import days_for
from delivery.storefront.words import items, refusal
from restaurants.errors import RestaurantClosed, RestaurantPaused
from restaurants.models import Restaurant

TIPS_BP: Final = (0, 500, 1000, 1500)
TENDERS: Final = [(Tender.Kind.CARD, _("Card")), (Tender.Kind.CASH, _("Cash at the door"))]
TENDERS_AT_THE_COUNTER: Final = [(Tender.Kind.CARD, _("Card")), (Tender.Kind.CASH, _("Cash at the counter"))]
COLLECTION: Final = "collection"
FIELD_OF: Final = {
    "payment_refused": "tender",
    "tender_not_taken": "tender",
    "phone_invalid": "phone",
    "restaurant_closed": "wanted_at",
    "invalid": "wanted_at",
}


class CheckoutForm(forms.Form):
    """Who orders and how it is paid. No amount comes from here: a tip is a share of what the quote says."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=30,
        help_text=_("With the country code, as in +56 9 1234 5678. Your courier calls it when nobody opens."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    allergies = forms.CharField(
        label=_("Allergies"),
        max_length=200,
        required=False,
        help_text=_("Printed on the kitchen's ticket, in a box of its own."),
    )
    note = forms.CharField(
        label=_("Note for the kitchen"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "area"}),
    )
    wanted_at = forms.DateTimeField(
        label=_("Day and time"), required=False, error_messages={"invalid": _("Choose one of the times.")}
    )
    tip = forms.TypedChoiceField(choices=[(bp, bp) for bp in TIPS_BP], coerce=int, initial=0)
    tender = forms.ChoiceField(choices=TENDERS, initial=Tender.Kind.CARD)

    def __init__(self, *args: Any, must_wait: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.must_wait = must_wait

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.must_wait and not values.get("wanted_at") and "wanted_at" not in self.errors:
            self.add_error("wanted_at", _("The restaurant is closed now. Choose when you want to eat."))
        return values

    def clean_phone(self) -> str:
        try:
            return normal_phone(self.cleaned_data["phone"])
        except PhoneInvalid as problem:
            raise forms.ValidationError(refusal(problem)) from problem


@dataclass(frozen=True, slots=True)
class Tip:
    """A choice of tip: a share of the dishes, and what all costs with it."""

    basis_points: int
    amount: int
    without: int
    chosen: Any

    @property
    def percent(self) -> int:
        return self.basis_points // 100

    @property
    def total(self) -> int:
        return self.without + self.amount

    @property
    def is_chosen(self) -> bool:
        return str(self.basis_points) == str(self.chosen or 0)


@require_POST
def choose_way(request: PageRequest) -> HttpResponse:
    """Have it brought, or come for it; then the price is another one."""
    held.choose_way(request.session, is_collection=request.POST.get("way") == COLLECTION)
    return HttpResponseRedirect(reverse("checkout"))


@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: PageRequest) -> HttpResponse:
    """Shows what will be paid, at a price that holds; a POST pays and places, then leads to the tracking page."""
    if request.method == "POST":
        return _pay(request)
    return _fresh(request, CheckoutForm(initial=_known_customer(request)))


def _pay(request: PageRequest) -> HttpResponse:
    """The quote that the page showed is what is paid; one that is an order already leads to its order."""
    quote = _quote_of(request, request.POST.get("quote", ""))
    if quote is not None and quote.order is not None:
        return HttpResponseRedirect(reverse("tracking", args=[quote.order.tracking_token]))
    now = clock.now()
    form = CheckoutForm(request.POST, must_wait=quote is not None and _must_wait(quote.restaurant, now))
    if quote is None:
        return _fresh(request, form, refused=QuoteExpired())
    if not form.is_valid():
        return _page(request, quote, form, status=422)
    placement = _placement(form.cleaned_data, quote)
    try:
        reply = services.place(actor=request.actor, **sent_once(request), placement=placement)
    except QuoteExpired as problem:
        return _fresh(request, form, refused=problem, before=quote)
    except (SoldOut, RestaurantPaused) as problem:
        return _back_to_basket(request, quote.restaurant, problem)
    except Problem as problem:
        field = FIELD_OF.get(problem.code)
        form.add_error(field, _("Choose another time.") if field == "wanted_at" else refusal(problem))
        return _page(request, quote, form, status=problem.status)
    held.forget_basket(request)
    return HttpResponseRedirect(reply.body["tracking_url"])


def _fresh(
    request: PageRequest, form: CheckoutForm, *, refused: Problem | None = None, before: Quote | None = None
) -> HttpResponse:
    """The page with a quote that holds: the one of this basket, else a new one."""
    basket, is_collection = held.basket_of(request), held.collects(request)
    address = None if is_collection else held.address_of(request)
    shops = Restaurant.objects.select_related("city")
    shop = shops.filter(public_id=public_id_in(basket.restaurant)).first()
    if shop is None:
        return HttpResponseRedirect(reverse("shop"))
    if address is None and not is_collection:
        return HttpResponseRedirect(f"{reverse('address')}?{urlencode({'next': 'checkout'})}")
    quote = _held_quote(request)
    if quote is None:
        try:
            wanted_at = _first_time(shop, soonest(shop, address.point if address else None, clock.now()))
            quote = services.quote(actor=request.actor, basket=basket.for_checkout(address, wanted_at))
        except Problem as problem:
            return _back_to_basket(request, shop, problem)
        request.session[held.QUOTE] = str(quote.public_id)
    if refused is not None:
        form.full_clean()
        form.add_error(None, refusal(refused))
    was = before.total if before is not None and before.total != quote.total else None
    return _page(request, quote, form, status=refused.status if refused else 200, was=was)


def _page(
    request: PageRequest, quote: Quote, form: CheckoutForm, *, status: int = 200, was: int | None = None
) -> HttpResponse:
    now = clock.now()
    seconds_left = max(0, (quote.expires_at - now).total_seconds())
    door = quote.point if quote.zone else None
    if door is None:
        form.fields["phone"].help_text = _("With the country code, as in +56 9 1234 5678. The restaurant may call it.")
    context = {
        "form": form,
        "quote": quote,
        "is_collection": quote.zone is None,
        "tenders": TENDERS if quote.zone else TENDERS_AT_THE_COUNTER,
        "count": items(sum(line["quantity"] for line in quote.lines)),
        "vat": sum(line["vat_amount"] for line in quote.lines),
        "was": was,
        "tips": [Tip(bp, money.share(quote.subtotal, bp), quote.total, form["tip"].value()) for bp in TIPS_BP],
        "seconds_left": int(seconds_left),
        "minutes_left": math.ceil(seconds_left / 60),
        "minutes": time_to_door(quote.restaurant, door, now, _rush(quote)),
        "must_wait": _must_wait(quote.restaurant, now),
        "days": days_for(quote.restaurant, soonest(quote.restaurant, door, now), now),
        "wanted": form["wanted_at"].value() or "",
    }
    return draw(request, "checkout", context, now=now, status=status)


def _placement(values: dict[str, Any], quote: Quote) -> Placement:
    return Placement(
        wants=str(quote.public_id),
        customer_name=values["name"],
        customer_phone=values["phone"],
        tender=Tender.Kind(values["tender"]),
        tip=money.share(quote.subtotal, values["tip"]) if quote.zone else 0,
        note=values["note"],
        allergies=values["allergies"],
        wanted_at=values["wanted_at"],
        channel=Channel.WEB,
        language=language(),
    )


def _quote_of(request: PageRequest, public_id: str) -> Quote | None:
    """A quote that this actor was given."""
    quotes = Quote.objects.select_related("restaurant__city", "order")
    return quotes.filter(owner=request.actor.ref, public_id=public_id_in(public_id)).first()


def _held_quote(request: PageRequest) -> Quote | None:
    """The quote of the basket as it is, while it holds."""
    quote = _quote_of(request, request.session.get(held.QUOTE, ""))
    holds = quote is not None and quote.order_id is None and quote.expires_at > clock.now()
    return quote if holds else None


def _must_wait(shop: Restaurant, now: datetime) -> bool:
    """Closed now: it only takes orders for later."""
    return isinstance(why_closed(shop, now), RestaurantClosed)


def _rush(quote: Quote) -> timedelta:
    return with_levers([quote.zone])[0].rush if quote.zone else timedelta()


def _first_time(shop: Restaurant, soonest: timedelta) -> datetime | None:
    """For a closed restaurant, the first time for which it takes orders: what its prices are asked for."""
    now = clock.now()
    days = days_for(shop, soonest, now) if _must_wait(shop, now) else []
    return datetime.fromisoformat(days[0].times[0][0]) if days else None


def _back_to_basket(request: PageRequest, shop: Restaurant, problem: Problem) -> HttpResponse:
    """The basket tells which of its lines it is."""
    messages.warning(request, refusal(problem))
    return HttpResponseRedirect(reverse("menu", args=[shop.slug]))


def _known_customer(request: PageRequest) -> dict[str, str]:
    if request.actor.account_id is None:
        return {}
    person = Account.objects.get(pk=request.actor.account_id)
    return {"name": person.name, "phone": person.phone or ""}
