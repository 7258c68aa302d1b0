"""Every write to restaurants: menu (products, prices, people), pace (sold out, busy, paused).

Each service locks the restaurant and records its fact in one transaction.
"""

from restaurants.models import FOR_GOOD
from restaurants.services.menu import (
    NewProduct,
    add_choices,
    add_product,
    add_products,
    change_price,
    give_role,
    open_restaurant,
    take_role,
)
from restaurants.services.pace import (
    BUSY_END,
    PAUSE_END,
    SOLD_OUT_END,
    be_busy,
    be_calm,
    end_busy,
    end_pause,
    end_sold_out,
    mark_sold_out,
    pause_restaurant,
    resume_restaurant,
)

__all__ = [
    "BUSY_END",
    "FOR_GOOD",
    "PAUSE_END",
    "SOLD_OUT_END",
    "NewProduct",
    "add_choices",
    "add_product",
    "add_products",
    "be_busy",
    "be_calm",
    "change_price",
    "end_busy",
    "end_pause",
    "end_sold_out",
    "give_role",
    "mark_sold_out",
    "open_restaurant",
    "pause_restaurant",
    "resume_restaurant",
    "take_role",
]
