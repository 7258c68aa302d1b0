"""What payments refuse, with stable codes."""

from delivery.ground.errors import Invalid


class PaymentRefused(Invalid):
    code, title = "payment_refused", "The payment was refused"
