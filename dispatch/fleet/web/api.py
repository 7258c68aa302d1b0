"""POST /shifts/{start,end}, /positions, /offers/resume: what a deliverer says about the working day."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext
from ninja import Router
from pydantic import AwareDatetime, Field

from delivery.ground import clock
from delivery.ground.api import ApiRequest, Body, once
from delivery.ground.errors import Invalid, NotAllowed
from delivery.ground.geo import Point
from dispatch.fleet import services
from dispatch.fleet.answers import EndedShift, ResumedOffers, ShiftAnswer
from dispatch.fleet.models import Deliverer, Shift
from dispatch.selectors import pay_of_shift

router = Router(tags=["fleet"])


class Place(Body):
    """`at`: when it was measured; `sent_at`: what the phone's clock says now, which corrects a wrong one.

    `accuracy_m`: radius of the circle that the phone is in with 68 per cent.
    """

    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, strict=True)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False, strict=True)
    at: AwareDatetime
    sent_at: AwareDatetime | None = None
    accuracy_m: float | None = Field(None, ge=0, le=1_000_000, allow_inf_nan=False)


class Nothing(Body):
    pass


@router.post("/shifts/start", url_name="start_shift", response=ShiftAnswer)
@once
def start(request: ApiRequest, body: Nothing) -> tuple[int, dict[str, Any]]:
    """Begin the planned shift, or one of eight hours when none is planned. 409 `already_on_shift`."""
    return 200, _shown(services.start_shift(deliverer_id=_deliverer(request).pk, by=request.actor.ref))


@router.post("/shifts/end", url_name="end_shift", response=EndedShift)
@once
def end(request: ApiRequest, body: Nothing) -> tuple[int, dict[str, Any]]:
    """Go home, and see what the shift has earned. 409 `still_carrying` on a route, `no_shift` before one has begun."""
    deliverer = _deliverer(request)
    shift = services.end_shift(deliverer_id=deliverer.pk, by=request.actor.ref)
    return 200, _shown(shift) | {"pay": pay_of_shift(shift), "currency": deliverer.city.currency}


@router.post("/offers/resume", url_name="resume_offers", response=ResumedOffers)
@once
def resume(request: ApiRequest, body: Nothing) -> tuple[int, dict[str, Any]]:
    """Still there: offers come again."""
    deliverer = services.resume_offers(deliverer_id=_deliverer(request).pk, by=request.actor.ref)
    return 200, {"id": str(deliverer.public_id), "version": deliverer.version, "offers_paused": False}


@router.post("/positions", url_name="report_position", response={204: None})
def report(request: ApiRequest, body: Place) -> HttpResponse:
    """The latest place, while on duty. Needs no Idempotency-Key: sent twice it is the same place. 409 `no_shift`."""
    services.report_position(
        deliverer_id=_deliverer(request).pk,
        point=Point(body.lat, body.lon),
        measured_at=_real_instant(body),
        accuracy_m=body.accuracy_m,
    )
    return HttpResponse(status=204)


def _real_instant(place: Place) -> datetime:
    try:
        return place.at + (clock.now() - place.sent_at) if place.sent_at else place.at
    except OverflowError as error:
        problem = {"code": "out_of_range", "message": gettext("These instants are too far apart")}
        raise Invalid(fields={"sent_at": [problem]}) from error


def _deliverer(request: ApiRequest) -> Deliverer:
    """The deliverer who asks. Raises NotAllowed."""
    deliverer: Deliverer | None = Deliverer.objects.filter(account=request.actor.account_id).first()
    if deliverer is None or not request.actor.has("deliverer", deliverer=deliverer.pk):
        raise NotAllowed()
    return deliverer


def _shown(shift: Shift) -> dict[str, Any]:
    instants = ("starts_at", "ends_at", "started_at", "ended_at")
    return {name: clock.utc_text(at) if (at := getattr(shift, name)) else None for name in instants}
