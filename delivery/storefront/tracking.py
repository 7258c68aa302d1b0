"""`/track/<token>/`: how an order stands. Who holds the link may look, and call off what is not cooked yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from delivery.ground.errors import Problem
from delivery.ground.forms import PageRequest, act, seen_version
from delivery.orders.models import Bearer, Order
from delivery.orders.selectors import may_see, order_by_token
from delivery.orders.services import cancel_order
from delivery.orders.services.repair import UNCOOKED
from delivery.storefront.words import refusal

REASON = "customer"
ENDS: dict[str, tuple[Promise, Promise]] = {
    "rejected": (_("The restaurant could not take your order"), _("You pay nothing.")),
    "expired": (_("The restaurant did not answer in time"), _("You pay nothing.")),
    "cancelled": (_("This order was called off"), _("You pay nothing.")),
    "failed": (_("Your order could not be handed over"), _("You get all your money back.")),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A step that the customer waits for. `at`: when it happened; an open stage has none."""

    says: Promise
    icon: str
    at: datetime | None
    is_done: bool
    is_now: bool


@require_safe
def tracking(request: PageRequest, token: str) -> HttpResponse:
    """The whole page."""
    return _page(request, order_by_token(token))


@require_safe
def tracking_now(request: PageRequest, token: str) -> HttpResponse:
    """The part of the page that moves; 204 when the caller has drawn this version already."""
    order = order_by_token(token)
    if request.GET.get("version") == str(order.version):
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    return _page(request, order, template="tracking_now")


@require_POST
def cancel_tracked(request: PageRequest, token: str) -> HttpResponse:
    """Calls the order off while nothing is cooked; it costs its customer nothing then."""
    order = order_by_token(token)

    def call_off() -> None:
        cancel_order(
            order_id=order.pk,
            by=request.actor.ref,
            reason=REASON,
            borne_by=Bearer.PLATFORM,
            version=seen_version(request),
            only_uncooked=True,
        )

    def refused(problem: Problem) -> HttpResponse:
        return _page(request, order_by_token(token), problem=problem)

    return act(request, call_off, to=reverse("tracking", args=[token]), refused=refused)


def _page(
    request: PageRequest, order: Order, *, template: str = "tracking", problem: Problem | None = None
) -> HttpResponse:
    context = {
        "order": order,
        "city": order.city,
        "stages": _stages(order),
        "end": ENDS.get(order.status),
        "may_cancel": order.status in UNCOOKED,
        "topic": f"order.{order.public_id}" if may_see(request.actor, order) else "",
        "refusal": refusal(problem) if problem else "",
    }
    status = problem.status if problem else 200
    response = render(request, f"storefront/{template}.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def _stages(order: Order) -> Sequence[Stage]:
    """From placed to the door; a kitchen that forgot "ready" has cooked all the same."""
    steps = (
        ("receipt", order.placed_at, _("Order placed"), _("Order placed")),
        ("hourglass", order.accepted_at, _("Accepted by the restaurant"), _("Waiting for the restaurant's answer")),
        ("flame", order.ready_at or order.picked_up_at, _("Cooked and packed"), _("In the kitchen")),
        ("bag", order.picked_up_at, _("Picked up by the courier"), _("Waiting for the courier")),
        ("bike", order.delivered_at, _("At your door"), _("On the way to you")),
    )
    first_open = next((position for position, step in enumerate(steps) if step[1] is None), len(steps))
    return [
        Stage(
            says=while_open if position == first_open else when_done,
            icon=icon,
            at=done_at,
            is_done=done_at is not None,
            is_now=position == first_open and not order.is_final,
        )
        for position, (icon, done_at, when_done, while_open) in enumerate(steps)
    ]
