from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.ground.aggregate import Aggregate


class Alarm(Aggregate):
    """An open question of a city. One is open per kind and subject ("ticket:<id>", "order:<id>").

    `assigned_to` is asked first; `owner` has taken it.
    """

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="alarms")
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    detail = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="alarms"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(_("closed because"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(closed_at__isnull=True),
                name="alarm_is_open_once_per_subject",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
