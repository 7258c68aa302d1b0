"""Which role words a paired device opens."""

from collections.abc import Iterable

from delivery.devices.models import Device, Kind
from delivery.ground.access import Actor

SCREENS = (Kind.LOBBY, Kind.KITCHEN)


def roles_of(actor: Actor) -> Iterable[str]:
    """`lobby` or `kitchen`, and the same bound to its restaurant: `lobby:restaurant:<pk>`."""
    if not actor.device_ids:
        return []
    held = Device.objects.filter(pk__in=actor.device_ids, revoked_at__isnull=True, kind__in=SCREENS)
    return [
        word
        for kind, restaurant_id in held.values_list("kind", "restaurant_id")
        for word in (kind, f"{kind}:restaurant:{restaurant_id}")
    ]
