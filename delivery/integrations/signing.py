"""Signatures of webhooks by the Standard Webhooks specification (standardwebhooks.com), version v1."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

from django.utils.crypto import salted_hmac

from delivery.integrations.models import Webhook

SECRET_PREFIX = "whsec_"


def secret_of(webhook: Webhook) -> str:
    """What its owner checks signatures with: `whsec_` and 32 bytes in base64, made from this installation's key."""
    named = f"{webhook.public_id}:{webhook.generation}"
    made = salted_hmac("integrations.webhook", named, algorithm="sha256").digest()
    return SECRET_PREFIX + base64.b64encode(made).decode("ascii")


def signed_headers(secret: str, *, message_id: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """`webhook-id`, `webhook-timestamp` (Unix seconds) and `webhook-signature` over `id.timestamp.body`."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
