"""The fact that every change of a menu records, under the locked restaurant."""

from delivery.ground import outbox
from restaurants.events import MenuChanged
from restaurants.models import Restaurant


def record_menu_changed(restaurant: Restaurant, *, what: str, by: str) -> None:
    """Raise the version of the menu, so that caches and tablets ask again; `restaurant` is locked."""
    restaurant.menu_version += 1
    event = MenuChanged(menu_version=restaurant.menu_version, what=what)
    outbox.record(restaurant, event, by=by, changed=["menu_version"])
