"""Who may open which URL of devices: whoever holds a code may pair, and the shell is everybody's."""

from delivery.ground.access import ANYONE

ACCESS = {
    "lobby_pair": ANYONE,
    "kitchen_pair": ANYONE,
    "service_worker": ANYONE,
    "offline": ANYONE,
    "manifest": ANYONE,
    "api:pair_device": ANYONE,
}
