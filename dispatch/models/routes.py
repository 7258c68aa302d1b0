"""Stops, routes and offers: who carries what, and what is proposed to whom."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.ground.aggregate import Aggregate
from delivery.ground.ids import new_public_id
from delivery.orders.models import Order
from dispatch.fleet.models import Deliverer

# A route that holds its orders: nobody else may plan them.
LIVE_ROUTES = ["planned", "assigned"]


class Route(Aggregate):
    """The ordered stops of one deliverer. `planned` while it is only offered."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        ASSIGNED = "assigned", _("assigned")
        DONE = "done", _("done")
        WITHDRAWN = "withdrawn", _("withdrawn")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="routes")
    deliverer = models.ForeignKey(Deliverer, on_delete=models.PROTECT, null=True, blank=True, related_name="routes")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PLANNED)
    distance_m = models.PositiveIntegerField()
    pay = models.PositiveIntegerField()
    planned_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deliverer"],
                condition=Q(status="assigned"),
                name="deliverer_holds_one_route",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["assigned", "done"]) | Q(deliverer__isnull=False),
                name="route_under_way_has_a_deliverer",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Stop(models.Model):
    """A visit for one order. Without a route it is demand that waits to be planned.

    `status` is written by `dispatch.services` alone.
    """

    class Kind(models.TextChoices):
        PICKUP = "pickup", _("pickup")
        DROPOFF = "dropoff", _("dropoff")

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        ARRIVED = "arrived", _("arrived")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    class Proof(models.TextChoices):
        NONE = "", _("none")
        PIN = "pin", _("code")
        PHOTO = "photo", _("photo")
        LEFT = "left", _("left at the door, with a photo")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="stops")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="stops")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    route = models.ForeignKey(Route, on_delete=models.PROTECT, null=True, blank=True, related_name="stops")
    position = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PENDING)
    lat = models.FloatField()
    lon = models.FloatField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    failure_reason = models.CharField(max_length=60, blank=True)
    waiting_since = models.DateTimeField(null=True, blank=True)
    proof = models.CharField(max_length=10, choices=Proof.choices, default=Proof.NONE, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="order_has_one_stop_of_each_kind"),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(route__isnull=False, done_at__isnull=False),
                name="stop_done_was_on_a_route",
            ),
        ]
        indexes = [
            models.Index(fields=["city"], condition=Q(status="pending", route=None), name="stop_waiting"),
            models.Index(fields=["route", "position"], name="stop_by_route"),
            models.Index(fields=["order"], condition=Q(status__in=["pending", "arrived"]), name="stop_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id}"


class Offer(Aggregate):
    """A route proposed to one deliverer; pay, distance and destination are frozen on it."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="offers")
    route = models.ForeignKey(Route, on_delete=models.PROTECT, related_name="offers")
    deliverer = models.ForeignKey(Deliverer, on_delete=models.PROTECT, related_name="offers")
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.OPEN)
    pay = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    distance_m = models.PositiveIntegerField()
    destination = models.CharField(max_length=200)
    destination_lat = models.FloatField()
    destination_lon = models.FloatField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["route"], condition=Q(status="open"), name="offer_one_open_per_route"),
            models.UniqueConstraint(
                fields=["deliverer"], condition=Q(status="open"), name="offer_one_open_per_deliverer"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="offer_leaves_time_to_answer"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class RouteNotice(models.Model):
    """Somebody else changed what a deliverer carries: shown on the phone until it is acknowledged."""

    class Kind(models.TextChoices):
        JOINED = "joined", _("an order was added")
        LEFT = "left", _("an order was taken away")
        CANCELLED = "cancelled", _("an order was called off")

    deliverer = models.ForeignKey(Deliverer, on_delete=models.CASCADE, related_name="route_notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["deliverer"], condition=Q(seen_at=None), name="route_notice_unseen")]

    def __str__(self) -> str:
        return f"{self.kind} {self.order_id}"


class Exclusion(models.Model):
    """An order that is not proposed to this deliverer again; it says nothing about the person."""

    class Because(models.TextChoices):
        DECLINED = "declined", _("offer declined")
        SILENT = "silent", _("offer not answered")
        HANDED_BACK = "handed_back", _("handed back")

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="exclusions")
    deliverer = models.ForeignKey(Deliverer, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=20, choices=Because.choices)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "deliverer"], name="exclusion_is_noted_once_per_pair")]

    def __str__(self) -> str:
        return f"{self.order_id} not to {self.deliverer_id}"
