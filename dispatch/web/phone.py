"""`/phone/`: the deliverer's phone. One thing at a time: start, wait, an offer, the stops of a route."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from delivery.ground import clock
from delivery.ground.errors import Invalid, NotAllowed, Problem
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from delivery.ground.http import problem_response
from dispatch import selectors
from dispatch.desk.models import Alarm
from dispatch.desk.services import Question, open_alarms
from dispatch.fleet import services as fleet
from dispatch.fleet.models import Deliverer, Shift
from dispatch.services import offers
from dispatch.services.notices import acknowledge_notices
from dispatch.web import phone_page

DELIVERER_ASKS: Final = "deliverer_asks"  # the kind of the alarm
HELP: Final = (
    ("accident", _("I had an accident or I am hurt")),
    ("unsafe", _("I do not feel safe here")),
    ("vehicle", _("My vehicle has broken down")),
    ("other", _("Something else: please call me")),
)


class Help(forms.Form):
    reason = forms.ChoiceField(choices=HELP)


class Seen(forms.Form):
    newest = forms.IntegerField(min_value=1, max_value=2**53)


@require_safe
def phone(request: PageRequest) -> HttpResponse:
    return page(request, me_of(request))


@require_POST
def start_shift(request: PageRequest) -> HttpResponse:
    return act_as(request, "", lambda me: fleet.start_shift(deliverer_id=me.pk, by=request.actor.ref))


@require_POST
def end_shift(request: PageRequest) -> HttpResponse:
    return act_as(request, "", lambda me: fleet.end_shift(deliverer_id=me.pk, by=request.actor.ref))


@require_POST
def start_break(request: PageRequest) -> HttpResponse:
    return act_as(request, "", lambda me: fleet.start_break(deliverer_id=me.pk, by=request.actor.ref))


@require_POST
def resume_offers(request: PageRequest) -> HttpResponse:
    return act_as(request, "", lambda me: fleet.resume_offers(deliverer_id=me.pk, by=request.actor.ref))


@require_POST
def accept_offer(request: PageRequest, offer_id: UUID) -> HttpResponse:
    def answer(me: Deliverer) -> None:
        offers.accept_offer(offer_id=offer_id, deliverer_id=me.pk, by=request.actor.ref, version=seen_version(request))

    return act_as(request, str(offer_id), answer)


@require_POST
def decline_offer(request: PageRequest, offer_id: UUID) -> HttpResponse:
    def answer(me: Deliverer) -> None:
        offers.decline_offer(offer_id=offer_id, deliverer_id=me.pk, by=request.actor.ref, version=seen_version(request))

    return act_as(request, str(offer_id), answer)


@require_POST
def see_notices(request: PageRequest) -> HttpResponse:
    """The deliverer has read what others changed, up to the newest notice that was shown."""

    def see(me: Deliverer) -> None:
        form = Seen(request.POST)
        if not form.is_valid():
            raise Invalid()
        acknowledge_notices(deliverer_id=me.pk, newest=form.cleaned_data["newest"])

    return act_as(request, "", see)


@require_POST
def ask_for_help(request: PageRequest) -> HttpResponse:
    """Ask the dispatcher on call to call back, and say why."""

    def ask(me: Deliverer) -> None:
        form = Help(request.POST)
        if not form.is_valid():
            raise Invalid(gettext("Say what went wrong"))
        detail = {"reason": form.cleaned_data["reason"], "deliverer": str(me.public_id)}
        open_alarms([Question(city_id=me.city_id, kind=DELIVERER_ASKS, subject=_subject(me), detail=detail)])

    return act_as(request, "", ask)


def me_of(request: PageRequest) -> Deliverer:
    """The deliverer whose phone this is. Raises NotAllowed."""
    me = selectors.deliverer_of_account(request.actor.account_id)
    if me is None or not request.actor.has("deliverer", deliverer=me.pk):
        raise NotAllowed()
    return me


def act_as(request: PageRequest, about: str, work: Callable[[Deliverer], object]) -> HttpResponse:
    """Run a form once for whose phone it is; a script that asks for JSON gets `{}` or the problem, and no page."""
    me = me_of(request)
    wants_json = "application/json" in request.headers.get("Accept", "")

    def refused(problem: Problem) -> HttpResponse:
        return problem_response(request, problem) if wants_json else page(request, me, Refusal(problem, about))

    response = act(request, lambda: work(me), to=reverse("phone"), refused=refused)
    return JsonResponse({}) if wants_json and response.status_code == 302 else response


def page(request: PageRequest, me: Deliverer, refusal: Refusal | None = None) -> HttpResponse:
    me.refresh_from_db()
    shift = Shift.objects.filter(deliverer=me, started_at__isnull=False, ended_at__isnull=True).first()
    route = selectors.live_route_of(me.pk)
    rule = phone_page.rule_of(me)
    steps = phone_page.steps_of(route, rule) if route else []
    offer = next(iter(selectors.open_offers_of(me.pk) if route is None else []), None)
    shown = {str(step.leg.stop.public_id) for step in steps} | ({str(offer.public_id)} if offer else set())
    now = clock.now()
    context = {
        "now": now,
        "city": me.city,
        "topics": f"deliverer.{me.public_id}",
        "me": me,
        "shift": shift,
        "is_over": shift is not None and shift.ends_at <= now,
        "day": phone_page.day_of(me),
        "planned": phone_page.planned_shifts(me) if shift is None else [],
        "offer": offer,
        "terms": phone_page.terms_of(offer) if offer else {},
        "route": route,
        "rule": rule,
        "steps": steps,
        "messages": phone_page.MESSAGES,
        "nobody": phone_page.NOBODY,
        "notices": selectors.unseen_notices(me.pk),
        "helps": HELP,
        "asked": Alarm.objects.filter(kind=DELIVERER_ASKS, subject=_subject(me), closed_at=None)
        .select_related("assigned_to", "owner")
        .first(),
        "refusal": refusal,
        "refused_card": refusal is not None and refusal.about in shown,
    }
    return render(request, "dispatch/phone.html", context, status=refusal.problem.status if refusal else 200)


def _subject(me: Deliverer) -> str:
    return f"deliverer:{me.public_id}"
