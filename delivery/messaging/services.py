"""Texts to people: queued in the caller's transaction, sent by whoever holds the lease."""

import os
from datetime import timedelta

import structlog
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from delivery.ground import clock, leases
from delivery.messaging.models import Message
from delivery.messaging.ports import port

log = structlog.get_logger(__name__)

USEFUL_FOR = timedelta(minutes=10)
LEASE = timedelta(seconds=30)
REST = timedelta(seconds=15)
AT_ONCE = 20


def queue_message(*, medium: str, to: str, text: str, intent_key: str, useful_for: timedelta = USEFUL_FOR) -> None:
    """Have one text sent; the same intent a second time is the same text.

    Args:
        medium: "sms" or "mail". to: phone number in E.164, or e-mail address.
        useful_for: after this real time nobody needs the text any more.
    """
    Message.objects.get_or_create(
        intent_key=intent_key,
        defaults={"medium": medium, "to": to, "text": text, "not_after": clock.now() + useful_for},
    )


def send_due() -> int:
    """Send what is queued, and drop what is too old; returns how many left.

    A worker that dies between sending and noting it sends again after the lease: a text twice is better than none.
    """
    queued = Message.objects.filter(state=Message.State.QUEUED)
    _settle(queued.filter(not_after__lt=Now()), Message.State.FAILED)
    sent = 0
    for message in leases.claim(queued.order_by("pk"), owner=f"{os.getpid()}", limit=AT_ONCE, lease=LEASE):
        held = Q(pk=message.pk, lease_token=message.lease_token)
        try:
            port().send(medium=message.medium, to=message.to, text=message.text)
        except OSError as error:
            log.warning(
                "message_not_taken", message=str(message.public_id), attempt=message.attempts, reason=str(error)
            )
            Message.objects.filter(held).update(**leases.RELEASED, not_before=Now() + REST * message.attempts)
        else:
            sent += _settle(Message.objects.filter(held), Message.State.SENT)
    return sent


def _settle(messages: QuerySet[Message], state: str) -> int:
    """Nothing personal stays behind a message that is over."""
    return messages.update(**leases.RELEASED, state=state, to="", text="")
