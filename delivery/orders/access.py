"""Who may open which URL of orders; whose order it is, `selectors.order_for` decides."""

from delivery.ground.access import KNOWN, Rule

ACCESS: dict[str, Rule] = {
    "api:order": KNOWN,
    "api:accept_order": KNOWN,
    "api:reject_order": KNOWN,
    "api:ready_order": KNOWN,
    "api:cancel_order": KNOWN,
}
