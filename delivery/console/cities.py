"""`/console/cities/`: the rules of a city, its zones on the map, who is on call, and an address to try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from delivery.cities import tuning
from delivery.cities.geocoding import search
from delivery.cities.models import City, Membership, Zone
from delivery.cities.selectors import zone_at
from delivery.cities.tuning import CityRules, ZoneRules
from delivery.console.amounts import parse_amount, written_amount
from delivery.console.page import draw
from delivery.console.scope import cities_of
from delivery.console.who import names_of
from delivery.ground.errors import BadRequest, Invalid, NotFound, Problem
from delivery.ground.forms import PageRequest, act, seen_version
from delivery.ground.outbox.selectors import history
from delivery.ground.templatetags.measures import language

MOST_CHANGES: Final = 8
CHANGES: Final = {
    "CityOpened": _("The city was opened"),
    "CityChanged": _("Other rules"),
    "ZoneChanged": _("A zone was changed"),
    "DispatcherAppointed": _("Somebody is on call"),
    "DispatcherReleased": _("Somebody is no longer on call"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A fact about the city, for people."""

    words: str
    by: str
    at: datetime


class RulesForm(forms.Form):
    """Times in minutes (offers in seconds), money in the city's currency, commission in per cent."""

    name = forms.CharField(label=_("Name"), max_length=80)
    accept_minutes = forms.IntegerField(label=_("Minutes to answer an order"), min_value=1, max_value=60)
    offer_seconds = forms.IntegerField(label=_("Seconds to answer an offer"), min_value=10, max_value=600)
    pickup_minutes = forms.IntegerField(label=_("Minutes at the counter"), min_value=1, max_value=30)
    dropoff_minutes = forms.IntegerField(label=_("Minutes at the door"), min_value=1, max_value=30)
    target_minutes = forms.IntegerField(label=_("Wanted minutes from click to door"), min_value=10, max_value=240)
    maximum_minutes = forms.IntegerField(label=_("Longest minutes from click to door"), min_value=10, max_value=360)
    pay_per_order = forms.CharField(label=_("Pay per order"), max_length=16)
    pay_per_hour = forms.CharField(label=_("Guaranteed pay per hour"), max_length=16)
    commission = forms.DecimalField(
        label=_("Commission, %"), min_value=0, max_value=100, decimal_places=2, localize=True
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_pay_per_order(self) -> int:
        return _amount(self.cleaned_data["pay_per_order"], self.currency)

    def clean_pay_per_hour(self) -> int:
        return _amount(self.cleaned_data["pay_per_hour"], self.currency)

    def rules(self) -> CityRules:
        said = self.cleaned_data
        return CityRules(
            name=said["name"],
            accept_within=timedelta(minutes=said["accept_minutes"]),
            offer_for=timedelta(seconds=said["offer_seconds"]),
            pickup_service=timedelta(minutes=said["pickup_minutes"]),
            dropoff_service=timedelta(minutes=said["dropoff_minutes"]),
            target_time=timedelta(minutes=said["target_minutes"]),
            maximum_time=timedelta(minutes=said["maximum_minutes"]),
            pay_per_order=said["pay_per_order"],
            pay_per_hour=said["pay_per_hour"],
            commission_bp=int(said["commission"] * 100),
        )


@require_safe
def cities(request: PageRequest) -> HttpResponse:
    """The cities to choose from; who looks after one is led to it."""
    found = list(cities_of(request.actor))
    if len(found) == 1:
        return HttpResponseRedirect(reverse("console_city", args=[found[0].slug]))
    return draw(request, "cities", {"cities": found}, here="console_cities")


@require_safe
def city(request: PageRequest, slug: str) -> HttpResponse:
    """`address`: a text to try: where it lies, in which zone, at what fee."""
    return _page(request, _city(request, slug))


@require_POST
def rules(request: PageRequest, slug: str) -> HttpResponse:
    found = _city(request, slug)
    form = RulesForm(request.POST, currency=found.currency)
    if not form.is_valid():
        return _page(request, found, form=form, problem=Invalid())

    def work() -> None:
        tuning.change_city(city_id=found.pk, rules=form.rules(), version=_version(request), by=request.actor.ref)

    return act(request, work, to=_to(slug), refused=lambda problem: _page(request, found, form=form, problem=problem))


@require_POST
def zone(request: PageRequest, slug: str) -> HttpResponse:
    """`zone`: primary key, empty for a new one; `corners`: a line "lat, lon" for each."""
    found = _city(request, slug)

    def work() -> None:
        given = request.POST.get("zone", "")
        zone_id = int(given) if given.isascii() and given.isdigit() and len(given) < 15 else None
        zone_rules = _zone_rules(request, found.currency)
        tuning.save_zone(
            city_id=found.pk, zone_id=zone_id, rules=zone_rules, version=_version(request), by=request.actor.ref
        )

    return act(request, work, to=_to(slug), refused=lambda problem: _page(request, found, problem=problem))


@require_POST
def dispatchers(request: PageRequest, slug: str) -> HttpResponse:
    """`do`: appoint (with `email`) or release (with `membership`)."""
    found = _city(request, slug)

    def work() -> None:
        if request.POST.get("do") == "release":
            pk = request.POST.get("membership", "")
            if not (pk.isascii() and pk.isdigit() and len(pk) < 15):
                raise BadRequest()
            tuning.release_dispatcher(city_id=found.pk, membership_id=int(pk), by=request.actor.ref)
        else:
            tuning.appoint_dispatcher(city_id=found.pk, email=request.POST.get("email", "")[:254], by=request.actor.ref)

    return act(request, work, to=_to(slug), refused=lambda problem: _page(request, found, problem=problem))


def _page(
    request: PageRequest, found: City, *, form: RulesForm | None = None, problem: Problem | None = None
) -> HttpResponse:
    found.refresh_from_db()
    wanted = request.GET.get("address", "").strip()[:120]
    hits = search(city=found, text=wanted, limit=3) if wanted else []
    context = {
        "city": found,
        "form": form or RulesForm(initial=_initial(found), currency=found.currency),
        "may_change": request.actor.has("owner"),
        "zones": [_drawn(each, found.currency) for each in Zone.objects.filter(city=found).order_by("name")],
        "dispatchers": Membership.objects.filter(city=found).select_related("account").order_by("account__name"),
        "wanted_address": wanted,
        "hits": [(hit, zone_at(found, hit.point)) for hit in hits],
        "changes": _changes(found),
        "refusal": problem,
    }
    return draw(request, "city", context, here="console_cities", status=problem.status if problem else 200)


def _city(request: PageRequest, slug: str) -> City:
    found = cities_of(request.actor).filter(slug=slug).first()
    if found is None:
        raise NotFound()
    return found


def _to(slug: str) -> str:
    return reverse("console_city", args=[slug])


def _version(request: PageRequest) -> int:
    version = seen_version(request)
    if version is None:
        raise BadRequest()
    return version


def _initial(found: City) -> dict[str, Any]:
    def minutes(duration: timedelta) -> int:
        return round(duration.total_seconds() / 60)

    return {
        "name": found.name,
        "accept_minutes": minutes(found.accept_within),
        "offer_seconds": round(found.offer_for.total_seconds()),
        "pickup_minutes": minutes(found.pickup_service),
        "dropoff_minutes": minutes(found.dropoff_service),
        "target_minutes": minutes(found.target_time),
        "maximum_minutes": minutes(found.maximum_time),
        "pay_per_order": written_amount(found.pay_per_order, found.currency, language()),
        "pay_per_hour": written_amount(found.pay_per_hour, found.currency, language()),
        "commission": f"{found.commission_bp / 100:g}",
    }


def _amount(text: str, currency: str) -> int:
    amount = parse_amount(text, currency)
    if amount is None:
        raise forms.ValidationError(gettext("This is not an amount of money"))
    return amount


def _drawn(each: Zone, currency: str) -> dict[str, Any]:
    return {
        "zone": each,
        "corners": "\n".join(f"{lat:.5f}, {lon:.5f}" for lon, lat in each.ring),
        "fee": written_amount(each.fee, currency, language()),
        "minimum": written_amount(each.minimum_order, currency, language()),
    }


def _zone_rules(request: PageRequest, currency: str) -> ZoneRules:
    fee, minimum = (parse_amount(request.POST.get(name, ""), currency) for name in ("fee", "minimum"))
    if fee is None or minimum is None:
        raise Invalid(gettext("This is not an amount of money"))
    return ZoneRules(
        name=request.POST.get("name", "")[:80],
        fee=fee,
        minimum_order=minimum,
        is_open=request.POST.get("is_open") == "on",
        ring=_corners(request.POST.get("corners", "")),
    )


def _corners(text: str) -> Sequence[tuple[float, float]]:
    corners = []
    for line in text.splitlines()[: tuning.MOST_CORNERS + 1]:
        if not line.strip():
            continue
        lat, comma, lon = line.partition(",")
        try:
            corners.append((float(lon), float(lat)))
        except ValueError:
            raise Invalid(gettext("“%(line)s” is not a latitude, a longitude") % {"line": line[:40]}) from None
    return corners


def _changes(found: City) -> list[Change]:
    facts = history(City.aggregate_kind(), [found.pk])[: -MOST_CHANGES - 1 : -1]
    names = names_of(fact.by for fact in facts)
    return [
        Change(str(CHANGES[fact.event.kind()]), names[fact.by], fact.occurred_at)
        for fact in facts
        if fact.event.kind() in CHANGES
    ]
