from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.ground.aggregate import Aggregate
from delivery.ground.geo import Plane, Point

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


class City(Aggregate):
    """An operating area. Durations are city time (see ground.clock), money is minor units of `currency`."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=80)
    timezone = models.CharField(_("time zone"), max_length=60)
    currency = models.CharField(_("currency"), max_length=3)
    lat = models.FloatField()
    lon = models.FloatField()
    time_rate = models.FloatField(_("city seconds per real second"), default=1.0)
    clock_started_at = models.DateTimeField(default=EPOCH)
    clock_shows_at = models.DateTimeField(default=EPOCH)
    meters_per_minute = models.FloatField(_("speed of a deliverer"), default=250.0)
    detour = models.FloatField(_("street metres per straight metre"), default=1.3)
    accept_within = models.DurationField(_("time to answer an order"), default=timedelta(minutes=5))
    offer_for = models.DurationField(_("time to answer an offer"), default=timedelta(seconds=60))
    pickup_service = models.DurationField(_("time at the counter"), default=timedelta(minutes=4))
    dropoff_service = models.DurationField(_("time at the door"), default=timedelta(minutes=4))
    target_time = models.DurationField(_("wanted time from order to door"), default=timedelta(minutes=40))
    maximum_time = models.DurationField(_("longest time from order to door"), default=timedelta(minutes=90))
    pay_per_order = models.PositiveIntegerField(_("pay per order"))
    pay_per_hour = models.PositiveIntegerField(_("guaranteed pay per hour"))
    commission_bp = models.PositiveIntegerField(_("commission in 1/100 per cent"), default=2000)
    delivery_vat_bp = models.PositiveIntegerField(_("VAT on delivery in 1/100 per cent"), default=2000)

    class Meta:
        verbose_name_plural = _("cities")
        constraints = [
            models.CheckConstraint(condition=Q(time_rate__gt=0), name="city_time_moves_forward"),
            models.CheckConstraint(condition=Q(meters_per_minute__gt=0, detour__gte=1), name="city_speed_is_positive"),
            models.CheckConstraint(
                condition=Q(commission_bp__lte=10_000, delivery_vat_bp__lte=10_000),
                name="city_rates_are_at_most_all",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream_city_id(self) -> int | None:
        return self.pk

    @property
    def plane(self) -> Plane:
        return Plane(Point(self.lat, self.lon))


class Zone(models.Model):
    """A polygon where the city delivers, with its fee. `ring` is a list of [lon, lat] pairs.

    `levers` are those pulled for it right now: `selectors` fills them in, a zone read otherwise has none.
    """

    levers: "Sequence[Lever]" = ()

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="zones")
    name = models.CharField(_("name"), max_length=80)
    ring = models.JSONField(_("border"))
    fee = models.PositiveIntegerField(_("delivery fee"))
    minimum_order = models.PositiveIntegerField(_("smallest order"), default=0)
    is_open = models.BooleanField(_("open"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "name"], name="zone_name_is_unique_in_city")]

    def __str__(self) -> str:
        return self.name

    @property
    def delivery_fee(self) -> int:
        """What delivery costs right now: the fee, and what a rush adds."""
        return self.fee + sum(lever.fee for lever in self.levers if lever.kind == Lever.Kind.RUSH)

    @property
    def rush(self) -> timedelta:
        """City time that a rush adds to every delivery."""
        rushes = [lever.amount or 0 for lever in self.levers if lever.kind == Lever.Kind.RUSH]
        return timedelta(minutes=max(rushes, default=0))


class Lever(Aggregate):
    """An emergency switch of a city, or of one of its zones: always with an author and an end.

    `amount`: minutes that a RUSH adds; metres around a restaurant that NEAR_ONLY leaves; orders in a quarter of an hour
    that CAP allows; nothing for PAUSE. `fee`: what a RUSH adds to the delivery fee. `until` is real time.
    """

    class Kind(models.TextChoices):
        RUSH = "rush", _("rush")
        PAUSE = "pause", _("pause")
        NEAR_ONLY = "near_only", _("smaller zone")
        CAP = "cap", _("cap")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="levers")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True, blank=True, related_name="pulled")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    amount = models.PositiveIntegerField(null=True, blank=True)
    fee = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(_("until"))
    pulled_by = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "zone", "kind"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="lever_is_pulled_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="pause", amount__isnull=True) | (~Q(kind="pause") & Q(amount__gt=0)),
                name="lever_has_its_amount",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.zone_id or 'everywhere'} until {self.until:%H:%M}"


class Street(models.Model):
    """A named street, or the part of it in one city. `folded` is what a search compares; `lat`, `lon`: its middle."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="streets")
    name = models.CharField(_("name"), max_length=120)
    folded = models.CharField(max_length=120)
    lat = models.FloatField()
    lon = models.FloatField()

    class Meta:
        indexes = [GinIndex(fields=["folded"], name="street_by_trigrams", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """A piece of a street between two crossings, with the house numbers at its ends; odd numbers on the left.

    `line` is a list of [lat, lon] from `first_number` to `last_number`, the other four are its bounds.
    """

    street = models.ForeignKey(Street, on_delete=models.CASCADE, related_name="segments")
    first_number = models.PositiveIntegerField()
    last_number = models.PositiveIntegerField()
    line = models.JSONField()
    south = models.FloatField()
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["south", "west"], name="segment_by_corner")]

    def __str__(self) -> str:
        return f"{self.first_number}-{self.last_number}"


class Membership(models.Model):
    """A person's role in a city."""

    class Role(models.TextChoices):
        DISPATCHER = "dispatcher", _("dispatcher")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="city_memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "account", "role"], name="city_role_is_given_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.city_id}"
