"""Who looks at a city's control room right now, and which order they have before them.

A signal, not a fact: it lives in Valkey for seconds. Without Valkey nobody is seen, and nothing else changes.
"""

import json
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from django.conf import settings

from delivery.ground import clock, connections

log = structlog.get_logger(__name__)

SEEN_FOR: Final = timedelta(seconds=10)  # screens say so every two seconds
KEPT_S: Final = 60


class Colleague(NamedTuple):
    """`account`: public id. `order`: public id of the order that is selected on their screen, or ""."""

    account: str
    name: str
    order: str


def say_here(*, city_id: int, account: UUID, name: str, order: str) -> list[Colleague]:
    """Notes that the account looks at the city, and at which order; returns who else does, by name."""
    key, now = f"{settings.KEY_PREFIX}:desk.here.{city_id}", clock.now()
    said = json.dumps({"name": name, "order": order, "at": now.timestamp()})
    try:
        with connections.open_valkey() as valkey, valkey.pipeline(transaction=False) as asked:
            asked.hset(key, str(account), said)
            asked.expire(key, KEPT_S)
            asked.hgetall(key)
            known = asked.execute()[-1]
    except connections.ValkeyError as error:
        log.info("presence_unknown", error=type(error).__name__)
        return []
    since = (now - SEEN_FOR).timestamp()
    people = {who.decode(): json.loads(what) for who, what in known.items() if who.decode() != str(account)}
    here = [Colleague(who, what["name"], what["order"]) for who, what in people.items() if what["at"] >= since]
    return sorted(here, key=lambda each: each.name)
