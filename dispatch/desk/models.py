from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.ground.aggregate import Aggregate


class Alarm(Aggregate):
    """An open question of a city. One is open per kind and subject ("ticket:<id>", "order:<id>").

    `assigned_to` is asked first; `owner` has taken it. Until `snoozed_until` it is silent, then it asks again.
    A question that a person has closed is not asked again before `quiet_until`, even if its cause lasts.
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
    snoozed_until = models.DateTimeField(null=True, blank=True)
    quiet_until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(_("closed because"), max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=Q(closed_at__isnull=True),
                name="alarm_is_open_once_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(snoozed_until__isnull=True) | Q(owner__isnull=False), name="alarm_snoozed_has_an_owner"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject"], condition=Q(quiet_until__isnull=False), name="alarm_kept_quiet")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class LogEntry(Aggregate):
    """A line of a city's logbook: a note of a person, or what a person did. Append-only; no `author`: the system."""

    NOTE = "note"

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="logbook")
    kind = models.CharField(max_length=40)
    text = models.CharField(_("note"), max_length=500, blank=True)
    about = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = _("log entries")
        indexes = [models.Index(fields=["city", "-written_at"], name="log_newest_of_city")]

    def __str__(self) -> str:
        return self.text or self.kind


class HandDispatch(Aggregate):
    """Until `until` the planner proposes nothing in the city: its dispatchers assign by hand."""

    city = models.OneToOneField(City, on_delete=models.PROTECT, related_name="hand_dispatch")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.city_id} until {self.until}"
