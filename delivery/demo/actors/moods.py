"""What people are like. The same seed and name give the same mood, so that a demonstration can be told in advance."""

import random
from collections.abc import Mapping
from typing import Final

MOODS: Final[Mapping[str, Mapping[str, int]]] = {
    "customer": {"patient": 6, "impatient": 1, "generous": 2},
    "lobby": {"prompt": 6, "strict": 1, "forgetful": 2},
    "kitchen": {"steady": 6, "quick": 2, "slow": 2, "distracted": 2},
    "deliverer": {"keen": 6, "picky": 1, "tunnel": 2},
    "printer": {"new": 6, "thirsty": 1},
}


def dice(seed: int, *names: str) -> random.Random:
    """Chances of somebody's own."""
    return random.Random(f"{seed}:{':'.join(names)}")


def mood_of(role: str, name: str, seed: int) -> str:
    moods = MOODS[role]
    return dice(seed, role, name, "mood").choices(list(moods), weights=list(moods.values()))[0]
