"""POST /quotes and POST /orders."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import AwareDatetime, Field, model_validator

from delivery.checkout import services
from delivery.checkout.basket import Basket, BasketLine, Destination, Placement
from delivery.checkout.models import Quote
from delivery.ground.api import ApiRequest, Body, idempotency_key, once
from delivery.ground.clock import utc_text
from delivery.ground.openapi import Answer, with_key
from delivery.orders.answers import LineAnswer, PlacedOrder
from delivery.payments.models import Tender

router = Router(tags=["checkout"])


class LineBody(Body):
    product: UUID
    quantity: int = Field(ge=1, le=50, strict=True)
    note: str = Field("", max_length=140)
    options: list[UUID] = Field(default_factory=list, max_length=40)

    def as_line(self) -> BasketLine:
        return BasketLine(str(self.product), self.quantity, self.note, [str(option) for option in self.options])


class AddressBody(Body):
    line: str = Field(min_length=1, max_length=200)
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, strict=True)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False, strict=True)
    building: str = Field("", max_length=60)
    stairs: str = Field("", max_length=30)
    floor: str = Field("", max_length=30)
    door: str = Field("", max_length=30)
    door_code: str = Field("", max_length=30)
    intercom: str = Field("", max_length=60)
    access_note: str = Field("", max_length=200)


class BasketBody(Body):
    restaurant: UUID
    lines: list[LineBody] = Field(min_length=1, max_length=100)
    address: AddressBody
    wanted_at: AwareDatetime | None = None

    def as_basket(self) -> Basket:
        return Basket(
            restaurant=str(self.restaurant),
            lines=[line.as_line() for line in self.lines],
            destination=Destination(
                line=self.address.line,
                lat=self.address.lat,
                lon=self.address.lon,
                access=self.address.model_dump(include=set(Quote.ACCESS_FIELDS)),
            ),
            wanted_at=self.wanted_at,
        )


class CustomerBody(Body):
    name: str = Field(min_length=1, max_length=120)
    phone: str = Field("", max_length=16, pattern=r"^(\+[0-9]{6,15})?$")


class PlacementBody(Body):
    """Either `quote`, or `restaurant`, `lines` and `address`."""

    quote: UUID | None = None
    restaurant: UUID | None = None
    lines: list[LineBody] | None = Field(None, min_length=1, max_length=100)
    address: AddressBody | None = None
    customer: CustomerBody
    tender: Tender.Kind = Tender.Kind.CARD
    tip: int = Field(0, ge=0, le=100_000, strict=True)
    note: str = Field("", max_length=300)
    allergies: str = Field("", max_length=200)
    wanted_at: AwareDatetime | None = None
    expected_total: int | None = Field(None, ge=0, strict=True)

    @model_validator(mode="after")
    def one_source(self) -> "PlacementBody":
        given = [self.restaurant is not None, self.lines is not None, self.address is not None]
        if any(given) == (self.quote is not None) or any(given) != all(given):
            raise ValueError("give either quote, or restaurant, lines and address")
        return self

    def wants(self) -> str | Basket:
        if self.restaurant is None or self.lines is None or self.address is None:
            return str(self.quote)
        body = BasketBody(restaurant=self.restaurant, lines=self.lines, address=self.address, wanted_at=self.wanted_at)
        return body.as_basket()


class QuotedLine(LineAnswer):
    vat_rate_bp: int
    vat_amount: int


class QuoteAnswer(Answer):
    id: UUID
    restaurant: UUID
    lines: list[QuotedLine]
    currency: str
    subtotal: int
    delivery_fee: int
    total: int
    expires_at: datetime


@router.post("/quotes", url_name="quote", response={201: QuoteAnswer})
@once
def make_quote(request: ApiRequest, body: BasketBody) -> tuple[int, dict[str, Any]]:
    """Price a basket; the answer holds for ten minutes."""
    return 201, as_json(services.quote(actor=request.actor, basket=body.as_basket()))


@router.post("/orders", url_name="place", response={201: PlacedOrder})
@with_key
def place_order(request: ApiRequest, body: PlacementBody) -> HttpResponse:
    """Pay and place. Amounts are the server's: a basket costs what its quote says."""
    reply = services.place(
        actor=request.actor,
        key=idempotency_key(request),
        route=f"{request.method} {request.path}",
        body=request.body,
        placement=Placement(
            wants=body.wants(),
            customer_name=body.customer.name,
            customer_phone=body.customer.phone,
            tender=body.tender,
            tip=body.tip,
            note=body.note,
            allergies=body.allergies,
            wanted_at=body.wanted_at,
            expected_total=body.expected_total,
        ),
    )
    return JsonResponse(reply.body, status=reply.status)


def as_json(quote: Quote) -> dict[str, Any]:
    """A quote as its owner sees it."""
    shown = ("name", "quantity", "unit_amount", "amount", "vat_rate_bp", "vat_amount", "options", "note")
    return {
        "id": str(quote.public_id),
        "restaurant": str(quote.restaurant.public_id),
        "lines": [{name: line[name] for name in shown} for line in quote.lines],
        "currency": quote.currency,
        "subtotal": quote.subtotal,
        "delivery_fee": quote.delivery_fee,
        "total": quote.total,
        "expires_at": utc_text(quote.expires_at),
    }
