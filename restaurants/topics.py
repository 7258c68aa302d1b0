"""What the screens of a restaurant follow about itself: the row `restaurant` of `kitchen.<restaurant>`."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from delivery.ground.clock import utc_text
from delivery.ground.events import Recorded
from delivery.ground.registry import TopicRow
from restaurants.models import Restaurant


def project(events: Sequence[Recorded[Any]]) -> Iterable[TopicRow]:
    """The present rows of the restaurants that the facts are about."""
    return _rows(Restaurant.objects.filter(pk__in={recorded.aggregate_id for recorded in events}))


def kitchen_snapshot(public_id: str) -> list[TopicRow]:
    """The one row of a restaurant."""
    return list(_rows(Restaurant.objects.filter(public_id=public_id)))


def _rows(restaurants: "QuerySet[Restaurant]") -> Iterable[TopicRow]:
    for shop in restaurants.order_by("pk"):
        payload = {
            "id": str(shop.public_id),
            "version": shop.version,
            "menu_version": shop.menu_version,
            "paused_until": _text(shop.paused_until),
            "busy_until": _text(shop.busy_until),
            "busy_extra_s": int(shop.busy_extra.total_seconds()),
        }
        yield TopicRow(f"kitchen.{shop.public_id}", "restaurant", shop.version, payload)


def _text(instant: datetime | None) -> str | None:
    return utc_text(instant) if instant else None
