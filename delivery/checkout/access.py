"""Who may open which URL of checkout: whoever is known, guests with their cookie included."""

from delivery.ground.access import Actor, Rule

NAMED = Rule("anyone with a name in the log, guests included", lambda actor: actor.ref != Actor().ref)

ACCESS: dict[str, Rule] = {"api:quote": NAMED, "api:place": NAMED}
