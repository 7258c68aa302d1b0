"""`/me/`: a customer's own page: orders to look at and to repeat, addresses, name and phone."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from delivery.accounts.errors import AccountExists, PhoneInvalid
from delivery.accounts.models import Account
from delivery.accounts.services import introduce
from delivery.ground import clock
from delivery.ground.forms import PageRequest
from delivery.orders.models import Order
from delivery.storefront.address import addresses_of
from delivery.storefront.follow import ENDS
from delivery.storefront.page import draw

NEWEST: Final = 20


class PersonForm(forms.Form):
    """Who somebody is at the door; what a checkout is filled in with."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=30,
        required=False,
        help_text=_("With the country code, as in +56 9 1234 5678"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: PageRequest) -> HttpResponse:
    """POST changes name and phone."""
    person = Account.objects.get(pk=request.actor.account_id or 0)  # the access row lets in who has an account
    form = PersonForm(request.POST or None, initial={"name": person.name, "phone": person.phone or ""})
    if form.is_valid():
        try:
            introduce(account_id=person.pk, **form.cleaned_data)
        except PhoneInvalid:
            form.add_error("phone", _("This is not a phone number with its country code."))
        except AccountExists:
            form.add_error("phone", _("Another account has this number."))
        else:
            messages.success(request, _("Kept."))
            return HttpResponseRedirect(reverse("mine"))
    return draw(request, "mine", _context(request, person, form), now=clock.now(), status=422 if form.is_bound else 200)


def _context(request: PageRequest, person: Account, form: PersonForm) -> dict[str, Any]:
    orders = Order.objects.filter(account=person).select_related("restaurant", "city").prefetch_related("lines")
    newest = list(orders.order_by("-placed_at")[:NEWEST])
    return {
        "person": person,
        "form": form,
        "open_orders": [order for order in newest if not order.is_final],
        "past_orders": [(order, ENDS.get(order.status, "")) for order in newest if order.is_final],
        "saved": addresses_of(request),
    }
