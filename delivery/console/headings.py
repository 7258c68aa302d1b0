"""What the columns of the records are called. Fields that name themselves keep their own words."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HEADINGS: Final[Mapping[str, Promise]] = {
    "account": _("person"),
    "amount": _("amount"),
    "attempts": _("tries"),
    "began_at": _("began"),
    "category": _("category"),
    "changed_by": _("changed by"),
    "city": _("city"),
    "closed_at": _("closed at"),
    "copy_no": _("copy"),
    "created_at": _("made at"),
    "created_by": _("made by"),
    "currency": _("currency"),
    "deliverer": _("courier"),
    "distance_m": _("metres"),
    "ended_at": _("ended"),
    "expires_at": _("valid until"),
    "is_active": _("in use"),
    "is_catch_all": _("takes the rest"),
    "is_paused": _("paused"),
    "job": _("print job"),
    "kind": _("kind"),
    "last_seen_at": _("last seen"),
    "made_at": _("made at"),
    "made_by": _("made by"),
    "medium": _("medium"),
    "name": _("name"),
    "number": _("number"),
    "offers_paused_at": _("offers paused since"),
    "opened_at": _("opened at"),
    "order": _("order"),
    "owner": _("on it"),
    "paired_at": _("paired at"),
    "party": _("party"),
    "pay": _("pay"),
    "placed_at": _("placed at"),
    "planned_at": _("planned at"),
    "position": _("place in the list"),
    "posted_at": _("posted at"),
    "posting": _("posting"),
    "printed_at": _("printed at"),
    "printer": _("printer"),
    "product": _("dish"),
    "provider": _("provider"),
    "public_id": _("id"),
    "purpose": _("purpose"),
    "quantity": _("quantity"),
    "rank": _("rank"),
    "restaurant": _("restaurant"),
    "revision": _("revision"),
    "revoked_at": _("revoked at"),
    "role": _("role"),
    "route": _("route"),
    "scopes": _("rights"),
    "silent_offers": _("offers without an answer"),
    "slug": _("name in addresses"),
    "started_at": _("began"),
    "state": _("state"),
    "state_at": _("state since"),
    "state_reason": _("why"),
    "station": _("station"),
    "status": _("state"),
    "subject": _("about"),
    "total": _("total"),
    "uid": _("uid"),
    "uses_left": _("uses left"),
    "vat_amount": _("VAT in it"),
    "vehicle": _("vehicle"),
    "verdict": _("verdict"),
    "waits_because": _("why it waits"),
}


def heading_of(field: Any) -> str | Promise:
    """The field's own words when it has some, else the office's; a name that nobody put into words as it is."""
    own: str | None = field._verbose_name  # what the model says itself; Django fills `verbose_name` from the name
    words: str | Promise = field.verbose_name if own else HEADINGS.get(field.name, field.verbose_name)
    return words
