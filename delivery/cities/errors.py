"""Why a city takes no order right now, with stable codes. `current` tells until when."""

from delivery.ground.errors import Conflict


class ZonePaused(Conflict):
    code, title = "zone_paused", "Nothing is delivered there for a while"


class OutOfReach(Conflict):
    code, title = "out_of_reach", "This restaurant delivers only nearby for a while"


class ZoneFull(Conflict):
    code, title = "zone_full", "No more orders are taken there for a few minutes"
