"""Why the engine chose, what it weighed, and what another weighing would have done."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from delivery.cities.models import City
from delivery.ground.aggregate import Aggregate
from delivery.ground.ids import new_public_id
from delivery.orders.models import Order
from dispatch.fleet.models import Deliverer
from dispatch.models.routes import Route


class Weights(Aggregate):
    """What a city's planner weighs from `valid_from` on; a row per version, never changed.

    `values`: fields of the engine's Rules that differ from its own; `use` SHADOW plans beside without acting, until
    a version that is not `is_on`. Written by `services.weights` alone.
    """

    class Use(models.TextChoices):
        LIVE = "live", _("in use")
        SHADOW = "shadow", _("on trial")

    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="weights")
    use = models.CharField(max_length=10, choices=Use.choices)
    number = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    is_on = models.BooleanField(default=True)
    valid_from = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        verbose_name_plural = _("weights")
        constraints = [
            models.UniqueConstraint(fields=["city", "use", "number"], name="weights_have_one_row_per_version"),
            models.CheckConstraint(condition=Q(use="shadow") | Q(is_on=True), name="weights_in_use_are_on"),
        ]
        indexes = [models.Index(fields=["city", "use", "-valid_from", "-number"], name="weights_newest_first")]

    def __str__(self) -> str:
        return f"{self.use} {self.number}"


class Decision(models.Model):
    """Why the engine chose: cost terms, the runner-up, and why an order waits. Append-only.

    `weights`: what was weighed with; None: the engine's own. `leaves_at`: when who is meant for it should start.
    """

    public_id = models.UUIDField(default=new_public_id, unique=True, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="decisions")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="decisions")
    route = models.ForeignKey(Route, on_delete=models.PROTECT, null=True, related_name="decisions")
    deliverer = models.ForeignKey(Deliverer, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    waits_because = models.CharField(max_length=40, blank=True)
    terms = models.JSONField(default=dict)
    runner_up = models.JSONField(default=dict)
    made_by = models.CharField(max_length=60, default="engine")
    weights = models.ForeignKey(Weights, on_delete=models.PROTECT, null=True, related_name="decisions")
    leaves_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["order", "made_at"], name="decision_by_order")]

    def __str__(self) -> str:
        return str(self.public_id)


class ShadowPlan(models.Model):
    """One minute of a city planned twice from the same rows: as it was done, and with the weights on trial.

    Minutes are sums over `orders`, which both plans hold: a day is the sum of its rows. `differences`: at most
    DIFFERENCES of [order, deliverer, deliverer on trial], primary keys, for who wants to look.
    """

    DIFFERENCES = 20

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="shadow_plans")
    live = models.ForeignKey(Weights, on_delete=models.PROTECT, null=True, related_name="+")
    shadow = models.ForeignKey(Weights, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    orders = models.PositiveIntegerField()
    different = models.PositiveIntegerField()
    live_door_min = models.FloatField()
    shadow_door_min = models.FloatField()
    live_food_min = models.FloatField()
    shadow_food_min = models.FloatField()
    live_late_min = models.FloatField()
    shadow_late_min = models.FloatField()
    took_ms = models.PositiveIntegerField()
    skipped = models.PositiveIntegerField(default=0)
    differences = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["city", "planned_at"], name="shadow_plan_by_time")]

    def __str__(self) -> str:
        return f"{self.city_id} {self.planned_at:%H:%M}"
