"""`POST /api/v1/devices/pair`."""

from uuid import UUID

from ninja import Field, Router, Schema, Status

from delivery.devices import services
from delivery.ground.api import ApiRequest, Body
from delivery.ground.http import caller_address

router = Router(tags=["devices"])


class PairIn(Body):
    code: str = Field(min_length=1, max_length=20)
    name: str = Field("", max_length=60)


class PairedOut(Schema):
    id: UUID
    token: str
    kind: str
    restaurant: UUID | None


@router.post("/devices/pair", url_name="pair_device", response={201: PairedOut})
def pair(request: ApiRequest, body: PairIn) -> Status[PairedOut]:
    """Turn a pairing code into a device and its Bearer token, shown this once.

    It takes no Idempotency-Key: a stored answer would hold the secret, and a code already works only once.
    """
    device, secret = services.pair_device(code=body.code, name=body.name, caller=caller_address(request))
    return Status(
        201,
        PairedOut(
            id=device.public_id,
            token=secret,
            kind=device.kind,
            restaurant=device.restaurant.public_id if device.restaurant else None,
        ),
    )
