"""What is left of trials; `dispatch.shadow` makes them."""

from datetime import timedelta
from typing import Final

from delivery.ground import clock
from dispatch.models import ShadowPlan

KEPT: Final = timedelta(days=60)


def forget_shadow_plans() -> None:
    """Duty: trials that nobody compares any more."""
    ShadowPlan.objects.filter(planned_at__lt=clock.now() - KEPT).delete()
