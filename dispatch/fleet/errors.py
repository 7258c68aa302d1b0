"""Refusals of the fleet."""

from delivery.ground.errors import Conflict


class NoShift(Conflict):
    code, title = "no_shift", "There is no shift to do this in"


class AlreadyOnShift(Conflict):
    code, title = "already_on_shift", "The shift has already started"


class StillCarrying(Conflict):
    code, title = "still_carrying", "Finish the route before the shift"
