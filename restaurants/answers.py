"""The shapes of restaurants and menus, for the description of the API. Money in minor units of `currency`."""

from datetime import datetime
from uuid import UUID

from delivery.ground.openapi import Answer


class NearbyAnswer(Answer):
    """A restaurant that delivers to the point; `opens_at` while it is closed, `paused_until` while it takes nothing."""

    id: UUID
    name: str
    slug: str
    lat: float
    lon: float
    distance_m: int
    currency: str
    delivery_fee: int
    minimum_order: int
    is_open: bool
    opens_at: datetime | None
    paused_until: datetime | None


class RestaurantsAnswer(Answer):
    restaurants: list[NearbyAnswer]


class OptionAnswer(Answer):
    id: UUID
    name: str
    amount: int


class ChoiceAnswer(Answer):
    """At least `fewest` and at most `most` of the options are to be chosen."""

    name: str
    fewest: int
    most: int
    options: list[OptionAnswer]


class ProductAnswer(Answer):
    id: UUID
    name: str
    description: str
    amount: int
    vat_rate_bp: int
    allergens: list[str]
    is_sold_out: bool
    choices: list[ChoiceAnswer]


class CategoryAnswer(Answer):
    name: str
    products: list[ProductAnswer]


class MenuAnswer(Answer):
    id: UUID
    name: str
    menu_version: int
    currency: str
    is_open: bool
    categories: list[CategoryAnswer]
