"""Who may open the console, page by page; what a page lists is cut to the actor's own in `scope.py`."""

from delivery.ground.access import Rule, roles

STAFF = ("owner", "support", "restaurateur")  # whom the pages of records know


def _opens_to(*names: str) -> Rule:
    return roles(*names, sign_in="account_login")


EVERYBODY = _opens_to("owner", "support", "dispatcher", "restaurateur")
OWNER = _opens_to("owner")
WATCH = _opens_to("owner", "support", "dispatcher")
BOOKS = _opens_to("owner", "support", "restaurateur")
REFUNDS = _opens_to("owner", "support")
MENUS = _opens_to("owner", "restaurateur")

ACCESS: dict[str, Rule] = {
    "admin:*": _opens_to(*STAFF),
    "console": EVERYBODY,
    "console_today": EVERYBODY,
    "console_promise": WATCH,
    "console_promise_now": WATCH,
    "console_search": EVERYBODY,
    "console_orders": EVERYBODY,
    "console_order": EVERYBODY,
    "console_refund": REFUNDS,
    "console_money": BOOKS,
    "console_money_csv": BOOKS,
    "console_devices": BOOKS,
    "console_device": BOOKS,
    "console_pairing_code": BOOKS,
    "console_printers": BOOKS,
    "console_printer": BOOKS,
    "console_last_ticket": BOOKS,
    "console_layout": MENUS,
    "console_layout_preview": MENUS,
    "console_keys": MENUS,
    "console_key": MENUS,
    "console_cities": WATCH,
    "console_city": WATCH,
    "console_city_rules": OWNER,
    "console_city_zone": OWNER,
    "console_city_dispatchers": OWNER,
    "console_menus": MENUS,
    "console_menu": MENUS,
    "console_menu_prices": MENUS,
    "console_menu_selected": MENUS,
    "console_menu_category": MENUS,
    "console_product_new": MENUS,
    "console_product": MENUS,
    "console_product_choices": MENUS,
}
