from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City, Zone
from delivery.ground.aggregate import Aggregate


class Deliverer(Aggregate):
    """The person with the bag, in one city.

    What limits which orders it can be: the bags, `bag_room` (None: any), `cash_limit` in minor units of the
    city's currency (None: any), `zones` as the only ones to deliver to (none: all).
    """

    class Vehicle(models.TextChoices):
        BICYCLE = "bicycle", _("bicycle")
        SCOOTER = "scooter", _("scooter")
        CAR = "car", _("car")

    account = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliverer")
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="deliverers")
    vehicle = models.CharField(max_length=20, choices=Vehicle.choices, default=Vehicle.BICYCLE)
    silent_offers = models.PositiveSmallIntegerField(default=0)
    offers_paused_at = models.DateTimeField(null=True, blank=True)
    break_since = models.DateTimeField(null=True, blank=True)
    has_hot_bag = models.BooleanField(_("has a bag that keeps hot"), default=True, db_default=True)
    has_cold_bag = models.BooleanField(_("has a bag that keeps cold"), default=True, db_default=True)
    may_check_age = models.BooleanField(_("may hand over what asks for an age"), default=True, db_default=True)
    bag_room = models.PositiveSmallIntegerField(_("portions that fit"), null=True, blank=True)
    cash_limit = models.PositiveIntegerField(_("most cash to carry"), null=True, blank=True)
    zones = models.ManyToManyField(Zone, blank=True, related_name="+")

    def __str__(self) -> str:
        return str(self.public_id)


class Shift(models.Model):
    """Planned working time (real instants); `started_at` and `ended_at` are what happened."""

    deliverer = models.ForeignKey(Deliverer, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    rests_at = models.DateTimeField(_("rest from"), null=True, blank=True)
    rests_until = models.DateTimeField(_("rest until"), null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rests_at=None, rests_until=None) | Q(rests_until__gt=F("rests_at")),
                name="shift_rest_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"),
            models.UniqueConstraint(
                fields=["deliverer"],
                condition=Q(started_at__isnull=False, ended_at__isnull=True),
                name="deliverer_works_one_shift_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}-{self.ends_at:%H:%M}"


class Position(models.Model):
    """The latest place of a deliverer on duty: a signal, overwritten, deleted when the shift ends."""

    deliverer = models.OneToOneField(Deliverer, on_delete=models.CASCADE, related_name="position")
    lat = models.FloatField()
    lon = models.FloatField()
    accuracy_m = models.PositiveIntegerField(null=True, blank=True)
    measured_at = models.DateTimeField()
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"position of {self.deliverer_id}"
