"""GET /restaurants and GET /restaurants/{id}/menu."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Query, Router

from delivery.ground import clock
from delivery.ground.api import ApiRequest
from delivery.ground.errors import NotFound
from delivery.ground.geo import Point
from restaurants import selectors
from restaurants.answers import MenuAnswer, RestaurantsAnswer
from restaurants.models import OptionGroup, Restaurant
from restaurants.options import groups_of

router = Router(tags=["restaurants"])


@router.get("/restaurants", url_name="restaurants", response=RestaurantsAnswer)
def list_restaurants(
    request: ApiRequest,
    lat: Annotated[float, Query(ge=-90, le=90, allow_inf_nan=False)],
    lon: Annotated[float, Query(ge=-180, le=180, allow_inf_nan=False)],
) -> HttpResponse:
    """Who delivers to this point, open ones first, then the nearest."""
    found = selectors.restaurants_delivering_to(Point(lat, lon), clock.now())
    return JsonResponse({"restaurants": [_nearby(near) for near in found]})


@router.get("/restaurants/{restaurant_id}/menu", url_name="menu", response=MenuAnswer)
def read_menu(request: ApiRequest, restaurant_id: UUID) -> HttpResponse:
    """The menu at the prices of now."""
    now = clock.now()
    restaurant = Restaurant.objects.select_related("city").filter(public_id=restaurant_id, is_active=True).first()
    if restaurant is None:
        raise NotFound()
    products = selectors.menu(restaurant, now)
    choices = groups_of(product.pk for product in products)
    shown = {
        "id": str(restaurant.public_id),
        "name": restaurant.name,
        "menu_version": restaurant.menu_version,
        "currency": restaurant.city.currency,
        "is_open": selectors.is_open(restaurant, now),
        "categories": [
            {"name": category.name, "products": [_product(each, choices.get(each.pk, []), now) for each in of_category]}
            for category, of_category in groupby(products, key=lambda product: product.category)
        ],
    }
    return JsonResponse(shown)


def _nearby(near: selectors.Nearby) -> dict[str, Any]:
    shop = near.restaurant
    return {
        "id": str(shop.public_id),
        "name": shop.name,
        "slug": shop.slug,
        "lat": shop.lat,
        "lon": shop.lon,
        "distance_m": round(near.distance_m),
        "currency": shop.city.currency,
        "delivery_fee": near.delivery_fee,
        "minimum_order": near.minimum_order,
        "is_open": near.is_open,
        "opens_at": near.opens_at and clock.utc_text(near.opens_at),
        "paused_until": shop.paused_until and clock.utc_text(shop.paused_until),
    }


def _product(product: Any, choices: Sequence[OptionGroup], now: datetime) -> dict[str, Any]:
    return {
        "id": str(product.public_id),
        "name": product.name,
        "description": product.description,
        "amount": product.amount,
        "vat_rate_bp": product.vat_rate_bp,
        "allergens": product.allergens,
        "is_sold_out": selectors.is_sold_out(product, now),
        "choices": [_choice(group) for group in choices],
    }


def _choice(group: OptionGroup) -> dict[str, Any]:
    options = [
        {"id": str(option.public_id), "name": option.name, "amount": option.amount} for option in group.options.all()
    ]
    return {"name": group.name, "fewest": group.fewest, "most": group.most, "options": options}
