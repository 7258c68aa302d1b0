"""`/address/`: where to bring it. A street that we know gives its door; else a part of the city stands for it."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.accounts.models import Account, Address
from delivery.accounts.services import add_address
from delivery.cities import geocoding
from delivery.cities.models import Street
from delivery.cities.selectors import served_zones, zones_at
from delivery.ground import clock
from delivery.ground.errors import BadRequest, NotFound
from delivery.ground.forms import PageRequest
from delivery.ground.geo import Point
from delivery.ground.ids import public_id_in
from delivery.storefront import held
from delivery.storefront.address_form import AddressForm, nearby
from delivery.storefront.page import draw

ONWARD: Final = ("shop", "checkout")
MOST_SAVED: Final = 20


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: PageRequest) -> HttpResponse:
    """Keeps the address and leads on to `next`; a street that may be several is asked back."""
    form = AddressForm(served_zones(), request.POST or None, initial=_initial(request))
    context = address_context(request, form)
    if not form.is_valid():
        outside = nearby(form.outside) if form.outside else []
        status = 422 if form.is_bound else 200
        return draw(request, "address", context | {"outside": outside}, now=clock.now(), status=status)
    found = form.found()
    if isinstance(found, held.HeldAddress):
        _keep(request, found)
        return HttpResponseRedirect(reverse(_onward(request)))
    if not found:
        form.add_error("line", form.UNKNOWN_STREET)
        return draw(request, "address", context | {"asks_zone": True}, now=clock.now(), status=422)
    typed = {name: request.POST.get(name, "") for name in form.access_names}
    more = {"choices": [(each, bool(zones_at(each.point))) for each in found], "typed": typed, "keep": form.wants_kept}
    return draw(request, "address_choices", context | more, now=clock.now())


@require_safe
def suggest(request: PageRequest) -> HttpResponse:
    """Addresses like `q`, or the one at `lat` and `lon`, as options of a list box."""
    if "lat" in request.GET:
        here = geocoding.nearest(point=_point(request))
        found = [here] if here else []
    else:
        found = geocoding.search(city=None, text=request.GET.get("q", ""), limit=6)
    response = render(request, "storefront/suggestions.html", {"found": found})
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def saved_address(request: PageRequest) -> HttpResponse:
    """Takes a saved address of the person who is signed in."""
    saved = saved_of(request, request.POST.get("saved", ""))
    held.keep_address(request.session, held.of_saved(saved))
    return HttpResponseRedirect(reverse(_onward(request)))


@require_POST
def forget_address(request: PageRequest) -> HttpResponse:
    """The account no longer keeps this address; orders that went there keep theirs."""
    saved_of(request, request.POST.get("saved", "")).delete()
    return HttpResponseRedirect(reverse("mine") + "#addresses")


def saved_of(request: PageRequest, public_id: str) -> Address:
    """Raises NotFound: it is not this person's."""
    saved = addresses_of(request)
    found = next((each for each in saved if each.public_id == public_id_in(public_id)), None)
    if found is None:
        raise NotFound()
    return found


def addresses_of(request: PageRequest) -> Sequence[Address]:
    account_id = request.actor.account_id
    return list(Address.objects.filter(account_id=account_id).order_by("-pk")[:MOST_SAVED]) if account_id else []


def address_context(request: PageRequest, form: AddressForm | None = None) -> dict[str, Any]:
    """What the address form needs, wherever it is drawn."""
    return {
        "form": form or AddressForm(served_zones(), initial=_initial(request)),
        "saved": addresses_of(request),
        "next": _onward(request),
        "knows_streets": Street.objects.exists(),
    }


def _keep(request: PageRequest, address: held.HeldAddress) -> None:
    """In this browser, and with the account that asks for it; an address that it has already is not kept twice."""
    held.keep_address(request.session, address)
    account_id = request.actor.account_id
    if account_id is None or "keep" not in request.POST or address.reckoned_from:
        return
    saved = addresses_of(request)
    if len(saved) >= MOST_SAVED or any(held.of_saved(each) == address for each in saved):
        return
    account = Account.objects.get(pk=account_id)
    add_address(account=account, line=address.line, point=address.point, **address.access)


def _point(request: PageRequest) -> Point:
    try:
        lat, lon = float(request.GET.get("lat", "")), float(request.GET.get("lon", ""))
    except ValueError as error:
        raise BadRequest("a position is two numbers") from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadRequest("a position lies on earth")
    return Point(lat, lon)


def _initial(request: PageRequest) -> dict[str, Any]:
    """The address as it is held."""
    kept = held.address_of(request)
    if kept is None:
        return {}
    point = {} if kept.reckoned_from else {"lat": kept.lat, "lon": kept.lon}
    return {"line": kept.line, **kept.access, **point}


def _onward(request: PageRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if wanted in ONWARD else ONWARD[0]


def to_address(then: str) -> HttpResponse:
    """Ask for the address first."""
    return HttpResponseRedirect(f"{reverse('address')}?{urlencode({'next': then})}")
