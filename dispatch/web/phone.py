"""`/phone/`: the deliverer's phone. One thing at a time: start, wait, an offer, the stops of a route."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django import forms
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from delivery.accounts.models import AccessDetails
from delivery.ground import clock
from delivery.ground.errors import Invalid, NotAllowed
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from dispatch import selectors
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer, Shift
from dispatch.models import Route, Stop
from dispatch.services import offers, stops
from dispatch.transitions import OPEN_STOPS

AT_COUNTER: Final = (
    ("not_ready", _("The food is not ready and I cannot wait")),
    ("closed", _("The restaurant is closed")),
    ("no_bag", _("The bag is not there")),
)
AT_DOOR: Final = (
    ("nobody", _("Nobody opens or answers")),
    ("wrong_address", _("The address is wrong")),
    ("refused", _("The customer does not want it")),
    ("damaged", _("The food is damaged")),
)


class Failure(forms.Form):
    reason = forms.ChoiceField(choices=[*AT_COUNTER, *AT_DOOR])


@require_safe
def phone(request: PageRequest) -> HttpResponse:
    return _page(request, _me(request))


@require_POST
def start_shift(request: PageRequest) -> HttpResponse:
    return _act(request, "", lambda me: fleet.start_shift(deliverer_id=me.pk, by=request.actor.ref))


@require_POST
def end_shift(request: PageRequest) -> HttpResponse:
    return _act(request, "", lambda me: fleet.end_shift(deliverer_id=me.pk, by=request.actor.ref))


@require_POST
def resume_offers(request: PageRequest) -> HttpResponse:
    return _act(request, "", lambda me: fleet.resume_offers(deliverer_id=me.pk, by=request.actor.ref))


@require_POST
def accept_offer(request: PageRequest, offer_id: UUID) -> HttpResponse:
    def answer(me: Deliverer) -> None:
        offers.accept_offer(offer_id=offer_id, deliverer_id=me.pk, by=request.actor.ref, version=seen_version(request))

    return _act(request, str(offer_id), answer)


@require_POST
def decline_offer(request: PageRequest, offer_id: UUID) -> HttpResponse:
    def answer(me: Deliverer) -> None:
        offers.decline_offer(offer_id=offer_id, deliverer_id=me.pk, by=request.actor.ref, version=seen_version(request))

    return _act(request, str(offer_id), answer)


@require_POST
def arrive_stop(request: PageRequest, stop_id: UUID) -> HttpResponse:
    def arrive(me: Deliverer) -> None:
        stops.arrive_stop(stop_id=stop_id, deliverer_id=me.pk, by=request.actor.ref, version=seen_version(request))

    return _act(request, str(stop_id), arrive)


@require_POST
def complete_stop(request: PageRequest, stop_id: UUID) -> HttpResponse:
    def complete(me: Deliverer) -> None:
        stops.complete_stop(stop_id=stop_id, deliverer_id=me.pk, by=request.actor.ref, version=seen_version(request))

    return _act(request, str(stop_id), complete)


@require_POST
def fail_stop(request: PageRequest, stop_id: UUID) -> HttpResponse:
    def fail(me: Deliverer) -> None:
        form = Failure(request.POST)
        if not form.is_valid():
            raise Invalid(gettext("Say what went wrong"))
        stops.fail_stop(
            stop_id=stop_id,
            deliverer_id=me.pk,
            reason=form.cleaned_data["reason"],
            by=request.actor.ref,
            version=seen_version(request),
        )

    return _act(request, str(stop_id), fail)


def _me(request: PageRequest) -> Deliverer:
    """The deliverer whose phone this is. Raises NotAllowed."""
    me = selectors.deliverer_of_account(request.actor.account_id)
    if me is None or not request.actor.has("deliverer", deliverer=me.pk):
        raise NotAllowed()
    return me


def _act(request: PageRequest, about: str, work: Callable[[Deliverer], object]) -> HttpResponse:
    me = _me(request)
    return act(
        request,
        lambda: work(me),
        to=reverse("phone"),
        refused=lambda problem: _page(request, me, Refusal(problem, about)),
    )


def _page(request: PageRequest, me: Deliverer, refusal: Refusal | None = None) -> HttpResponse:
    me.refresh_from_db()
    shift = Shift.objects.filter(deliverer=me, started_at__isnull=False, ended_at__isnull=True).first()
    route = selectors.live_route_of(me.pk)
    open_stops = [stop for stop in route.stops.all() if stop.status in OPEN_STOPS] if route else []
    offered = selectors.open_offers_of(me.pk) if route is None else []
    shown = {str(stop.public_id) for stop in open_stops[:1]} | {str(offer.public_id) for offer in offered[:1]}
    context = {
        "now": clock.now(),
        "city": me.city,
        "topics": f"deliverer.{me.public_id}",
        "me": me,
        "shift": shift,
        "earned": _earned(me, shift),
        "offer": offered[0] if offered else None,
        "route": route,
        "stop": open_stops[0] if open_stops else None,
        "later": open_stops[1:],
        "door": _door(open_stops[0]) if open_stops else [],
        "reasons": AT_DOOR if open_stops and open_stops[0].kind == Stop.Kind.DROPOFF else AT_COUNTER,
        "refusal": refusal,
        "refused_card": refusal is not None and refusal.about in shown,
    }
    return render(request, "dispatch/phone.html", context, status=refusal.problem.status if refusal else 200)


def _earned(me: Deliverer, shift: Shift | None) -> int:
    """What the routes done in this shift pay, in minor units."""
    if shift is None or shift.started_at is None:
        return 0
    done = Route.objects.filter(deliverer=me, status=Route.Status.DONE, closed_at__gte=shift.started_at)
    return done.aggregate(pay=Sum("pay"))["pay"] or 0


def _door(stop: Stop) -> list[tuple[str, str]]:
    """How to reach the customer: label and value of each access detail that was given."""
    labels = {field.name: str(field.verbose_name).capitalize() for field in AccessDetails._meta.local_fields}
    return [(labels[name], value) for name in AccessDetails.ACCESS_FIELDS if (value := getattr(stop.order, name))]
