"""Which role words a deliverer holds."""

from collections.abc import Iterable

from delivery.ground.access import Actor
from dispatch.fleet.models import Deliverer


def roles_of(actor: Actor) -> Iterable[str]:
    """`deliverer` and `deliverer:deliverer:<pk>`; nothing for a token with scopes."""
    if actor.account_id is None or actor.scopes:
        return []
    held = Deliverer.objects.filter(account_id=actor.account_id, account__is_active=True)
    return [word for pk in held.values_list("pk", flat=True) for word in ("deliverer", f"deliverer:deliverer:{pk}")]
