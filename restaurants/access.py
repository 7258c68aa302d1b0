"""Who may open which URL of restaurants: menus are public, screens belong to their restaurant."""

from delivery.ground.access import ANYONE, Rule, roles

LOBBY = roles("lobby", "restaurateur", sign_in="lobby_pair")
KITCHEN = roles("kitchen", "restaurateur", sign_in="kitchen_pair")

ACCESS: dict[str, Rule] = {
    "api:restaurants": ANYONE,
    "api:menu": ANYONE,
    "lobby": LOBBY,
    "lobby_accept": LOBBY,
    "lobby_reject": LOBBY,
    "lobby_delay": LOBBY,
    "lobby_ready": LOBBY,
    "lobby_hand_over": LOBBY,
    "lobby_print": LOBBY,
    "lobby_rang": LOBBY,
    "lobby_sold_out": LOBBY,
    "lobby_back_on_sale": LOBBY,
    "lobby_busy": LOBBY,
    "lobby_pause": LOBBY,
    "lobby_device": LOBBY,
    "kitchen": KITCHEN,
    "kitchen_ready": KITCHEN,
    "kitchen_tick": KITCHEN,
    "kitchen_bump": KITCHEN,
    "kitchen_recall": KITCHEN,
    "kitchen_seen": KITCHEN,
}
