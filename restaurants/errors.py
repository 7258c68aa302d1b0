"""What restaurants refuse, with stable codes."""

from delivery.ground.errors import Conflict, Invalid


class RestaurantClosed(Conflict):
    code, title = "restaurant_closed", "The restaurant is closed"


class RestaurantPaused(Conflict):
    code, title = "restaurant_paused", "The restaurant takes no orders for a while"


class BadOpeningHours(Invalid):
    code, title = "bad_opening_hours", "These opening hours cannot be read"


class UnknownOption(Invalid):
    code, title = "unknown_option", "There is no such option"


class ChoiceIncomplete(Invalid):
    code, title = "choice_incomplete", "A choice of the product is not made"


class AlreadyCancelled(Conflict):
    code, title = "already_cancelled", "This order was already cancelled: do not cook it"


class AnsweredTooLate(Conflict):
    code, title = "answered_too_late", "The time to answer was over: the customer was told no"


class AnsweredElsewhere(Conflict):
    code, title = "answered_elsewhere", "Somebody else has already answered this order"
