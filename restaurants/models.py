from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.ground.aggregate import Aggregate
from delivery.ground.geo import Point
from delivery.ground.ids import new_public_id

# "Sold out until somebody puts it back": later than any service.
FOR_GOOD = datetime(2999, 1, 1, tzinfo=UTC)


class Restaurant(Aggregate):
    """A shop. `opening_hours` is an opening_hours expression (OpenStreetMap), read in city time."""

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="restaurants", verbose_name=_("city"))
    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    address_line = models.CharField(_("street and number"), max_length=200)
    lat = models.FloatField()
    lon = models.FloatField()
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    opening_hours = models.CharField(_("opening hours"), max_length=255, default="24/7")
    prep_time = models.DurationField(_("usual preparation"), default=timedelta(minutes=15))
    menu_version = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    pause_reason = models.CharField(max_length=60, blank=True, db_default="")
    paused_by = models.CharField(max_length=80, blank=True, db_default="")
    busy_until = models.DateTimeField(_("busy until"), null=True, blank=True)
    busy_extra = models.DurationField(_("longer while busy"), default=timedelta, db_default=timedelta())
    busy_by = models.CharField(max_length=80, blank=True, db_default="")
    is_active = models.BooleanField(_("on the platform"), default=True)

    class Meta:
        verbose_name = _("restaurant")
        verbose_name_plural = _("restaurants")
        constraints = [
            models.CheckConstraint(
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)), name="restaurant_lies_on_earth"
            ),
            models.CheckConstraint(
                condition=Q(busy_until__isnull=True, busy_extra=timedelta())
                | Q(busy_until__isnull=False, busy_extra__gt=timedelta()),
                name="restaurant_is_busy_by_some_time_until_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)


class Membership(models.Model):
    """A person's role in a restaurant."""

    class Role(models.TextChoices):
        RESTAURATEUR = "restaurateur", _("restaurateur")

    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="restaurant_memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["restaurant", "account", "role"], name="restaurant_role_is_given_once")
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.restaurant_id}"


class Station(models.Model):
    """A place in the kitchen that gets its own ticket. Products without a station go to the catch-all."""

    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="stations")
    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    is_catch_all = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["restaurant", "name"], name="station_name_is_unique_in_restaurant"),
            models.UniqueConstraint(
                fields=["restaurant"], condition=Q(is_catch_all=True), name="restaurant_has_one_catch_all"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A heading of the menu."""

    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="categories")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something to order. Its price is the newest `Price` that is valid.

    `age_limit` (0: none), `keeps` and `bag_room` say who can carry it.
    """

    class Keeps(models.TextChoices):
        HOT = "hot", _("hot")
        COLD = "cold", _("cold")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    station = models.ForeignKey(Station, on_delete=models.PROTECT, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    allergens = models.JSONField(_("allergens"), default=list, blank=True)
    vat_rate_bp = models.PositiveIntegerField(_("VAT in 1/100 per cent"))
    sold_out_until = models.DateTimeField(_("sold out until"), null=True, blank=True)
    sold_out_at = models.DateTimeField(null=True, blank=True)
    sold_out_by = models.CharField(max_length=80, blank=True, db_default="")
    is_active = models.BooleanField(_("on the menu"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    age_limit = models.PositiveSmallIntegerField(_("from this age on"), default=0, db_default=0)
    keeps = models.CharField(_("travels"), max_length=4, choices=Keeps.choices, blank=True, default="", db_default="")
    bag_room = models.PositiveSmallIntegerField(_("portions of room in the bag"), default=1, db_default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.CheckConstraint(condition=Q(vat_rate_bp__lte=10_000), name="product_vat_is_at_most_all")]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """What a product costs from an instant on, VAT included. Append-only: a trigger refuses changes."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="prices")
    amount = models.PositiveIntegerField(_("price"))
    valid_from = models.DateTimeField(_("valid from"))
    changed_by = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["valid_from", "id"]
        indexes = [models.Index(fields=["product", "-valid_from", "-id"], name="price_newest_first")]

    def __str__(self) -> str:
        return f"{self.amount} from {self.valid_from:%Y-%m-%d %H:%M}"


class OptionGroup(models.Model):
    """A choice that comes with a product: at least `fewest` and at most `most` of its options."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="option_groups")
    name = models.CharField(_("name"), max_length=60)
    fewest = models.PositiveSmallIntegerField(_("at least"), default=0)
    most = models.PositiveSmallIntegerField(_("at most"), default=1)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="option_group_name_is_unique_in_product"),
            models.CheckConstraint(
                condition=Q(most__gte=1, fewest__lte=models.F("most")), name="option_group_can_be_satisfied"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Option(models.Model):
    """One answer to a choice; `amount` is added to the price, VAT included at the product's rate.

    The amount never changes (a trigger refuses it): another amount is another option, and this one leaves the menu.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    group = models.ForeignKey(OptionGroup, on_delete=models.PROTECT, related_name="options")
    name = models.CharField(_("name"), max_length=80)
    amount = models.PositiveIntegerField(_("added to the price"), default=0)
    is_active = models.BooleanField(_("on the menu"), default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name
