"""Who may open which URL of the storefront: anyone; who holds a tracking link may follow its order."""

from delivery.ground.access import ANYONE, Rule

SIGNED_IN: Rule = Rule("a person with an account", lambda actor: actor.account_id is not None, "account_login")
ACCESS: dict[str, Rule] = {
    "shop": ANYONE,
    "address": ANYONE,
    "suggest": ANYONE,
    "saved_address": ANYONE,
    "forget_address": SIGNED_IN,
    "mine": SIGNED_IN,
    "menu": ANYONE,
    "basket": ANYONE,
    "dish": ANYONE,
    "checkout": ANYONE,
    "choose_way": ANYONE,
    "tracking": ANYONE,
    "tracking_now": ANYONE,
    "tracking_where": ANYONE,
    "order_again": ANYONE,
    "order_help": ANYONE,
    "cancel_tracked": ANYONE,
}
