"""`/console/search/`: one field for orders, restaurants and people, each among the actor's own."""

from typing import Final

from django.db.models import Q
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from delivery.accounts.models import Account
from delivery.console.page import draw
from delivery.console.scope import orders_of, restaurants_of, sees_all
from delivery.console.words import order_state
from delivery.ground.forms import PageRequest
from delivery.ground.ids import NIL, public_id_in

MOST: Final = 10


@require_safe
def search(request: PageRequest) -> HttpResponse:
    """`q`: a number, a public id, or a part of a name or an e-mail."""
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:80]  # PostgreSQL has no NUL
    number = wanted.replace(" ", "")
    public_id = public_id_in(wanted)
    named = Q(public_id=public_id) if public_id != NIL else Q(number__istartswith=number)
    orders = orders_of(request.actor).filter(named).order_by("-placed_at")[:MOST] if wanted else []
    shops = restaurants_of(request.actor).filter(name__icontains=wanted)[:MOST] if wanted else []
    people = Q(name__icontains=wanted) | Q(email__icontains=wanted) | Q(phone__icontains=number)
    accounts = Account.objects.filter(people).order_by("name")[:MOST] if wanted and sees_all(request.actor) else []
    context = {
        "wanted": wanted,
        "orders": [(order, order_state(order.status)) for order in orders],
        "shops": shops,
        "accounts": accounts,
    }
    return draw(request, "search", context, here="")
