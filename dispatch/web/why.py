"""Why an order waits, or why its courier was chosen, as the order's pane tells it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery.accounts.models import Account
from dispatch.fleet.models import Deliverer
from dispatch.models import Decision
from dispatch.web.desk_words import WAITS

TERMS: Final[Mapping[str, Promise]] = {
    "approach_min": _("way to the restaurant"),
    "idle_min": _("courier waits there"),
    "food_waits_min": _("food waits"),
    "click_to_door_min": _("order to door"),
    "over_target_min": _("beyond the wanted time"),
    "end_approach_min": _("from the last door to new work"),
    "price": _("pay and fairness, as minutes"),
    "cost": _("all weighed together"),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A line of the comparison, in minutes; None where it was not reckoned."""

    words: Promise
    chosen: float
    second: float | None


def why_of(decisions: Sequence[Decision]) -> dict[str, Any]:
    """The context of the pane's part; `decisions` of one order, the oldest first."""
    newest = decisions[-1] if decisions else None
    waiting = newest if newest and newest.waits_because else None
    chosen = next((each for each in reversed(decisions) if each.terms), None)
    return {
        "waits": WAITS.get(waiting.waits_because, waiting.waits_because) if waiting else None,
        "meant": waiting if waiting and waiting.deliverer else None,
        "decision": chosen,
        "terms": _terms(chosen),
        "runner_up": _runner_up(chosen),
    }


def _terms(decision: Decision | None) -> list[Term]:
    if decision is None:
        return []
    second = decision.runner_up.get("terms") or {}
    known = [(name, words) for name, words in TERMS.items() if decision.terms.get(name) is not None]
    return [Term(words, decision.terms[name], second.get(name)) for name, words in known]


def _runner_up(decision: Decision | None) -> Account | None:
    """Who came second, behind the one who was chosen."""
    second = decision.runner_up.get("deliverer") if decision else None
    found = Deliverer.objects.filter(pk=second).select_related("account").first() if second else None
    return found.account if found else None
