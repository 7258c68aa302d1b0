"""Refusals of dispatch."""

from delivery.ground.errors import Conflict, Invalid, TooLarge


class AnsweredTooLate(Conflict):
    code, title = "offer_expired", "The time to answer this offer is over"


class OfferTaken(Conflict):
    code, title = "offer_taken", "This offer is no longer open"


class DelivererBusy(Conflict):
    code, title = "deliverer_busy", "The deliverer already holds a route"


class DelivererOffDuty(Conflict):
    code, title = "deliverer_off_duty", "The deliverer takes no routes now"


class StopOutOfOrder(Conflict):
    code, title = "stop_out_of_order", "The bag has to be picked up before it is handed over"


class PinLocked(Conflict):
    code, title = "pin_locked", "Too many wrong codes: take a photo, the dispatcher has been told"


class StillWaiting(Conflict):
    code, title = "still_waiting", "Wait until the time is over"


class PinWrong(Invalid):
    """`fields.pin` says how many tries are left."""

    code, title = "pin_wrong", "This code is wrong"


class PinNeeded(Invalid):
    code, title = "pin_needed", "Ask the customer for the four digits"


class PhotoNeeded(Invalid):
    code, title = "photo_needed", "Take a photo first"


class PhotoUnreadable(Invalid):
    code, title = "photo_unreadable", "This photo cannot be read: take another one"


class PhotoTooLarge(TooLarge):
    code, title = "photo_too_large", "This photo is too large"


class OrderNotPlannable(Conflict):
    code, title = "order_not_plannable", "The order cannot be given to a deliverer now"


class AssignedMeanwhile(Conflict):
    """`current` says who holds the order now, and since when."""

    code, title = "assigned_meanwhile", "Somebody else was faster"


class StalePlan(Conflict):
    """The plan was made from rows that have moved on."""

    code, title = "stale_plan", "The plan is out of date"


class LeaseLost(StalePlan):
    """Another planner holds the city: nothing of this one's plan counts."""

    code, title = "lease_lost", "Another planner holds the city"
