"""The vocabulary of the paper, in one place.

Not gettext: a ticket speaks the kitchen's language, whoever reads the page, and rendering knows no Django.
"""

from printing.rendering.content import Fulfilment, Language, Mark, MarkKind

WORDS: dict[str, dict[Language, str]] = {
    "allergy": {"en": "ALLERGY", "fr": "ALLERGIE", "es": "ALERGIA"},
    "also": {"en": "Also", "fr": "Aussi", "es": "También"},
    "attempt": {"en": "attempt", "fr": "essai", "es": "intento"},
    "customer": {"en": "Customer", "fr": "Client", "es": "Cliente"},
    "deliverer": {"en": "Courier", "fr": "Livreur", "es": "Repartidor"},
    "item": {"en": "item", "fr": "article", "es": "artículo"},
    "items": {"en": "items", "fr": "articles", "es": "artículos"},
    "job": {"en": "job", "fr": "tâche", "es": "tarea"},
    "no": {"en": "NO", "fr": "SANS", "es": "SIN"},
    "note": {"en": "Note", "fr": "Note", "es": "Nota"},
    "pickup": {"en": "PICKUP", "fr": "RETRAIT", "es": "RECOGIDA"},
    "placed": {"en": "Placed", "fr": "Passée", "es": "Pedido"},
}

FULFILMENTS: dict[Fulfilment, dict[Language, str]] = {
    Fulfilment.DELIVERY: {"en": "DELIVERY", "fr": "LIVRAISON", "es": "ENTREGA"},
    Fulfilment.OWN_DELIVERY: {
        "en": "OWN DELIVERY",
        "fr": "LIVRAISON MAISON",
        "es": "ENTREGA PROPIA",
    },
    Fulfilment.COLLECTION: {"en": "COLLECTION", "fr": "À EMPORTER", "es": "PARA LLEVAR"},
}

# The word, and how its detail is said.
MARKS: dict[MarkKind, dict[Language, tuple[str, str]]] = {
    MarkKind.COPY: {"en": ("COPY", "{}"), "fr": ("COPIE", "{}"), "es": ("COPIA", "{}")},
    MarkKind.POSSIBLE_DUPLICATE: {
        "en": ("POSSIBLE DUPLICATE", "{}"),
        "fr": ("DOUBLON POSSIBLE", "{}"),
        "es": ("POSIBLE DUPLICADO", "{}"),
    },
    MarkKind.REROUTED: {
        "en": ("REROUTED", "FROM {}"),
        "fr": ("RÉACHEMINÉ", "DE {}"),
        "es": ("DESVIADO", "DE {}"),
    },
    MarkKind.CHANGED: {
        "en": ("CHANGED", "rev {}"),
        "fr": ("MODIFIÉ", "rév {}"),
        "es": ("MODIFICADO", "rev {}"),
    },
    MarkKind.CANCELLED: {"en": ("CANCELLED", "{}"), "fr": ("ANNULÉ", "{}"), "es": ("ANULADO", "{}")},
    MarkKind.TEST: {"en": ("TEST", "{}"), "fr": ("ESSAI", "{}"), "es": ("PRUEBA", "{}")},
}


def say_mark(mark: Mark, language: Language) -> str:
    """The capitals that every language shares, then the translation: `COPY 1 / COPIE 1`."""
    english = _with_detail(mark, "en")
    return english if language == "en" else f"{english} / {_with_detail(mark, language)}"


def _with_detail(mark: Mark, language: Language) -> str:
    word, detail = MARKS[mark.kind][language]
    return f"{word} {detail.format(mark.detail)}" if mark.detail else word
