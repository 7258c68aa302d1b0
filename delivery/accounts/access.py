"""Who may open which URL of accounts: the doors themselves stand open."""

from delivery.ground.access import ANYONE

ACCESS = {
    "account_login": ANYONE,
    "account_signup": ANYONE,
    "account_logout": ANYONE,
    "account_inactive": ANYONE,
    "account_reset_password": ANYONE,
    "account_confirm_password_reset_code": ANYONE,
    "account_complete_password_reset": ANYONE,
    "account_password_reset_completed": ANYONE,
    "phone_sign_in": ANYONE,
    "set_language": ANYONE,
}
