"""Who may open which URL of printing; which printers are theirs, `selectors.printers_of` decides."""

from delivery.ground.access import Rule, roles, scoped

PRINTS = scoped(roles("restaurateur", "integrator", "lobby", "owner"), "print:write")

ACCESS: dict[str, Rule] = {"api:print": PRINTS, "api:print_job": PRINTS}
