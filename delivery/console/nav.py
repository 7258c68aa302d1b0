"""The console's side: what people do here, each with the pages that their roles open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delivery.ground.access import Actor

OWNER, SUPPORT, BOSS, DISPATCHER = "owner", "support", "restaurateur", "dispatcher"


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the side: its words, drawing, URL name, and who finds it there."""

    words: Promise
    icon: str
    name: str
    opens_to: Sequence[str]

    @property
    def address(self) -> str:
        return reverse(self.name)


PLACES: Final[Sequence[Place]] = (
    Place(_("Today"), "home", "console", (OWNER, SUPPORT, BOSS, DISPATCHER)),
    Place(_("Promise"), "clock", "console_promise", (OWNER, SUPPORT, DISPATCHER)),
    Place(_("Orders"), "receipt", "console_orders", (OWNER, SUPPORT, BOSS, DISPATCHER)),
    Place(_("Menus"), "cutlery", "console_menus", (OWNER, BOSS)),
    Place(_("Restaurants"), "shop", "admin:restaurants_restaurant_changelist", (OWNER, SUPPORT, BOSS)),
    Place(_("Money"), "cash", "console_money", (OWNER, SUPPORT, BOSS)),
    Place(_("Devices"), "wifi", "console_devices", (OWNER, SUPPORT, BOSS)),
    Place(_("Printers"), "printer", "console_printers", (OWNER, SUPPORT, BOSS)),
    Place(_("API keys"), "lock", "console_keys", (OWNER, BOSS)),
    Place(_("People"), "users", "admin:accounts_account_changelist", (OWNER, SUPPORT)),
    Place(_("Cities"), "map", "console_cities", (OWNER, SUPPORT, DISPATCHER)),
    Place(_("Messages"), "message", "admin:messaging_message_changelist", (OWNER, SUPPORT)),
)


def places_of(actor: Actor) -> list[Place]:
    """The entries that the actor may open."""
    return [place for place in PLACES if any(actor.has(role) for role in place.opens_to)]
