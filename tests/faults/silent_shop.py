"""A restaurant where nobody answers; opened inside a running copy: `WholeCopy.says("...open_silent_shop()")`."""

from datetime import timedelta
from typing import Any

from delivery.accounts.services import issue_token
from tests import world
from tests.live.town import placement

ANSWER_WITHIN = timedelta(seconds=5)


def open_silent_shop() -> dict[str, Any]:
    """Returns the token of a customer, and the body of an order that she may send."""
    shop = world.pizzeria("silent", accept_within=ANSWER_WITHIN)
    return {
        "token": issue_token(account=world.account("patient"), name="tests"),
        "order": placement(shop, margherita=1),
    }
