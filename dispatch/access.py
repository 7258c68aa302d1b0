"""Who may open which URL of dispatch; whose offer, stop or alarm it is, services and API decide."""

from delivery.ground.access import KNOWN, Rule, roles

DELIVERER = roles("deliverer")
WATCHERS = roles("dispatcher", "owner", "support")

ACCESS: dict[str, Rule] = {
    "api:offers": DELIVERER,
    "api:accept_offer": DELIVERER,
    "api:decline_offer": DELIVERER,
    "api:resume_offers": DELIVERER,
    "api:arrive_stop": DELIVERER,
    "api:complete_stop": DELIVERER,
    "api:fail_stop": DELIVERER,
    "api:start_shift": DELIVERER,
    "api:end_shift": DELIVERER,
    "api:report_position": DELIVERER,
    "api:assign_order": KNOWN,
    "api:positions": WATCHERS,
    "api:take_alarm": WATCHERS,
    "api:close_alarm": WATCHERS,
}
