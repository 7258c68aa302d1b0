"""Who may open which URL of printing; which printers are theirs, `selectors.printers_of` decides."""

from delivery.ground.access import Rule, roles

PRINTS = roles("restaurateur", "integrator", "lobby", "owner")

ACCESS: dict[str, Rule] = {"api:print": PRINTS, "api:print_job": PRINTS}
