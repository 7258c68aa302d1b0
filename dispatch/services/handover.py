"""At the door: the customer's code, the photo, and what happens when nobody answers."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NewType
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import ngettext

from delivery.ground import clock, outbox
from delivery.ground.ids import new_token
from dispatch.desk.services import Question, open_alarms
from dispatch.errors import PhotoNeeded, PinLocked, PinNeeded, PinWrong, StillWaiting
from dispatch.events import NobodyAnswered
from dispatch.models import DoorRule, Photo, PinTry, Route, Stop
from dispatch.selectors import door_rule_of, handover_pin
from dispatch.transitions import OPEN_STOPS

PIN_TRIES: Final = 5
WRONG_PINS: Final = "wrong_pins"  # the kind of the alarm

CleanJpeg = NewType("CleanJpeg", bytes)
"""A picture that `dispatch.web.photos.clean_photo` has written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What a deliverer shows for a bag that changed hands."""

    pin: str = ""
    photo: CleanJpeg | None = None
    is_left: bool = False


@transaction.atomic
def count_wrong_pin(*, stop_id: UUID, deliverer_id: int, pin: str, key: str) -> PinWrong | None:
    """Note a wrong code; None for a right one, or a stop that is closed.

    Call it before the transaction of the handover, and raise what it returns after this one: a refused handover
    leaves nothing behind, but its wrong code counts. After `PIN_TRIES` a dispatcher is asked.

    Args:
        key: of the request; sent again it is the same try.
    Raises PinLocked.
    """
    mine = Stop.objects.filter(public_id=stop_id, route__deliverer=deliverer_id, status__in=OPEN_STOPS)
    stop = mine.select_for_update(of=("self",)).select_related("order").filter(kind=Stop.Kind.DROPOFF).first()
    if stop is None or not pin or _is_right(stop, pin):
        return None
    _, is_new = PinTry.objects.get_or_create(stop=stop, key=key)
    tries = stop.pin_tries.count()
    if tries > PIN_TRIES and is_new:
        raise PinLocked()  # which takes this try back: five are enough
    if tries >= PIN_TRIES:
        detail = {"number": stop.order.number, "tries": tries}
        subject = f"order:{stop.order.public_id}"
        open_alarms([Question(city_id=stop.city_id, kind=WRONG_PINS, subject=subject, detail=detail)])
    more = max(0, PIN_TRIES - tries)
    said = ngettext("%(n)s try left", "%(n)s tries left", more) % {"n": more}
    left = {"code": PinWrong.code, "message": said}
    return PinWrong(fields={"pin": [left]}, current={"tries_left": more})


def prove_handover(stop: Stop, handover: Handover, *, at: datetime) -> Stop.Proof:
    """Hold a locked dropoff to its city's rule and keep the photo; returns what proves it.

    Raises: PinNeeded, PinWrong, PinLocked, PhotoNeeded; StillWaiting: the bag may be left at a door that asks for a
    code only after nobody has answered for long enough.
    """
    rule = door_rule_of(stop.city_id)
    is_locked = stop.pin_tries.count() >= PIN_TRIES
    has_pin = bool(handover.pin) and _is_right(stop, handover.pin)
    if handover.pin and is_locked:
        raise PinLocked()
    if handover.pin and not has_pin:
        raise PinWrong(fields={"pin": [{"code": PinWrong.code, "message": PinWrong.title}]})
    needs_pin = rule.pin == DoorRule.Need.REQUIRED and not has_pin
    if needs_pin and handover.is_left:
        require_waited(stop)
    elif needs_pin and not is_locked:
        raise PinNeeded(fields={"pin": [{"code": PinNeeded.code, "message": PinNeeded.title}]})
    needs_photo = handover.is_left or needs_pin or (rule.photo == DoorRule.Need.REQUIRED and not has_pin)
    if handover.photo is not None:
        _keep_photo(stop, handover.photo, at)
    elif needs_photo:
        raise PhotoNeeded(fields={"photo": [{"code": PhotoNeeded.code, "message": PhotoNeeded.title}]})
    if handover.is_left:
        return Stop.Proof.LEFT
    if has_pin:
        return Stop.Proof.PIN
    return Stop.Proof.PHOTO if handover.photo is not None else Stop.Proof.NONE


def wait_at_door(route: Route, stop: Stop, *, at: datetime, by: str) -> None:
    """Start the time of a locked route's door that stays shut. Nothing happens when it runs already."""
    if stop.waiting_since is not None:
        return
    stop.waiting_since = at
    stop.save(update_fields=["waiting_since"])
    event = NobodyAnswered(deliverer_id=route.deliverer_id or 0, stop_id=stop.pk, order_id=stop.order_id)
    outbox.record(route, event, by=by)


def waited_until(stop: Stop) -> datetime | None:
    """The real instant at which the deliverer may go; None before anybody waits."""
    if stop.waiting_since is None:
        return None
    return clock.after(stop.city, door_rule_of(stop.city_id).wait_for, since=stop.waiting_since)


def require_waited(stop: Stop) -> None:
    """Raises StillWaiting."""
    until = waited_until(stop)
    if until is None or until > clock.now():
        current = {"waiting_until": clock.utc_text(until)} if until else {}
        raise StillWaiting(current={"id": str(stop.public_id), "status": stop.status, **current})


def _is_right(stop: Stop, pin: str) -> bool:
    return hmac.compare_digest(pin.encode(), handover_pin(stop.order).encode())


def _keep_photo(stop: Stop, jpeg: CleanJpeg, taken_at: datetime) -> None:
    photo = Photo(stop=stop, taken_at=taken_at)
    photo.image.save(f"{new_token()}.jpg", ContentFile(jpeg), save=False)
    photo.save()
