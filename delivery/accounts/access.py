"""Who may open which URL of accounts: the doors themselves stand open."""

from delivery.ground.access import ANYONE

ACCESS = {
    "account_login": ANYONE,
    "account_signup": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "phone_sign_in": ANYONE,
    "set_language": ANYONE,
}
