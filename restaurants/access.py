"""Who may open which URL of restaurants: menus are public."""

from delivery.ground.access import ANYONE, Rule

ACCESS: dict[str, Rule] = {"api:restaurants": ANYONE, "api:menu": ANYONE}
