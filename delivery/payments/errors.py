"""What payments refuse, with stable codes."""

from delivery.ground.errors import Invalid


class PaymentRefused(Invalid):
    code, title = "payment_refused", "The payment was refused"


class TenderNotTaken(Invalid):
    code, title = "tender_not_taken", "This means of payment is not taken"
