"""Webhooks of a key: where its events go, and what became of each."""

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import Field

from delivery.ground.api import ApiRequest, Body, once
from delivery.ground.errors import NotFound
from delivery.ground.openapi import Answer, with_key
from delivery.integrations.models import ApiKey, Delivery, Webhook
from delivery.integrations.signing import secret_of
from delivery.integrations.webhooks import drop_webhook, make_webhook, switch_webhook

router = Router(tags=["webhooks"])
MOST_SHOWN = 100


class WebhookBody(Body):
    """`events`: e.g. "print_job.printed", "print_job.*", or "*"."""

    url: str = Field(min_length=1, max_length=500)
    events: list[Annotated[str, Field(min_length=1, max_length=60)]] = Field(["*"], min_length=1, max_length=20)


class SwitchBody(Body):
    on: bool


class WebhookAnswer(Answer):
    """`off_because`: by_hand, gone (410), failing (for five days), or empty."""

    id: UUID
    url: str
    events: list[str]
    on: bool
    off_because: str
    failing_since: datetime | None


class MadeAnswer(WebhookAnswer):
    """`secret` checks signatures (Standard Webhooks) and is shown this once."""

    secret: str


class WebhooksAnswer(Answer):
    webhooks: list[WebhookAnswer]


class DeliveryAnswer(Answer):
    """`id` is the `webhook-id` header; `status` what the address answered last, `error` when it did not."""

    id: UUID
    event: str
    state: str
    attempts: int
    status: int | None
    error: str
    created_at: datetime
    next_try_at: datetime | None


class DeliveriesAnswer(Answer):
    deliveries: list[DeliveryAnswer]


@router.get("/webhooks", url_name="webhooks", response=WebhooksAnswer)
def webhooks(request: ApiRequest) -> HttpResponse:
    """Those of the key that asks."""
    mine = Webhook.objects.filter(key=request.actor.key_id).order_by("pk")
    return JsonResponse({"webhooks": [_shown(webhook) for webhook in mine]})


@once
def _make(request: ApiRequest, body: WebhookBody) -> tuple[int, dict[str, Any]]:
    assert request.actor.key_id is not None  # the access rule
    key = ApiKey.objects.get(pk=request.actor.key_id)
    return 201, _shown(make_webhook(key=key, url=body.url, events=body.events, by=request.actor.ref))


@router.post("/webhooks", url_name="webhooks", response={201: MadeAnswer})
@with_key
def make(request: ApiRequest, body: WebhookBody) -> HttpResponse:
    made = json.loads(_make(request, body).content)
    # Added here, so that the stored answer of this Idempotency-Key does not hold it.
    secret = secret_of(Webhook.objects.get(public_id=made["id"]))
    return JsonResponse({**made, "secret": secret}, status=201)


@router.get("/webhooks/{uuid:webhook_id}/deliveries", url_name="webhook_deliveries", response=DeliveriesAnswer)
def deliveries(request: ApiRequest, webhook_id: UUID) -> HttpResponse:
    """The newest hundred of the last 30 days."""
    mine = Delivery.objects.filter(webhook=_mine(request, webhook_id)).order_by("-pk")[:MOST_SHOWN]
    return JsonResponse({"deliveries": [_row(delivery) for delivery in mine]})


@router.post("/webhooks/{uuid:webhook_id}", url_name="webhook", response=WebhookAnswer)
@once
def switch(request: ApiRequest, webhook_id: UUID, body: SwitchBody) -> tuple[int, dict[str, Any]]:
    """On again after it was switched off; what is younger than a day is sent then."""
    switch_webhook(webhook=_mine(request, webhook_id), on=body.on)
    return 200, _shown(_mine(request, webhook_id))


@router.delete("/webhooks/{uuid:webhook_id}", url_name="webhook", response={204: None})
def drop(request: ApiRequest, webhook_id: UUID) -> HttpResponse:
    drop_webhook(webhook=_mine(request, webhook_id))
    return HttpResponse(status=204)


def _mine(request: ApiRequest, webhook_id: UUID) -> Webhook:
    webhook = Webhook.objects.filter(key=request.actor.key_id, public_id=webhook_id).first()
    if webhook is None:
        raise NotFound()
    return webhook


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": str(webhook.public_id),
        "url": webhook.url,
        "events": webhook.events,
        "on": webhook.is_on,
        "off_because": webhook.off_because,
        "failing_since": webhook.failing_since.isoformat() if webhook.failing_since else None,
    }


def _row(delivery: Delivery) -> dict[str, Any]:
    waits = delivery.state == Delivery.State.QUEUED and delivery.not_before is not None
    return {
        "id": str(delivery.public_id),
        "event": delivery.event,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "status": delivery.status,
        "error": delivery.error,
        "created_at": delivery.created_at.isoformat(),
        "next_try_at": delivery.not_before.isoformat() if waits and delivery.not_before else None,
    }
