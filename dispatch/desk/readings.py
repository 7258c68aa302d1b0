"""Numbers of alarms for Prometheus."""

from collections.abc import Mapping

from django.db.models import Count, Q

from dispatch.desk.models import Alarm


def open_alarms() -> Mapping[str, float]:
    """Open questions: those that a person has taken, and those that nobody has."""
    is_open = Alarm.objects.filter(closed_at__isnull=True)
    return is_open.aggregate(
        taken=Count("pk", filter=Q(owner__isnull=False)), nobody=Count("pk", filter=Q(owner__isnull=True))
    )
