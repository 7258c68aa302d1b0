"""Who may open the console."""

from delivery.ground.access import roles

STAFF = ("owner", "support", "restaurateur")
ACCESS = {"admin:*": roles(*STAFF, sign_in="account_login")}
