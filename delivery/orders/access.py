"""Who may open which URL of orders; whose order it is, `selectors.order_for` decides."""

from delivery.ground.access import KNOWN, Rule, scoped

READ, WRITE = "orders:read", "orders:write"
READERS, WRITERS = scoped(KNOWN, READ), scoped(KNOWN, WRITE)

ACCESS: dict[str, Rule] = {
    "api:order": READERS,
    "api:accept_order": WRITERS,
    "api:reject_order": WRITERS,
    "api:ready_order": WRITERS,
    "api:cancel_order": WRITERS,
}
