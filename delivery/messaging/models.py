from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.ground.ids import new_public_id
from delivery.ground.leases import LeasedJob


class Message(LeasedJob):
    """Text to one person. `to` and `text` are emptied once sent: nothing personal stays behind."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    medium = models.CharField(max_length=10, choices=[("sms", "SMS"), ("mail", "mail")])
    to = models.CharField(max_length=254, blank=True)
    text = models.TextField(blank=True)
    intent_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)

    class Meta:
        indexes = [models.Index(fields=["created_at"], condition=Q(state="queued"), name="message_queued")]

    def __str__(self) -> str:
        return str(self.public_id)
