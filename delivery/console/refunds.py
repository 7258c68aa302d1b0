"""`/console/orders/<id>/refund/`: part of a delivered order's money goes back, and somebody bears it."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from delivery.console.amounts import parse_amount
from delivery.console.order import order_page
from delivery.console.scope import orders_of
from delivery.console.words import REFUND_BEARERS, REFUND_REASONS
from delivery.ground.errors import Invalid, NotFound
from delivery.ground.forms import PageRequest, Refusal, act, seen_version
from delivery.orders import services
from delivery.orders.models import Bearer, Order


class Refund(forms.Form):
    borne_by = forms.ChoiceField(choices=REFUND_BEARERS)
    reason = forms.ChoiceField(choices=REFUND_REASONS)


@require_POST
def refund(request: PageRequest, order_id: UUID) -> HttpResponse:
    """`amount` as people write it, `borne_by`, `reason`; answers with the order, the refusal on it if there is one."""
    order: Order | None = orders_of(request.actor).filter(public_id=order_id).first()
    if order is None:
        raise NotFound()
    typed = request.POST.get("amount", "")
    version = seen_version(request)

    def work() -> None:
        form, amount = Refund(request.POST), parse_amount(typed, order.currency)
        if not form.is_valid() or not amount:
            raise Invalid(gettext("Give an amount, who bears it and why"))
        services.refund_order(
            order_id=order.pk,
            amount=amount,
            borne_by=Bearer(form.cleaned_data["borne_by"]),
            reason=form.cleaned_data["reason"],
            by=request.actor.ref,
            version=version,
        )

    return act(
        request,
        work,
        to=reverse("console_order", args=[order.public_id]),
        refused=lambda problem: order_page(request, order, refusal=Refusal(problem, typed)),
    )
