"""Who may open which URL of printing; which printers are theirs, `selectors.printers_of` decides."""

from delivery.ground.access import ANYONE, Rule, roles, scoped

PRINTS = scoped(roles("restaurateur", "integrator", "lobby", "owner"), "print:write")

FLEET = roles("restaurateur", "integrator", "owner")
SEES, RUNS = scoped(FLEET, "printers:read"), scoped(FLEET, "printers:write")

ACCESS: dict[str, Rule] = {
    "api:print": PRINTS,
    "api:print_job": PRINTS,
    "api:print_job_preview": PRINTS,
    "api:print_preview": PRINTS,
    "api:printers": SEES,
    "api:printer": SEES,
    "api:test_printer": RUNS,
    "api:pause_printer": RUNS,
    "api:resume_printer": RUNS,
    "api:move_jobs": RUNS,
    "api:replace_printer": RUNS,
    # Printers prove themselves by the secret in the address.
    "cloudprnt_poll": ANYONE,
    "cloudprnt_poll_encoded": ANYONE,
    "cloudprnt_setting": ANYONE,
    "sdp": ANYONE,
}
