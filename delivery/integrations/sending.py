"""Webhooks on their way: one thread per address, so that a slow one delays nobody else.

A delivery is committed before it leaves. A worker that dies lets its lease run out and the event is sent again: the
receiver knows it by `webhook-id`, which stays the same.
"""

import asyncio
import os
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import httpx
import structlog
from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now

from delivery.ground import clock, leases
from delivery.integrations.addresses import Address, WebhookAddressRefused, webhook_address
from delivery.integrations.models import Delivery, Webhook
from delivery.integrations.signing import secret_of, signed_headers

log = structlog.get_logger(__name__)

THREADS = 8
AT_ONCE = 50
PATIENCE_S = 10.0  # for all of it: a receiver that answers byte by byte holds no thread longer
LEASE = timedelta(seconds=60)
PAUSES = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 7200, 14400))
LONGEST_REST = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(days=5)
GONE = 410


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one try: an HTTP status, or an error in a word when there was none."""

    status: int | None = None
    error: str = ""

    @property
    def is_fine(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class Hands:
    """The threads of one worker, and which webhooks they have in hand."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
        self._busy: set[int] = set()
        self._lock = threading.Lock()

    def hand_out(self) -> None:
        for webhook_id in webhooks_with_work():
            with self._lock:
                if webhook_id in self._busy:
                    continue
                self._busy.add(webhook_id)
            self._pool.submit(self._send, webhook_id)

    def _send(self, webhook_id: int) -> None:
        try:
            send_to(webhook_id=webhook_id)
        except Exception:
            # The rows say what is left to do: the next look goes on from there.
            log.exception("webhook_failed", webhook_id=webhook_id)
        finally:
            connection.close()
            with self._lock:
                self._busy.discard(webhook_id)


hands = Hands()
send_due = hands.hand_out


def webhooks_with_work() -> list[int]:
    """Primary keys of webhooks with something to send now."""
    due = _due().values_list("webhook_id", flat=True).distinct()
    return list(due.order_by("webhook_id"))


def send_to(*, webhook_id: int) -> int:
    """Send what is due for one webhook, oldest first, until it fails; returns how many it took."""
    sent = 0
    while sent < AT_ONCE:
        due = _due().filter(webhook_id=webhook_id).select_related("webhook").order_by("pk")
        claimed = leases.claim(due, owner=f"{os.getpid()}", limit=1, lease=LEASE)
        if not claimed:
            break
        answer = _try(claimed[0])
        _settle(claimed[0], answer)
        if not answer.is_fine:
            break
        sent += 1
    return sent


def _due() -> "QuerySet[Delivery]":
    awake = Q(webhook__rest_until__isnull=True) | Q(webhook__rest_until__lte=Now())
    living = Q(webhook__is_on=True, webhook__key__revoked_at__isnull=True)
    return Delivery.objects.filter(leases.free_now(), awake, living, state=Delivery.State.QUEUED)


def _try(delivery: Delivery) -> Answer:
    body = delivery.body.encode()
    headers = signed_headers(
        secret_of(delivery.webhook),
        message_id=str(delivery.public_id),
        timestamp=int(clock.now().timestamp()),
        body=body,
    )
    try:
        address = webhook_address(delivery.webhook.url)  # asked again: names move
    except WebhookAddressRefused as refusal:
        return Answer(error=refusal.fields["url"][0]["code"])
    connection.close()  # back to the pool while the other side thinks
    return asyncio.run(_post(address, dict(headers), body))


async def _post(address: Address, headers: dict[str, str], body: bytes) -> Answer:
    """One POST to the judged IP, under the name that its certificate must have; redirects are not followed."""
    host = f"[{address.ip}]" if ":" in address.ip else address.ip
    default = 443 if address.scheme == "https" else 80
    named = address.host if address.port == default else f"{address.host}:{address.port}"
    told = {**headers, "host": named, "content-type": "application/json", "user-agent": f"Passeplat/{settings.VERSION}"}
    try:
        async with (
            asyncio.timeout(PATIENCE_S),
            httpx.AsyncClient(verify=_trust(), trust_env=False, timeout=PATIENCE_S) as client,
            client.stream(
                "POST",
                f"{address.scheme}://{host}:{address.port}{address.path}",
                content=body,
                headers=told,
                extensions={"sni_hostname": address.host},
            ) as response,
        ):
            return Answer(status=response.status_code)
    except (httpx.HTTPError, TimeoutError, OSError, ValueError) as error:
        return Answer(error=type(error).__name__)


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def _settle(delivery: Delivery, answer: Answer) -> None:
    held = Delivery.objects.filter(pk=delivery.pk, lease_token=delivery.lease_token)
    said = {**leases.RELEASED, "status": answer.status, "error": answer.error[:120]}
    if answer.is_fine:
        held.update(**said, state=Delivery.State.DELIVERED, ended_at=Now())
        Webhook.objects.filter(pk=delivery.webhook_id).update(failing_since=None, rest_until=None)
        return
    pause = PAUSES[min(delivery.attempts, len(PAUSES)) - 1]
    is_over = delivery.not_after is not None and delivery.not_after < clock.now() + pause
    if is_over:
        held.update(**said, state=Delivery.State.FAILED, ended_at=Now())
    else:
        held.update(**said, not_before=Now() + pause)
    _rest(delivery.webhook, pause, is_gone=answer.status == GONE)
    log.info("webhook_not_taken", webhook=str(delivery.webhook), status=answer.status, reason=answer.error)


def _rest(webhook: Webhook, pause: timedelta, *, is_gone: bool) -> None:
    """Nothing more is sent for a while; after five days of failures, or at "410 Gone", until somebody looks."""
    mine = Webhook.objects.filter(pk=webhook.pk)
    mine.update(failing_since=Coalesce("failing_since", Now()), rest_until=Now() + min(pause, LONGEST_REST))
    if is_gone:
        mine.update(is_on=False, off_because="gone")
    else:
        mine.filter(failing_since__lt=Now() - GIVEN_UP_AFTER).update(is_on=False, off_because="failing")
