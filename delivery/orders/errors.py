"""What orders refuse beyond an illegal transition, with stable codes."""

from delivery.ground.errors import Conflict


class NotDelivered(Conflict):
    code, title = "not_delivered", "Only a delivered order is refunded; one under way is called off"


class RefundTooLarge(Conflict):
    code, title = "refund_too_large", "More than is left of what was paid"


class TooLate(Conflict):
    code, title = "too_late", "The kitchen has begun: the order can no longer be called off by its customer"
