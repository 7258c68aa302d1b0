"""Which drawing stands for a dish that has no photograph: chosen by its words, decoration only."""

import re
import zlib
from collections.abc import Sequence

DRAWINGS: tuple[tuple[str, str], ...] = (
    (r"diavola|pepperoni|salam", "pizza-hot"),
    (r"quattro|quesos|fromages|bianca", "pizza-cheese"),
    (r"verde|veget|rucola|courgette", "pizza-green"),
    (r"pizz|margherita|regina|napol", "pizza"),
    (r"burger|hamburg|churrasco|sandwich|completo|parrilla|grill", "burger"),
    (r"sushi|maki|nigiri|sashimi|roll", "sushi"),
    (r"taco|quesadilla|burrito|empanada", "taco"),
    (r"ramen|soup|sopa|soupe|paila|caldo|cazuela|crema", "soup"),
    (r"pasta|spaghetti|lasa|ñoqui|gnocchi|ravioli|fideo|wok", "pasta"),
    (r"bowl|poke|donburi|arroz|rice|riz", "bowl"),
    (r"salad|ensalada|hoja|green|ceviche", "salad"),
    (r"caf[eé]|coffee|latte|espresso|t[eé]\b", "coffee"),
    (r"drink|bebida|boisson|cola|agua|water|jugo|juice|limonada|cerveza|beer|vino|wine|lata", "drink"),
    (r"dessert|postre|tarta|torta|tiramis|helado|cake|papaya|flan|dulce", "dessert"),
    (r"bread|pan\b|panader|amasand|pain|boulang|bak|croissant|marraqueta", "bread"),
)
OTHERS = ("bowl", "pasta", "soup", "salad", "bread")
BESIDES = ("dessert", "drink", "coffee")
CLOTHS = ("tomato", "sea", "brass", "basil", "plum", "enamel")


def plate(*words: str) -> str:
    """The drawing in static/food/ for the first of the words that names a dish; else always the same other one."""
    for text in words:
        if (known := drawing(text)) is not None:
            return known
    return OTHERS[_steady("".join(words)) % len(OTHERS)]


def drawing(text: str) -> str | None:
    """The drawing whose dish the text names."""
    return next((found for pattern, found in DRAWINGS if re.search(pattern, text, re.IGNORECASE)), None)


def pair(courses: Sequence[str], name: str) -> tuple[str, str]:
    """Two different drawings for a restaurant: what it cooks comes before desserts and drinks."""
    drawn = [plate(each) for each in courses] + [plate(name), *OTHERS]
    first, second, *_ = dict.fromkeys(sorted(drawn, key=lambda each: each in BESIDES))
    return first, second


def cloth(name: str) -> str:
    """The table cloth of a restaurant: always the same one."""
    return CLOTHS[_steady(name) % len(CLOTHS)]


def _steady(text: str) -> int:
    return zlib.crc32(text.encode())
