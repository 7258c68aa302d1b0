"""Numbers of tickets for Prometheus."""

from collections.abc import Mapping

from django.db.models import Count, Q

from printing.models import OPEN, PrintJob

OVERDUE = "overdue"


def open_tickets() -> Mapping[str, float]:
    """Print jobs that are not on paper, by state; `overdue` are those among them that a person was told of."""
    is_state = {state: Count("pk", filter=Q(state=state)) for state in OPEN}
    is_overdue = Count("pk", filter=Q(overdue_at__isnull=False))
    return PrintJob.objects.filter(state__in=OPEN).aggregate(**is_state, **{OVERDUE: is_overdue})
