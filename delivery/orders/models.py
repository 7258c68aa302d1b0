from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils.translation import gettext_lazy as _

from delivery.accounts.models import AccessDetails
from delivery.cities.models import City
from delivery.ground.aggregate import Aggregate
from delivery.ground.geo import Point
from delivery.ground.ids import new_public_id, new_token
from delivery.orders.pricing import Party
from delivery.orders.transitions import FINAL, Status
from restaurants.models import Product, Restaurant

STATUS_CHOICES = [(status.value, status.value) for status in Status]
PARTY_CHOICES = [(party.value, party.value) for party in Party]
FINAL_STATUSES = sorted(status.value for status in FINAL)


class Channel(models.TextChoices):
    WEB = "web", _("web")
    PHONE = "phone", _("phone")
    COUNTER = "counter", _("counter")
    API = "api", _("API")
    MARKETPLACE = "marketplace", _("marketplace")


class Fulfilment(models.TextChoices):
    PLATFORM = "platform", _("delivery")
    OWN = "own", _("delivery by the restaurant")
    COLLECTION = "collection", _("collection")


class Bearer(models.TextChoices):
    """Who pays for a refund."""

    RESTAURANT = "restaurant", _("restaurant")
    PLATFORM = "platform", _("platform")
    DELIVERER = "deliverer", _("deliverer")
    CUSTOMER = "customer", _("customer")


class Order(Aggregate, AccessDetails):
    """One order of one restaurant. Instants are real UTC; amounts are minor units of `currency`.

    `status` is written by `orders.services` alone, always through `transitions`.
    """

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="orders")
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="orders")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    placed_by = models.CharField(max_length=80)
    number = models.CharField(_("number"), max_length=8)
    tracking_token = models.CharField(max_length=40, unique=True, default=new_token)
    channel = models.CharField(max_length=20, choices=Channel.choices)
    fulfilment = models.CharField(max_length=20, choices=Fulfilment.choices, default=Fulfilment.PLATFORM)
    status = models.CharField(max_length=20, choices=STATUS_CHOICES, default=Status.PLACED.value)

    customer_name = models.CharField(_("name"), max_length=120)
    customer_phone = models.CharField(_("phone"), max_length=16, blank=True)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    address_line = models.CharField(_("street and number"), max_length=200)
    lat = models.FloatField()
    lon = models.FloatField()
    note = models.CharField(_("note for the kitchen"), max_length=300, blank=True)
    allergies = models.CharField(_("allergies"), max_length=200, blank=True)

    currency = models.CharField(max_length=3)
    subtotal = models.PositiveIntegerField()
    delivery_fee = models.PositiveIntegerField()
    tip = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    commission_bp = models.PositiveIntegerField()
    delivery_vat_bp = models.PositiveIntegerField()

    placed_at = models.DateTimeField()
    accept_by = models.DateTimeField()
    wanted_at = models.DateTimeField(_("wanted at"), null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    prep_time = models.DurationField(null=True, blank=True)
    cook_at = models.DateTimeField(null=True, blank=True)
    ready_eta = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    promised_from = models.DateTimeField(null=True, blank=True)
    promised_until = models.DateTimeField(null=True, blank=True)
    picked_up_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total=F("subtotal") + F("delivery_fee") + F("tip")),
                name="order_total_is_the_sum_of_its_parts",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[status.value for status in Status]), name="order_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=FINAL_STATUSES, closed_at__isnull=False)
                | (~Q(status__in=FINAL_STATUSES) & Q(closed_at__isnull=True)),
                name="order_is_closed_exactly_when_final",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["placed", "rejected", "expired", "cancelled"])
                | Q(accepted_at__isnull=False, promised_until__isnull=False, cook_at__isnull=False),
                name="order_at_work_has_a_promise",
            ),
            models.CheckConstraint(
                condition=~Q(status="delivered") | Q(delivered_at__isnull=False),
                name="order_delivered_has_its_instant",
            ),
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="order_goes_to_earth"
            ),
            models.UniqueConstraint(
                fields=["restaurant", "number"],
                condition=~Q(status__in=FINAL_STATUSES),
                name="order_number_is_unique_while_open",
            ),
        ]
        indexes = [
            models.Index(
                fields=["restaurant", "placed_at"],
                condition=~Q(status__in=FINAL_STATUSES),
                name="order_open_by_restaurant",
            ),
            models.Index(
                fields=["city", "placed_at"],
                condition=~Q(status__in=FINAL_STATUSES),
                name="order_open_by_city",
            ),
            models.Index(fields=["account", "-placed_at"], name="order_newest_of_account"),
            models.Index(fields=["number", "-placed_at"], name="order_by_number"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)

    @property
    def is_final(self) -> bool:
        return self.status in FINAL


class Line(models.Model):
    """What was ordered, at the price of that moment; never changes.

    `options`: list of {group, name, amount}; `unit_amount` counts them.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    station = models.CharField(max_length=40)
    quantity = models.PositiveSmallIntegerField()
    unit_amount = models.PositiveIntegerField()
    amount = models.PositiveIntegerField()
    vat_rate_bp = models.PositiveIntegerField()
    vat_amount = models.PositiveIntegerField()
    allergens = models.JSONField(default=list, blank=True)
    options = models.JSONField(default=list, db_default=Value([], output_field=models.JSONField()), blank=True)
    note = models.CharField(max_length=140, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position_is_unique"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_has_a_quantity"),
            models.CheckConstraint(
                condition=Q(amount=F("unit_amount") * F("quantity")),
                name="order_line_amount_is_unit_times_quantity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.name}"

    @property
    def picked(self) -> list[str]:
        """The answers to the product's choices, as a cook and a customer read them."""
        return [option["name"] for option in self.options]


class Ring(models.Model):
    """A device has made itself heard for an order: who rang, and when it said so."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="rings")
    rung_by = models.CharField(max_length=80)  # Actor.ref of the device, or of who is signed in at it
    rang_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "rung_by"], name="ring_is_noted_once_per_order_and_device")
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.rung_by}"


class StationWork(Aggregate):
    """How far one station is with its share of an order. There is none before the station has touched it.

    `done`: positions of the lines that are cooked. `bumped_at`: the station has no more to do.
    `seen_cancelled_at`: its cooks know that the order was called off.
    """

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="station_work")
    station = models.CharField(max_length=40)
    done = models.JSONField(default=list)
    bumped_at = models.DateTimeField(null=True, blank=True)
    seen_cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "station"], name="station_works_once_on_an_order"),
        ]
        indexes = [models.Index(fields=["order", "-bumped_at"], name="station_work_newest_first")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.station}"


class LedgerEntry(models.Model):
    """One side of a posting. Append-only; per order all entries sum to zero at each commit (triggers).

    `party` owes when the amount is positive and is owed when it is negative.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="ledger")
    posting = models.UUIDField(default=new_public_id)
    kind = models.CharField(max_length=30)
    party = models.CharField(max_length=20, choices=PARTY_CHOICES)
    amount = models.IntegerField()
    currency = models.CharField(max_length=3)
    borne_by = models.CharField(max_length=20, choices=Bearer.choices, blank=True)
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_entry_moves_money"),
            models.UniqueConstraint(
                fields=["posting", "party", "borne_by"], name="ledger_party_is_named_once_per_posting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.party} {self.amount}"
