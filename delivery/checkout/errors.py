"""Why a quote or an order is refused, with stable codes."""

from delivery.ground.errors import Conflict, Invalid


class AddressOutsideZones(Invalid):
    code, title = "address_outside_zones", "Nobody delivers to this address"


class UnknownRestaurant(Invalid):
    code, title = "unknown_restaurant", "There is no such restaurant"


class UnknownProduct(Invalid):
    code, title = "unknown_product", "There is no such product"


class TwoRestaurants(Invalid):
    code, title = "two_restaurants", "An order comes from one restaurant"


class SoldOut(Conflict):
    code, title = "sold_out", "Something is sold out"


class BelowMinimum(Invalid):
    code, title = "below_minimum", "The order is smaller than the smallest one"


class TotalTooLarge(Invalid):
    code, title = "total_too_large", "The order is larger than the largest one"


class QuoteExpired(Conflict):
    code, title = "quote_expired", "The quote is no longer valid"


class PriceChanged(Conflict):
    code, title = "price_changed", "The price has changed"
