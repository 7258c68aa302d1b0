"""What orders refuse beyond an illegal transition, with stable codes."""

from delivery.ground.errors import Conflict


class TooLate(Conflict):
    code, title = "too_late", "The kitchen has begun: the order can no longer be called off by its customer"
