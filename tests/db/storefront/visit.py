"""What a browser without scripts does in the shop, one line each."""

import re
from typing import Any

from django.test import Client

from delivery.cities.models import Zone
from restaurants.models import Product, Restaurant

CUSTOMER = {"name": "Ana", "phone": "+33 6 12 34 56 78", "tender": "card", "tip": "0"}


def product(shop: Restaurant, name: str = "margherita") -> Product:
    return Product.objects.get(restaurant=shop, name=name)


def give_address(client: Client, **more: str) -> Any:
    zone = Zone.objects.get()
    return client.post("/address/", {"line": "2 rue du Nord", "zone": str(zone.pk), **more})


def hold(client: Client, shop: Restaurant, name: str = "margherita", quantity: int = 1, **more: str) -> Any:
    said = {"product": str(product(shop, name).public_id), "quantity": str(quantity), **more}
    return client.post(f"/restaurants/{shop.slug}/basket/", said)


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def hidden(response: Any) -> dict[str, str]:
    """The hidden fields of the checkout's form."""
    names = ("idempotency_key", "quote")
    page = response.content.decode()
    return {name: re.findall(rf'name="{name}" value="([^"]+)"', page)[0] for name in names}


def ready_to_pay(client: Client, shop: Restaurant) -> dict[str, str]:
    give_address(client)
    hold(client, shop)
    return CUSTOMER | hidden(client.get("/checkout/"))
