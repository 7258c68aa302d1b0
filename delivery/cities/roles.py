"""Which role words a membership of a city opens."""

from collections.abc import Iterable

from delivery.cities.models import Membership
from delivery.ground.access import Actor


def roles_of(actor: Actor) -> Iterable[str]:
    """`dispatcher` and `dispatcher:city:<pk>`; for a token with scopes `integrator:city:<pk>`."""
    if actor.account_id is None:
        return []
    held = Membership.objects.filter(account_id=actor.account_id, account__is_active=True)
    return [
        word
        for role, city_id in held.values_list("role", "city_id")
        for name in ["integrator" if actor.scopes else role]
        for word in (name, f"{name}:city:{city_id}")
    ]
