"""Who may open which URL of the storefront: anyone; who holds a tracking link may follow its order."""

from delivery.ground.access import ANYONE, Rule

ACCESS: dict[str, Rule] = {
    "shop": ANYONE,
    "address": ANYONE,
    "saved_address": ANYONE,
    "menu": ANYONE,
    "basket": ANYONE,
    "dish": ANYONE,
    "checkout": ANYONE,
    "tracking": ANYONE,
    "tracking_now": ANYONE,
    "tracking_where": ANYONE,
    "order_again": ANYONE,
    "order_help": ANYONE,
    "cancel_tracked": ANYONE,
}
