"""`/track/<token>/help/`: help that knows the order. A question becomes an alarm with a dispatcher's name on it."""

from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from delivery.ground import clock
from delivery.ground.errors import BadRequest, Problem
from delivery.ground.forms import PageRequest, write_once
from delivery.orders.models import Order
from delivery.orders.services.repair import UNCOOKED
from delivery.storefront import follow
from delivery.storefront.tracking import followed
from delivery.storefront.words import refusal
from dispatch.desk.models import Alarm
from dispatch.desk.services import Question, open_alarms

ASKED: Final = "customer_asks"
SHOWN_DIGITS: Final = 4
BEFORE: Final[dict[str, Promise]] = {
    "late": _("It takes too long"),
    "address": _("The address or the door code is wrong"),
    "change": _("I want to change something"),
    "other": _("Something else"),
}
AFTER: Final[dict[str, Promise]] = {
    "not_here": _("It never came"),
    "missing": _("Something is missing"),
    "wrong": _("It is not what I ordered"),
    "damaged": _("It came cold or damaged"),
    "other": _("Something else"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def order_help(request: PageRequest, token: str) -> HttpResponse:
    """POST asks the city's dispatcher to call; asked again while the question is open, nothing new happens."""
    order = followed(token)
    if request.method != "POST":
        return _page(request, order)
    about = request.POST.get("about", "")
    if about not in _topics(order):
        raise BadRequest("one of the questions on the page")
    question = Question(
        city_id=order.city_id,
        kind=ASKED,
        subject=f"order:{order.public_id}",
        detail={"number": order.number, "reason": about},
    )
    try:
        write_once(request, lambda: {"opened": len(open_alarms([question]))})
    except Problem as problem:
        return _page(request, order, problem)
    return HttpResponseRedirect(reverse("order_help", args=[token]))


def _page(request: PageRequest, order: Order, problem: Problem | None = None) -> HttpResponse:
    asked = Alarm.objects.filter(kind=ASKED, subject=f"order:{order.public_id}", closed_at__isnull=True)
    open_question = asked.select_related("owner", "assigned_to").first()
    person = (open_question.owner or open_question.assigned_to) if open_question else None
    context = {
        "order": order,
        "city": order.city,
        "topics": list(_topics(order).items()),
        "asked": open_question,
        "about": _topics(order).get(open_question.detail.get("reason", ""), "") if open_question else "",
        "person": person.name.split()[0] if person and person.name else "",
        "phone": f"…{order.customer_phone[-SHOWN_DIGITS:]}",  # the link may have been passed on
        "may_cancel": order.status in UNCOOKED,
        "late": follow.lateness_of(order, clock.now()),
        "end": follow.end_of(order),
        "money_words": follow.money_of(order),
        "refusal": refusal(problem) if problem else "",
    }
    response = render(request, "storefront/help.html", context, status=problem.status if problem else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _topics(order: Order) -> dict[str, Promise]:
    return AFTER if order.is_final else BEFORE
