"""How a running demonstration stands; told inside its copy: `WholeCopy.says("tests.faults.demo_story", "story()")`."""

import json
from typing import Any

from django.db.models import F

from delivery import env
from delivery.demo.mishaps import open_mishaps
from delivery.orders.models import Order
from dispatch.desk.models import Alarm


def story() -> dict[str, Any]:
    """Orders since the start by city, alarms with their owners, and the actors' own report."""
    path = env.data_dir() / "demo.json"
    report = json.loads(path.read_text()) if path.exists() else {"counts": {}, "errors": []}
    alarms = Alarm.objects.filter(opened_at__gte=F("city__clock_started_at")).order_by("pk")
    live = Order.objects.filter(placed_at__gte=F("city__clock_started_at"))
    return {
        "orders": live.count(),
        "cities": sorted(set(live.values_list("city__slug", flat=True))),
        "alarms": [
            {"kind": kind, "owner": owner, "assigned_to": assigned_to, "is_closed": closed_at is not None}
            for kind, owner, assigned_to, closed_at in alarms.values_list(
                "kind", "owner__name", "assigned_to__name", "closed_at"
            )
        ],
        "mishaps": [mishap.pk for mishap in open_mishaps()],
        "report": report,
    }
