"""A town for tests of the API: two cities with one of everything, a caller for every role, and what is written down."""

import json
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.cities.models import Membership as CityMembership
from delivery.devices.models import Kind
from delivery.devices.services import register_device
from delivery.ground.geo import Point
from delivery.ground.ids import new_token
from delivery.integrations import keys
from delivery.integrations.models import Webhook
from delivery.orders.models import Order
from dispatch.desk.services import Question, open_alarms
from dispatch.models import Offer
from dispatch.services.stops import open_stops
from printing.services.printers import register_printer
from printing.services.requests import request_print
from restaurants.models import Membership, Product, Restaurant
from tests import fleet_world as fw
from tests import world

# A refused try is counted, a quote is nobody's order yet, a refused order gives its payment back.
LEFT_BEHIND = ("accounts_tally", "checkout_quote", "payments_tender")
SCOPES = ("orders:read", "orders:write", "print:write")


class Caller:
    """Somebody with a Bearer token, or with none; errors of ours come back as answers."""

    def __init__(self, token: str = "") -> None:
        self.token = token

    def send(
        self, method: str, path: str, body: bytes = b"", *, key: str | None = None, language: str | None = None
    ) -> Any:
        """The raw answer to `/api/v1<path>`; `key`: "" sends none."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Accept-Language": language} if language else {}
        headers |= {"Idempotency-Key": new_token() if key is None else key} if key != "" else {}
        client = Client(raise_request_exception=False, headers=headers)
        return client.generic(method, f"/api/v1{path}", body, content_type="application/json")

    def post(self, path: str, body: Any, *, key: str | None = None) -> tuple[int, Any]:
        return answered(self.send("POST", path, encoded(body), key=key))

    def get(self, path: str) -> tuple[int, Any]:
        return answered(self.send("GET", path))


def encoded(body: Any) -> bytes:
    return json.dumps(body).encode()


def answered(answer: HttpResponse) -> tuple[int, Any]:
    """Status and JSON body, None when it is something else; every refusal is a whole problem."""
    body: Any = json.loads(answer.content) if "json" in answer.headers.get("Content-Type", "") else None
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "code", "detail", "fields"} <= set(body)
        assert body["status"] == answer.status_code
    return answer.status_code, body


class Town:
    """One city with a restaurant, an order on its way, an order that waits, an offer, an alarm, a print job.

    `callers`: role -> who holds it here.
    """

    def __init__(self, name: str, *, lat: float) -> None:
        self.name = name
        self.shop: Restaurant = world.pizzeria(name, lat=lat)
        self.callers: dict[str, Caller] = {"customer": self._person("customer")}
        customer = Account.objects.get(email=f"customer-{name}@example.org")
        self.deliverer = fw.deliverer(self.shop.city, f"deliverer-{name}", at=Point(lat, self.shop.lon))
        self.callers["deliverer"] = token_of(self.deliverer.account)
        self._staff()
        self.order = self._order()
        self.offered = self._order()
        fw.accept(self.offered)
        open_stops([self.offered])
        self.offer: Offer = fw.offer(self.deliverer, self.offered)
        self.stop = self.offer.route.stops.get(kind="pickup")
        [self.alarm] = open_alarms(
            [Question(city_id=self.shop.city_id, kind="order_without_deliverer", subject=f"x:{name}")]
        )
        self.printer = register_printer(restaurant=self.shop, uid=f"{name}-oven", name="Oven", host="127.0.0.1")
        [self.job] = request_print(
            printers=[self.printer], content="x", copies=1, priority=2, not_after=None, by=f"account:{customer.pk}"
        )
        key, secret = keys.make_key(name="x", scopes=["webhooks:write"], restaurants=[self.shop], by="tests")
        self.callers["program"] = Caller(secret)
        self.webhook = Webhook.objects.create(key=key, url="https://example.org/", events=["*"], made_by="tests")

    def _person(self, role: str, scopes: tuple[str, ...] = (), **more: Any) -> Caller:
        return token_of(world.account(f"{role}-{self.name}", **more), scopes)

    def _staff(self) -> None:
        self.callers |= {role: self._person(role) for role in ("restaurateur", "dispatcher")}
        self.callers |= {
            "integrator": self._person("integrator", SCOPES),
            "print_only": self._person("print_only", ("print:write",)),
            "read_only": self._person("read_only", ("orders:read",)),
            "support": self._person("support", is_support=True),
            "owner": self._person("owner", is_owner=True),
            "lobby": Caller(register_device(kind=Kind.LOBBY, restaurant=self.shop, name="lobby")[1]),
            "kitchen": Caller(register_device(kind=Kind.KITCHEN, restaurant=self.shop, name="kitchen")[1]),
        }
        for role in ("restaurateur", "integrator", "print_only", "read_only"):
            account = Account.objects.get(email=f"{role}-{self.name}@example.org")
            Membership.objects.create(restaurant=self.shop, account=account, role=Membership.Role.RESTAURATEUR)
        dispatcher = Account.objects.get(email=f"dispatcher-{self.name}@example.org")
        role = CityMembership.Role.DISPATCHER
        CityMembership.objects.create(city=self.shop.city, account=dispatcher, role=role)

    def _order(self) -> Order:
        status, placed = self.callers["customer"].post("/orders", placement(self.shop, margherita=1))
        assert status == 201, placed
        return Order.objects.get(public_id=placed["id"])


def token_of(account: Account, scopes: tuple[str, ...] = ()) -> Caller:
    return Caller(accounts.issue_token(account=account, name="tests", scopes=scopes))


def basket(shop: Restaurant, **lines: int) -> dict[str, Any]:
    ids = dict(Product.objects.filter(restaurant=shop).values_list("name", "public_id"))
    return {
        "restaurant": str(shop.public_id),
        "lines": [{"product": str(ids[name]), "quantity": quantity} for name, quantity in lines.items()],
        "address": {"line": "2 rue du Nord", "lat": shop.lat + 0.009, "lon": shop.lon},
    }


def placement(shop: Restaurant, **lines: int) -> dict[str, Any]:
    return basket(shop, **lines) | {"customer": {"name": "Ana"}}


def written() -> dict[str, tuple[int, str]]:
    """Table -> rows and a hash of all of them: equal before and after, nothing was written. Devices are seen and keys
    are used all the time, so the instant of it does not count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace"
        )
        tables = sorted(name for (name,) in cursor.fetchall() if name not in LEFT_BEHIND)
        one = "SELECT '{2}', count(*), md5(string_agg({1}, '|' ORDER BY {1})) FROM {0} AS r"
        row = "(to_jsonb(r) - 'last_seen_at' - 'last_used_at')::text"
        cursor.execute(" UNION ALL ".join(one.format(f'"{table}"', row, table) for table in tables))
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}
