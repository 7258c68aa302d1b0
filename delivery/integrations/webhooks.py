"""Webhooks: who hears of what, queued with the fact; `sending` carries it out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db import transaction

from delivery.ground import clock
from delivery.ground.errors import Conflict, Invalid
from delivery.integrations.addresses import webhook_address
from delivery.integrations.keys import restaurants_of
from delivery.integrations.models import ApiKey, Delivery, Webhook

EVENTS = (
    "print_job.printed",
    "print_job.unconfirmed",
    "print_job.copied",
    "print_job.rerouted",
    "print_job.overdue",
    "print_job.expired",
    "print_job.withdrawn",
    "printer.state",
)
MOST_PER_KEY = 10
KEPT_TRYING = timedelta(hours=24)
LOGGED_FOR = timedelta(days=30)


class TooManyWebhooks(Conflict):
    code, title = "too_many_webhooks", "A key has at most 10 addresses"


class Announcement(Protocol):
    """News of a peer. `fact`: the id of its event; `restaurant_id`: whose keys hear it, None: those that reach all."""

    @property
    def kind(self) -> str: ...
    @property
    def fact(self) -> int: ...
    @property
    def restaurant_id(self) -> int | None: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def data(self) -> Mapping[str, Any]: ...


@transaction.atomic
def make_webhook(*, key: ApiKey, url: str, events: Sequence[str] = ("*",), by: str) -> Webhook:
    """An address that hears of `events`: "print_job.printed", "print_job.*", "*". `signing.secret_of` has its secret.

    Raises:
        WebhookAddressRefused. Invalid: no such event. TooManyWebhooks.
    """
    webhook_address(url)
    known = {"*", *EVENTS, *(event.partition(".")[0] + ".*" for event in EVENTS)}
    if not events or not set(events) <= known:
        message = f"one or more of {', '.join(sorted(known))}"
        raise Invalid(fields={"events": [{"code": "invalid", "message": message}]})
    if ApiKey.objects.select_for_update().get(pk=key.pk).webhooks.count() >= MOST_PER_KEY:
        raise TooManyWebhooks()
    return Webhook.objects.create(key=key, url=url, events=sorted(set(events)), made_by=by)


def switch_webhook(*, webhook: Webhook, on: bool) -> None:
    """Off: what is queued is kept and goes out when it is on again, if it is not too old by then."""
    because = "" if on else "by_hand"
    Webhook.objects.filter(pk=webhook.pk).update(is_on=on, off_because=because, failing_since=None, rest_until=None)


def drop_webhook(*, webhook: Webhook) -> None:
    """It is gone, and its log with it."""
    webhook.delete()


def announce(news: Iterable[Announcement]) -> int:
    """Queue each piece of news for every webhook that may hear it; the same fact a second time changes nothing."""
    told = list(news)
    if not told:
        return 0
    hearing = list(Webhook.objects.filter(is_on=True, key__revoked_at__isnull=True).select_related("key"))
    rows = [
        Delivery(webhook=webhook, event=one.kind, fact=one.fact, body=body_of(one), not_after=clock.now() + KEPT_TRYING)
        for webhook, reach in zip(hearing, _reaches(hearing, told), strict=True)
        for one in told
        if _hears(webhook, one.kind) and (reach is None or one.restaurant_id in reach)
    ]
    return len(Delivery.objects.bulk_create(rows, ignore_conflicts=True))


def _hears(webhook: Webhook, kind: str) -> bool:
    family = kind.partition(".")[0] + ".*"
    return bool({"*", family, kind} & set(webhook.events))


def _reaches(hearing: Sequence[Webhook], told: Sequence[Announcement]) -> list[set[int] | None]:
    """For each webhook the restaurants of the news that its key reaches; None: it reaches all. One query per key."""
    about = {one.restaurant_id for one in told if one.restaurant_id is not None}
    by_key: dict[int, set[int] | None] = {}
    for webhook in hearing:
        if webhook.key_id not in by_key:
            mine = restaurants_of(webhook.key).filter(pk__in=about)
            by_key[webhook.key_id] = None if webhook.key.reaches_all else set(mine.values_list("pk", flat=True))
    return [by_key[webhook.key_id] for webhook in hearing]


def body_of(one: Announcement) -> str:
    """The payload of the Standard Webhooks specification: `type`, `timestamp`, `data`."""
    said = {"type": one.kind, "timestamp": one.occurred_at.isoformat(), "data": dict(one.data)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def forget_deliveries() -> None:
    """The periodic duty: the log holds 30 days. 1,000 rows at a time."""
    old = Delivery.objects.filter(created_at__lt=clock.now() - LOGGED_FOR)
    Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:1_000])).delete()
