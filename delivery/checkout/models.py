from django.conf import settings
from django.db import models

from delivery.accounts.models import AccessDetails
from delivery.cities.models import Zone
from delivery.ground.geo import Point
from delivery.ground.ids import new_public_id
from delivery.orders.models import Fulfilment, Order
from restaurants.models import Restaurant


class Quote(AccessDetails):
    """Lines, prices, zone and fee as offered to a caller; valid until `expires_at`.

    `lines`: list of {product_id, name, station, quantity, unit_amount, amount, vat_rate_bp, vat_amount,
    allergens, options, note}, in menu money.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    owner = models.CharField(max_length=80)  # scope of the caller: only who asked may place it
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True)
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT)
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, null=True)  # none for a collection
    fulfilment = models.CharField(max_length=20, choices=Fulfilment.choices, default=Fulfilment.PLATFORM)
    menu_version = models.PositiveIntegerField()
    lines = models.JSONField()
    address_line = models.CharField(max_length=200)
    lat = models.FloatField()
    lon = models.FloatField()
    currency = models.CharField(max_length=3)
    subtotal = models.PositiveIntegerField()
    delivery_fee = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    order = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, related_name="quote")

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="quote_oldest_first")]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def point(self) -> Point:
        return Point(self.lat, self.lon)
