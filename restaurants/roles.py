"""Which role words a membership of a restaurant opens."""

from collections.abc import Iterable

from delivery.ground.access import Actor
from restaurants.models import Membership


def roles_of(actor: Actor) -> Iterable[str]:
    """`restaurateur` and `restaurateur:restaurant:<pk>`; for a token with scopes `integrator:restaurant:<pk>`."""
    if actor.account_id is None:
        return []
    held = Membership.objects.filter(account_id=actor.account_id, account__is_active=True)
    return [
        word
        for role, restaurant_id in held.values_list("role", "restaurant_id")
        for name in ["integrator" if actor.scopes else role]
        for word in (name, f"{name}:restaurant:{restaurant_id}")
    ]
