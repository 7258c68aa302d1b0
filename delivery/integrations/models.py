from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.ground.ids import new_public_id
from delivery.ground.leases import LeasedJob
from restaurants.models import Restaurant


class Scope(models.TextChoices):
    """What a key may do; `access.py` of each package says which URL wants which."""

    PRINT_WRITE = "print:write", _("print, and look at what was printed")
    PRINTERS_READ = "printers:read", _("see printers")
    PRINTERS_WRITE = "printers:write", _("register, change and pause printers")
    ORDERS_READ = "orders:read", _("read orders")
    ORDERS_WRITE = "orders:write", _("place and answer orders")
    WEBHOOKS_WRITE = "webhooks:write", _("say where events go")


class ApiKey(models.Model):
    """A secret of a program, shown once; only its SHA-256 is kept. It reaches restaurants, whole cities, or all.

    `rights_version` rises with every change of what it may do, which open sockets see.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    sha256 = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)  # so that people know one from another
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope.choices))
    restaurants = models.ManyToManyField(Restaurant, blank=True, related_name="api_keys")
    cities = models.ManyToManyField(City, blank=True, related_name="api_keys")
    reaches_all = models.BooleanField(default=False)
    rights_version = models.PositiveIntegerField(default=0, editable=False)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            # An actor without scopes has all rights of its roles: a key must never be one.
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="api_key_has_scopes"),
        ]

    def __str__(self) -> str:
        return f"{self.name} …{self.ending}"


class Webhook(models.Model):
    """An address of a program that hears of what its key reaches. `resting_until` and `failures` are its breaker.

    Its signing secret is made from ours, the id and `generation`: it stands in no row, and is shown once.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="webhooks")
    url = models.URLField(_("address"), max_length=500)
    events = ArrayField(models.CharField(max_length=60))  # as `print_job.printed`; "print_job.*" is all of a family
    generation = models.PositiveIntegerField(default=1)
    is_on = models.BooleanField(default=True)
    off_because = models.CharField(max_length=60, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    rest_until = models.DateTimeField(null=True, blank=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.public_id)


class Delivery(LeasedJob):
    """One event on its way to one webhook: the log, too. `body` is what is signed, the same at every try."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("given up")

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    fact = models.BigIntegerField()  # the id of the fact it tells of
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    status = models.PositiveSmallIntegerField(null=True, blank=True)  # what the address answered last
    error = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "fact", "event"], name="webhook_hears_of_a_fact_once")
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="queued"), name="delivery_queued"),
            models.Index(fields=["webhook", "-id"], name="delivery_newest_of_webhook"),
            models.Index(fields=["created_at"], name="delivery_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)
