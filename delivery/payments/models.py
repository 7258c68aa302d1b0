from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.ground.ids import new_public_id
from delivery.orders.models import Order


class Tender(models.Model):
    """One means of payment of one order. Created before the order exists: `order` is set when it is placed."""

    class Kind(models.TextChoices):
        CARD = "card", _("card")
        CASH = "cash", _("cash")
        MEAL_VOUCHER = "meal_voucher", _("meal voucher")
        CREDIT = "credit", _("credit")

    class State(models.TextChoices):
        STARTED = "started", _("started")
        AUTHORIZED = "authorized", _("authorised")
        CAPTURED = "captured", _("captured")
        REFUNDED = "refunded", _("refunded")
        VOIDED = "voided", _("voided")
        FAILED = "failed", _("failed")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="tenders")
    attempt_key = models.CharField(max_length=255, unique=True)
    provider = models.CharField(max_length=20)
    provider_ref = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20, choices=State.choices, default=State.STARTED)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["started", "authorized", "voided", "failed"]) | Q(order__isnull=False),
                name="tender_is_captured_for_an_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"
