"""Who may open which URL of devices: whoever holds a code may pair."""

from delivery.ground.access import ANYONE

ACCESS = {
    "lobby_pair": ANYONE,
    "kitchen_pair": ANYONE,
    "api:pair_device": ANYONE,
}
