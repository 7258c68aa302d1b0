"""The rows of dispatch, one file per noun."""

from dispatch.models.decisions import Decision, ShadowPlan, Weights
from dispatch.models.doors import DoorRule, Photo, PinTry
from dispatch.models.planners import CityLease, Planner
from dispatch.models.routes import LIVE_ROUTES, Exclusion, Offer, Route, RouteNotice, Stop

__all__ = [
    "CityLease",
    "Decision",
    "DoorRule",
    "Exclusion",
    "LIVE_ROUTES",
    "Offer",
    "Photo",
    "PinTry",
    "Planner",
    "Route",
    "RouteNotice",
    "ShadowPlan",
    "Stop",
    "Weights",
]
