"""What is wrong with a field of an API body, in the caller's language: the words behind pydantic's kinds of errors."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

WORDS: Final[Mapping[str, Any]] = {
    "missing": _("This field is needed"),
    "extra_forbidden": _("No such field is known here"),
    "nul": _("NUL is not allowed in a text"),
    "string_too_short": _("At least %(min_length)s characters are needed"),
    "string_too_long": _("At most %(max_length)s characters are possible"),
    "string_pattern_mismatch": _("This text is not written as it has to be"),
    "too_short": _("At least %(min_length)s entries are needed"),
    "too_long": _("At most %(max_length)s entries are possible"),
    "greater_than_equal": _("The smallest possible number is %(ge)s"),
    "less_than_equal": _("The largest possible number is %(le)s"),
    "finite_number": _("A number that has an end is needed"),
    "uuid_parsing": _("This is not an id"),
    "datetime_parsing": _("A date with a time and a time zone is needed"),
    "datetime_from_date_parsing": _("A date with a time and a time zone is needed"),
    "timezone_aware": _("A date with a time and a time zone is needed"),
    "string_type": _("A text is needed"),
    "int_type": _("A whole number is needed"),
    "int_parsing": _("A whole number is needed"),
    "float_type": _("A number is needed"),
    "float_parsing": _("A number is needed"),
    "bool_type": _("Yes or no is needed"),
    "list_type": _("A list is needed"),
}


def said_of(error: Mapping[str, Any]) -> str:
    """The words for one error of pydantic: `{"type", "ctx", ...}`; its kind stays the stable code."""
    words = WORDS.get(str(error["type"]))
    if words is None:
        return gettext("This value is not possible here")
    return str(words) % dict(error.get("ctx", {}))
