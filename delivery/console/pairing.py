"""`/console/pairing-code/`: a code for a new counter tablet or kitchen screen, shown this once."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from delivery.devices import services
from delivery.devices.models import Kind
from delivery.ground.access import Actor
from restaurants.models import Restaurant


class PairingCodeForm(forms.Form):
    restaurant = forms.ModelChoiceField(
        queryset=Restaurant.objects.none(), label=_("Restaurant"), widget=UnfoldAdminSelectWidget
    )
    kind = forms.ChoiceField(
        choices=[(Kind.LOBBY, Kind.LOBBY.label), (Kind.KITCHEN, Kind.KITCHEN.label)],
        label=_("Screen"),
        widget=UnfoldAdminSelectWidget,
    )


def new_pairing_code(site: Any) -> Callable[[HttpRequest], HttpResponse]:
    """The view for a console's site. A code is made by POST only, and nowhere written down."""

    def view(request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        form = PairingCodeForm(request.POST or None)
        form.fields["restaurant"].queryset = _restaurants_of(actor)  # type: ignore[attr-defined]  # a ModelChoiceField
        code = None
        if form.is_valid():
            code = services.create_pairing_code(
                kind=Kind(form.cleaned_data["kind"]), restaurant=form.cleaned_data["restaurant"], by=actor.ref
            )
        context = {**site.each_context(request), "title": _("New pairing code"), "form": form, "code": code}
        return TemplateResponse(request, "console/pairing_code.html", context)

    return view


def _restaurants_of(actor: Actor) -> Any:
    restaurants = Restaurant.objects.filter(is_active=True).order_by("name")
    if actor.has("owner") or actor.has("support"):
        return restaurants
    return restaurants.filter(pk__in=actor.bound("restaurateur", "restaurant"))
