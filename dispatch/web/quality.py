"""`/control-room/quality/`: how well a city delivers, what made orders late, and what its planner weighs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from delivery.cities.models import City
from delivery.ground import clock
from delivery.ground.errors import Invalid, Problem
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from delivery.ground.outbox.selectors import heartbeats
from delivery.ground.plots import Plot, Series
from dispatch import quality
from dispatch.models import Weights
from dispatch.quality import Cause, Summary, Trial
from dispatch.selectors import newest_weights
from dispatch.services.weights import LONGEST_REASON, set_weights, stop_shadow
from dispatch.web.control_room import cities_of, city_of
from dispatch.weighing import TUNABLE, own_weights

SPANS: Final = ((1, _("Today")), (7, _("7 days")), (28, _("28 days")))
VERSIONS: Final = 12  # the newest that are shown
CAUSES: Final[Mapping[Cause, tuple[Promise, str]]] = {
    Cause.KITCHEN: (_("the kitchen took longer"), "tomato"),
    Cause.SEARCH: (_("nobody had taken it"), "brass"),
    Cause.APPROACH: (_("the courier came after the food"), "plum"),
    Cause.ROAD: (_("longer on the way"), "sea"),
}
WEIGHTS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "over_target_weight": (_("A minute beyond the promise"), _("costs so much more than a minute before it")),
    "pay_weight": (_("An order beyond the guaranteed pay"), _("costs as much as so many minutes of a guest")),
    "approach_weight": (_("A minute from the last door to new work"), _("against a minute of a guest")),
    "fair_pay_weight": (_("Fair pay"), _("minutes for who has earned twice the colleagues' mean")),
    "fair_wait_weight": (_("Fair waiting"), _("minutes for each minute that a courier has had no order")),
    "early_share": (_("Early at the counter"), _("be there when the food is there with this probability")),
    "travel_share": (_("Safe way"), _("reckon with a way that suffices with this probability")),
    "horizon_min": (_("Look ahead"), _("minutes until the food is ready; later orders are not planned yet")),
    "bundle_limit": (_("Orders at once"), _("of one restaurant with one courier")),
}


class Weighing(forms.Form):
    """A number per weight, for use or for trial; `reason` for whoever reads the versions later."""

    use = forms.ChoiceField(choices=Weights.Use.choices)
    reason = forms.CharField(max_length=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TUNABLE:
            self.fields[name] = forms.FloatField(localize=False)


@require_safe
def quality_page(request: PageRequest) -> HttpResponse:
    """?city=, ?days=1, 7 or 28."""
    return _page(request, city_of(request))


@require_POST
def save_weights(request: PageRequest) -> HttpResponse:
    """The form's weights of ?city=, in use or on trial from now on; the version says what its author had read."""
    city = city_of(request)

    def work() -> Weights:
        form = Weighing(request.POST)
        if not form.is_valid():
            raise Invalid(gettext("Give a number for each weight"))
        wants = form.cleaned_data
        values = {name: int(wants[name]) if TUNABLE[name].step == 1 else wants[name] for name in TUNABLE}
        try:
            return set_weights(
                city_id=city.pk,
                use=Weights.Use(wants["use"]),
                values=values,
                by=request.actor.ref,
                reason=wants["reason"],
                seen=seen_version(request),
            )
        except Invalid as refused:
            raise Invalid(gettext("A weight is out of its bounds"), fields=refused.fields) from refused

    return act(request, work, to=_address(city), refused=lambda problem: _page(request, city, problem))


@require_POST
def stop_trial(request: PageRequest) -> HttpResponse:
    """Nothing is planned beside in ?city= any more."""
    city = city_of(request)
    seen = seen_version(request)
    return act(
        request,
        lambda: stop_shadow(city_id=city.pk, by=request.actor.ref, seen=seen),
        to=_address(city),
        refused=lambda problem: _page(request, city, problem),
    )


def _page(request: PageRequest, city: City, problem: Problem | None = None) -> HttpResponse:
    now = clock.now()
    days = next((span for span, _words in SPANS if request.GET.get("days") == str(span)), 7)
    periods = quality.periods_of(city, days=days, now=now)
    journeys = quality.read_journeys(city, periods[0].begins_at)
    summaries, trials = quality.by_period(periods, journeys), quality.read_trials(city, periods)
    places = [date_format(period.shows_at, "H:i" if days == 1 else "D j") for period in periods]
    newest = newest_weights(city.pk)
    trial, planner = newest.get(Weights.Use.SHADOW), heartbeats().get("planner")
    context = {
        "now": now,
        "city": city,
        "cities": cities_of(request.actor),
        "days": days,
        "spans": SPANS,
        "whole": quality.summarised(journeys),
        "plots": _plots(places, summaries),
        "trial": trial if trial and trial.is_on else None,
        "trial_plot": _trial_plot(places, trials) if any(each.orders for each in trials) else None,
        "trial_days": [row for row in zip(places, trials, strict=True) if row[1].orders],
        "where": gettext("Hour") if days == 1 else gettext("Day"),
        "travel_is_away": planner is not None and planner.detail.get("travel_is_away"),
        "forms": [_form(use, newest.get(use)) for use in Weights.Use],
        "versions": _versions(city),
        "refusal": Refusal(problem, "") if problem else None,
    }
    return render(request, "dispatch/quality.html", context, status=problem.status if problem else 200)


def _plots(places: Sequence[str], summaries: Sequence[Summary]) -> list[tuple[str, Plot]]:
    minutes = gettext("min")
    door = [
        Series(gettext("Mean"), [_one(each.door_mean) for each in summaries], "enamel"),
        Series(gettext("9 of 10 within"), [_one(each.door_p90) for each in summaries], "plum", dashed=True),
    ]
    waits = [Series(gettext("Food at the counter"), [_one(each.food_waits) for each in summaries], "brass", "bars")]
    late = [
        Series(str(words), [each.late[cause] for each in summaries], tone, "bars")
        for cause, (words, tone) in CAUSES.items()
    ]
    return [
        (gettext("From click to door"), Plot(places, door, minutes)),
        (gettext("Food waits for its courier"), Plot(places, waits, minutes)),
        (gettext("Late orders, by what made them late"), Plot(places, late, gettext("orders"), stacked=True)),
    ]


def _trial_plot(places: Sequence[str], trials: Sequence[Trial]) -> Plot:
    return Plot(
        places,
        [
            Series(gettext("In use"), [_one(each.live_door) for each in trials], "enamel"),
            Series(gettext("On trial"), [_one(each.shadow_door) for each in trials], "tomato", dashed=True),
        ],
        gettext("min"),
    )


def _form(use: Weights.Use, newest: Weights | None) -> dict[str, Any]:
    own = own_weights()
    values = {**own, **(newest.values if newest else {})}
    rows = [
        {"name": name, "words": words, "hint": hint, "bound": TUNABLE[name], "value": values[name], "own": own[name]}
        for name, (words, hint) in WEIGHTS.items()
    ]
    return {"use": use, "number": newest.number if newest else 0, "rows": rows}


def _versions(city: City) -> list[dict[str, Any]]:
    """The newest versions with what they weigh otherwise, in words."""
    rows = Weights.objects.filter(city=city).select_related("author").order_by("-valid_from", "-pk")
    return [
        {"weights": row, "told": [(WEIGHTS[name][0], row.values[name]) for name in WEIGHTS if name in row.values]}
        for row in rows[:VERSIONS]
    ]


def _address(city: City) -> str:
    return f"{reverse('control_room_quality')}?city={city.public_id}"


def _one(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
