"""The words of the control room: its scripts hold none, they get these with the page, in the reader's language.

`{name}` is filled in by the script; "one|many" is chosen by it.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dispatch.engine.reasons import Reason

WAITS: Final[Mapping[str, Promise]] = {
    Reason.NOT_YET: _("planned, would only wait at the restaurant"),
    Reason.AFTER_OTHERS: _("planned behind other stops"),
    Reason.LATER: _("ready later"),
    Reason.NO_DELIVERER: _("nobody is on shift"),
    Reason.SHIFTS_END: _("shifts end too early"),
    Reason.NO_WAY: _("no way leads there"),
    Reason.ALL_FORBIDDEN: _("everybody said no"),
    Reason.NOBODY_SUITED: _("nobody on shift has the bag, the room or the permission for it"),
    Reason.BY_HAND: _("due; you assign by hand"),
    Reason.BAD_NUMBERS: _("its place or time is not a number"),
}
FAILED: Final[Mapping[str, Promise]] = {
    "not_ready": _("the food was not ready"),
    "closed": _("the restaurant was closed"),
    "no_bag": _("the bag was not there"),
    "nobody": _("nobody opened"),
    "wrong_address": _("the address was wrong"),
    "refused": _("the customer did not want it"),
    "damaged": _("the food was damaged"),
    "late": _("it takes too long"),
    "address": _("the address is wrong"),
    "change": _("the customer wants to change something"),
    "not_here": _("it never came"),
    "missing": _("something is missing"),
    "wrong": _("it is not what was ordered"),
    "accident": _("an accident, or somebody is hurt"),
    "unsafe": _("does not feel safe"),
    "vehicle": _("the vehicle has broken down"),
    "other": _("something else"),
}
ALARMS: Final[Mapping[str, Promise]] = {
    "ticket_overdue": _("A ticket is not on paper"),
    "tickets_unrouted": _("A kitchen has no printer"),
    "order_without_deliverer": _("Nobody carries {number}"),
    "stop_failed": _("A visit for {number} came to nothing"),
    "wrong_pins": _("Five wrong codes at the door of {number}"),
    "deliverer_asks": _("A courier asks you to call"),
    "customer_asks": _("The customer of {number} asks for a call"),
    "order_unheard": _("Nobody hears {number} at the counter"),
    "planning_fails": _("The planner fails in this city"),
    "parked": _("A fact was set aside: it cannot be carried on"),
    "delayed": _("A fact is late: it is tried again"),
}
CLOSE_REASONS: Final = (
    ("solved", _("Solved")),
    ("called", _("Called, they know")),
    ("not_needed", _("Nothing to do")),
)
LOG: Final[Mapping[str, Promise]] = {
    "assigned": _("gave {number} to {name}"),
    "unassigned": _("took {number} from {name}"),
    "alarm_taken": _("took the alarm: {question}"),
    "alarm_given_back": _("gave the alarm back: {question}"),
    "alarm_handed_over": _("handed to {to}: {question}"),
    "alarm_snoozed": _("snoozed for {minutes} min: {question}"),
    "alarm_closed": _("closed ({reason}): {question}"),
    "by_hand": _("switched auto-assign off for {minutes} min"),
    "by_planner": _("switched auto-assign on"),
    "lever_pulled": _("pulled a lever: {lever}"),
    "lever_ended": _("ended a lever: {lever}"),
    "weights_set": _("changed what the planner weighs: version {number}"),
    "shadow_stopped": _("ended a trial of the planner: version {number}"),
}
STATUSES: Final[Mapping[str, Promise]] = {
    "placed": _("waits for its answer"),
    "accepted": _("accepted"),
    "preparing": _("cooking"),
    "ready": _("ready"),
    "picked_up": _("on the way"),
}
ROWS: Final[Mapping[str, Promise]] = {
    "min": _("MIN"),
    "late": _("LATE"),
    "group.unassigned": _("Unassigned"),
    "group.slipping": _("Assigned, but slipping"),
    "group.course": _("On course"),
    "count.late": _("{n} late"),
    "count.soon": _("{n} soon"),
    "ready": _("ready {time}"),
    "answer_by": _("answer by {time}"),
    "collection": _("collection"),
    "hint.answer": _("to answer"),
    "hint.none": _("no courier"),
    "hint.soon": _("soon"),
    "hint.auto": _("auto"),
    "hint.hand": _("by hand"),
    "hint.refused": _("refused once|refused {n} times"),
    "hint.pick": _("{name}, {n} min"),
    "hint.left": _("{n} s"),
    "hint.offered": _("offered, {name}"),
    "hint.at_counter": _("at the counter"),
    "hint.at_door": _("at the door"),
    "hint.silent": _("silent"),
    "hint.route": _("on a route"),
    "hint.bag": _("has the bag"),
    "hint.holds": _("{name} is at it"),
    "why.engine": _("The planner means it so."),
    "why.nearest": _("Nearest free, {n} min to the counter."),
    "why.soonest": _("First there after {bags}, {n} min."),
    "why.bags": _("1 bag|{n} bags"),
    "why.keeps": _("Keeps {n} min."),
    "why.late": _("{n} min late even so."),
    "why.no": _("Has said no to it."),
    "assign": _("Assign {name}"),
    "saving": _("saving"),
    "marked": _("{n} order marked|{n} orders marked"),
    "none": _("No order fits."),
    "none.quiet": _("No open order. The first one appears here by itself."),
}
PEOPLE: Final[Mapping[str, Promise]] = {
    "free": _("free"),
    "bags": _("1 bag|{n} bags"),
    "at": _("at {shop}"),
    "at_door": _("at the door"),
    "offer": _("offer, {n} s"),
    "paused": _("offers paused"),
    "silent": _("silent"),
    "now": _("now"),
    "seconds": _("{n} s"),
    "minutes": _("{n} min"),
    "never": _("never"),
    "none": _("Nobody is on shift."),
    "none.fits": _("Nobody fits."),
}
DESK: Final[Mapping[str, Promise]] = {
    "you": _("{name} (you)"),
    "asked": _("asked: {name}"),
    "nobody": _("nobody was on call to ask"),
    "until": _("until {time}"),
    "system": _("System"),
    "yours": _("{n} yours"),
    "open": _("{n} open"),
    "here": _("{name} is here too"),
    "hand.off": _("Auto-assign: off to {time}, {name}"),
    "hand.on": _("Auto-assign: on"),
}
ACTS: Final[Mapping[str, Promise]] = {
    "undo": _("Undo: {what}"),
    "assigned": _("{number} given to {name}"),
    "unassigned": _("{number} taken from {name}"),
    "taken": _("You are on it"),
    "given_back": _("Alarm given back"),
    "handed": _("Handed to {name}"),
    "snoozed": _("Snoozed"),
    "closed": _("Closed"),
    "noted": _("Noted"),
    "undone": _("Undone: {what}"),
    "nothing": _("Nothing to undo"),
    "refused": _("Not done: {why}"),
    "wanted": _("{number} → {name}"),
    "nobody": _("nobody"),
    "by_at": _("{name}, {n} s ago"),
    "give": _("Give it to {name}"),
    "assigned_all": _("{n} order given to {name}|{n} orders given to {name}"),
    "unassigned_all": _("{n} order taken back|{n} orders taken back"),
    "pick_order": _("Choose an order first"),
    "is_carried": _("Nobody holds this order"),
}
LEVERS: Final[Mapping[str, Promise]] = {
    "rush": _("{zone}: rush, +{n} min"),
    "pause": _("{zone}: paused"),
    "near_only": _("{zone}: only {n} m around restaurants"),
    "cap": _("{zone}: {n} orders per 15 min"),
    "everywhere": _("Whole city"),
    "by": _("{name} since {time}"),
    "to": _("to {time}"),
    "pulled": _("Lever pulled"),
    "ended": _("Lever ended"),
}
MAP: Final[Mapping[str, Promise]] = {
    "show": _("Show map"),
    "hide": _("Hide map"),
    "dark": _("Dark"),
    "light": _("Light"),
}


def words_of_the_page() -> dict[str, Any]:
    """Everything that the scripts of the page may have to say."""
    parts: dict[str, Mapping[str, Promise]] = {
        "waits": WAITS,
        "failed": FAILED,
        "alarms": ALARMS,
        "closed": dict(CLOSE_REASONS),
        "log": LOG,
        "status": STATUSES,
        "rows": ROWS,
        "people": PEOPLE,
        "desk": DESK,
        "acts": ACTS,
        "levers": LEVERS,
        "map": MAP,
    }
    return {part: {key: str(words) for key, words in said.items()} for part, said in parts.items()}
