"""Words for the fourteen allergens that the European Union's regulation 1169/2011 names."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ALLERGENS: Mapping[str, Promise] = {
    "celery": _("celery"),
    "crustaceans": _("crustaceans"),
    "egg": _("egg"),
    "fish": _("fish"),
    "gluten": _("gluten"),
    "lupin": _("lupin"),
    "milk": _("milk"),
    "molluscs": _("molluscs"),
    "mustard": _("mustard"),
    "nuts": _("nuts"),
    "peanuts": _("peanuts"),
    "sesame": _("sesame"),
    "soy": _("soy"),
    "sulphites": _("sulphites"),
}


def allergen_list(allergens: Sequence[str]) -> str:
    """The allergens in the language of the page; a word of the restaurant's own stays as it is."""
    return ", ".join(str(ALLERGENS.get(allergen, allergen)) for allergen in allergens)
