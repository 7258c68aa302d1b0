"""Who may open which URL of checkout: whoever is known, guests with their cookie included."""

from delivery.ground.access import Actor, Rule, scoped
from delivery.orders.access import WRITE

NAMED = Rule("anyone with a name in the log, guests included", lambda actor: actor.ref != Actor().ref)
BUYERS = scoped(NAMED, WRITE)

ACCESS: dict[str, Rule] = {"api:quote": BUYERS, "api:place": BUYERS}
