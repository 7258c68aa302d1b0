from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.ground.ids import new_public_id
from restaurants.models import Restaurant


class Kind(models.TextChoices):
    LOBBY = "lobby", _("counter tablet")
    KITCHEN = "kitchen", _("kitchen screen")
    PRINTER = "printer", _("printer")
    AGENT = "agent", _("box for printers")


class Device(models.Model):
    """A paired thing. Its secret is shown once, at pairing; only the SHA-256 is kept."""

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="devices")
    restaurant = models.ForeignKey(Restaurant, on_delete=models.PROTECT, null=True, blank=True, related_name="devices")
    name = models.CharField(_("name"), max_length=60)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    rights_version = models.PositiveIntegerField(default=0)
    paired_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.PRINTER) | Q(restaurant__isnull=False),
                name="counter_device_belongs_to_a_restaurant",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PairingCode(models.Model):
    """A short-lived code that turns a browser into a device; only its SHA-256 is kept."""

    kind = models.CharField(max_length=20, choices=Kind.choices)
    restaurant = models.ForeignKey(Restaurant, on_delete=models.CASCADE, related_name="pairing_codes")
    sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    uses_left = models.PositiveSmallIntegerField(default=1)
    created_by = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.kind} code of {self.restaurant_id}"


class DeviceState(models.Model):
    """What a screen last said about itself; the newest word counts. Written only by `services.report_state`."""

    class Sound(models.TextChoices):
        ON = "on", _("sound on")
        OFF = "off", _("sound off")

    device = models.OneToOneField(Device, on_delete=models.CASCADE, primary_key=True, related_name="state")
    sound = models.CharField(max_length=3, choices=Sound.choices)
    battery_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    is_charging = models.BooleanField(null=True)
    app_version = models.CharField(max_length=20, blank=True)
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(battery_percent__isnull=True) | Q(battery_percent__lte=100),
                name="device_battery_is_at_most_full",
            )
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.sound}"
