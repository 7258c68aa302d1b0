"""The fact that every change of a menu records, under the locked restaurant."""

from collections.abc import Sequence
from typing import Final

from delivery.ground import clock, outbox
from restaurants.events import MenuChanged
from restaurants.models import Restaurant

MOST_NAMES: Final = 6


def record_menu_changed(restaurant: Restaurant, *, what: str, by: str, names: Sequence[str] = ()) -> None:
    """Raise the version of the menu, so that caches and tablets ask again; `restaurant` is locked."""
    restaurant.menu_version += 1
    event = MenuChanged(
        menu_version=restaurant.menu_version,
        what=what,
        names=list(names[:MOST_NAMES]),
        made_at=clock.now().isoformat(),
    )
    outbox.record(restaurant, event, by=by, changed=["menu_version"])
