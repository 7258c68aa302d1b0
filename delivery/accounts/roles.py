"""Which role words an account opens by itself; roles in a city or a restaurant live beside those."""

from collections.abc import Iterable

from delivery.accounts.models import Account
from delivery.ground.access import Actor


def roles_of(actor: Actor) -> Iterable[str]:
    """`customer` for every account, `owner` and `support` for those it names.

    A token with scopes is an `integrator` and nothing else: it never inherits what its account may do in person.
    """
    if actor.account_id is None:
        return []
    account = Account.objects.filter(pk=actor.account_id, is_active=True).only("is_owner", "is_support").first()
    if account is None:
        return []
    if actor.scopes:
        return ["integrator"]
    named = {"customer": True, "owner": account.is_owner, "support": account.is_support}
    return [role for role, is_held in named.items() if is_held]
