"""Who may open which URL of dispatch; whose offer, stop or alarm it is, services and API decide."""

from delivery.ground.access import ANYONE, KNOWN, Rule, roles

DELIVERER = roles("deliverer")
WATCHERS = roles("dispatcher", "owner", "support")
PHONE = roles("deliverer", sign_in="phone_sign_in")
CONTROL_ROOM = roles("dispatcher", "owner", "support", sign_in="account_login")

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
    "api:order_decisions": KNOWN,
    "api:positions": WATCHERS,
    "api:equip_deliverer": WATCHERS,
    "api:take_alarm": WATCHERS,
    "api:close_alarm": WATCHERS,
    "phone": PHONE,
    "phone_start_shift": PHONE,
    "phone_end_shift": PHONE,
    "phone_resume_offers": PHONE,
    "phone_accept_offer": PHONE,
    "phone_decline_offer": PHONE,
    "phone_arrive_stop": PHONE,
    "phone_complete_stop": PHONE,
    "phone_fail_stop": PHONE,
    "phone_wait": PHONE,
    "phone_write": PHONE,
    "phone_start_break": PHONE,
    "phone_see_notices": PHONE,
    "phone_help": PHONE,
    "proof_photo": ANYONE,  # who holds the tracking link may look: the view asks
    "control_room": CONTROL_ROOM,
    "control_room_positions": CONTROL_ROOM,
    "control_room_hints": CONTROL_ROOM,
    "control_room_order": CONTROL_ROOM,
    "control_room_choices": CONTROL_ROOM,
    "control_room_deliverer": CONTROL_ROOM,
    "control_room_way": CONTROL_ROOM,
    "control_room_assign": CONTROL_ROOM,
    "control_room_unassign": CONTROL_ROOM,
    "control_room_take": CONTROL_ROOM,
    "control_room_give_back": CONTROL_ROOM,
    "control_room_hand_over": CONTROL_ROOM,
    "control_room_snooze": CONTROL_ROOM,
    "control_room_close": CONTROL_ROOM,
    "control_room_note": CONTROL_ROOM,
    "control_room_by_hand": CONTROL_ROOM,
    "control_room_pull": CONTROL_ROOM,
    "control_room_end_lever": CONTROL_ROOM,
    "control_room_quality": CONTROL_ROOM,
    "control_room_weights": CONTROL_ROOM,
    "control_room_stop_trial": CONTROL_ROOM,
}
