"""What a city asks for at its doors, and what proves a handover."""

from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from dispatch.models.routes import Stop


class DoorRule(models.Model):
    """What a city asks for at the door. A city without a row has the defaults: `selectors.door_rule_of`."""

    class Need(models.TextChoices):
        OFF = "off", _("never asked")
        OPTIONAL = "optional", _("may be given")
        REQUIRED = "required", _("must be given")

    city = models.OneToOneField(City, on_delete=models.CASCADE, related_name="door_rule")
    pin = models.CharField(_("customer's code"), max_length=10, choices=Need.choices, default=Need.OPTIONAL)
    photo = models.CharField(_("photo at the door"), max_length=10, choices=Need.choices, default=Need.OPTIONAL)
    wait_for = models.DurationField(_("time to wait when nobody answers"), default=timedelta(minutes=5))
    shows_phone = models.BooleanField(_("deliverers may call customers"), default=True)

    def __str__(self) -> str:
        return f"door rule of {self.city_id}"


class Photo(models.Model):
    """A picture of the bag at the door. Its id says nothing about when it was taken and cannot be guessed."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="photos")
    image = models.FileField(upload_to="proof/%Y/%m/%d/")
    taken_at = models.DateTimeField()
    kept_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.public_id)


class PinTry(models.Model):
    """A wrong code at a door; the same request sent twice is one try."""

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="pin_tries")
    key = models.CharField(max_length=255)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stop", "key"], name="pin_try_counts_once")]

    def __str__(self) -> str:
        return f"wrong code at {self.stop_id}"
