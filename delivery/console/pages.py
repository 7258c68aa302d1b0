"""What the console lists: model, columns, and how a row leads to its restaurant.

A model without such a path is for owner and support alone. Secrets and their hashes are never shown.
"""

from dataclasses import dataclass

from django.db.models import Model

from delivery.accounts.models import AccessToken, Account, Address
from delivery.checkout.models import Quote
from delivery.cities import models as cities
from delivery.devices.models import Device, PairingCode
from delivery.messaging.models import Message
from delivery.orders.models import LedgerEntry, Line, Order
from delivery.payments.models import Tender
from dispatch.desk.models import Alarm
from dispatch.fleet.models import Deliverer, Shift
from dispatch.models import Decision, Offer, Route, Stop
from printing.models import Attempt, Printer, PrintJob, StationPrinter, Ticket
from restaurants import models as restaurants

HIDDEN = frozenset({"password", "sha256", "secret_sha256", "tracking_token", "token", "lease_token"})
# A restaurant needs no way to find its guests later: it sees these on the ticket, not in the office.
PRIVATE = frozenset(
    {
        *Address.ACCESS_FIELDS,
        "customer_phone",
        "address_line",
        "lat",
        "lon",
        "account",
        "placed_by",
        "content",
        "host",
        "port",
    }
)


@dataclass(frozen=True, slots=True)
class Page:
    """`restaurant`: lookup from a row to its restaurant's primary key, "" for owner and support only."""

    model: type[Model]
    columns: str
    restaurant: str = ""
    search: str = ""
    filters: str = ""


PAGES = (
    Page(Account, "name email phone language is_active is_owner is_support", search="name email phone"),
    Page(AccessToken, "name account scopes created_at revoked_at", search="name account__email"),
    Page(Address, "account line", search="line account__email"),
    Page(cities.City, "name slug timezone currency pay_per_order commission_bp", search="name"),
    Page(cities.Zone, "name city fee minimum_order is_open", filters="city is_open"),
    Page(cities.Membership, "account city role", filters="city role"),
    Page(restaurants.Restaurant, "name city opening_hours prep_time paused_until is_active", "pk", "name", "city"),
    Page(restaurants.Membership, "account restaurant role", "restaurant", "account__email"),
    Page(restaurants.Station, "name restaurant position is_catch_all", "restaurant", "name"),
    Page(restaurants.Category, "name restaurant position", "restaurant", "name"),
    Page(
        restaurants.Product,
        "name restaurant category station sold_out_until is_active",
        "restaurant",
        "name",
        "is_active",
    ),
    Page(restaurants.Price, "product amount valid_from changed_by", "product__restaurant", "product__name"),
    Page(Device, "name kind restaurant last_seen_at paired_at revoked_at", "restaurant", "name", "kind"),
    Page(PairingCode, "restaurant kind expires_at uses_left created_by", "restaurant", "", "kind"),
    Page(Order, "number restaurant status total currency placed_at closed_at", "restaurant", "number", "status city"),
    Page(Line, "order name quantity amount vat_amount", "order__restaurant", "order__number name"),
    Page(LedgerEntry, "order posting kind party amount currency posted_at", "order__restaurant", "order__number"),
    Page(Tender, "order kind provider amount currency state", "order__restaurant", "order__number", "state"),
    Page(Quote, "restaurant total currency created_at expires_at", "restaurant"),
    Page(Deliverer, "account city vehicle silent_offers offers_paused_at", search="account__name", filters="city"),
    Page(Shift, "deliverer starts_at ends_at started_at ended_at", filters="started_at"),
    Page(Route, "public_id city deliverer status distance_m pay planned_at", filters="city status"),
    Page(Stop, "order kind status route position", search="order__number", filters="city status"),
    Page(Offer, "deliverer city status pay currency made_at expires_at", filters="city status"),
    Page(Decision, "order city deliverer waits_because made_at made_by", search="order__number", filters="city"),
    Page(Alarm, "kind city subject opened_at owner closed_at", search="kind subject", filters="city kind"),
    Page(Printer, "name restaurant uid state state_at is_paused", "restaurant", "name uid", "state"),
    Page(StationPrinter, "station printer rank", "station__restaurant"),
    Page(Ticket, "purpose order restaurant station revision created_at", "restaurant", "order__number", "purpose"),
    Page(
        PrintJob,
        "public_id printer state state_reason copy_no created_at printed_at",
        "ticket__restaurant",
        "ticket__order__number",
        "state",
    ),
    Page(Attempt, "job number printer began_at ended_at verdict", "job__ticket__restaurant"),
    Page(Message, "public_id medium state attempts created_at", filters="state medium"),
)
