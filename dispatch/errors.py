"""Refusals of dispatch."""

from delivery.ground.errors import Conflict


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


class OrderNotPlannable(Conflict):
    code, title = "order_not_plannable", "The order cannot be given to a deliverer now"


class StalePlan(Conflict):
    """The plan was made from rows that have moved on."""

    code, title = "stale_plan", "The plan is out of date"


class LeaseLost(StalePlan):
    """Another planner holds the city: nothing of this one's plan counts."""

    code, title = "lease_lost", "Another planner holds the city"
