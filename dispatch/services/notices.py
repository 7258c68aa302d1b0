"""What a deliverer was told about changes by others, and has read."""

from django.db.models.functions import Now

from dispatch.models import RouteNotice


def acknowledge_notices(*, deliverer_id: int, newest: int) -> int:
    """Up to the `newest` that was shown; later ones stay. Returns how many were unread."""
    unread = RouteNotice.objects.filter(deliverer=deliverer_id, seen_at=None, pk__lte=newest)
    return unread.update(seen_at=Now())
