"""`{% load look %}`: the parts of the look that templates cannot write in one line."""

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing `name` of static/icons.svg. It says nothing to a screen reader: a word stands beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("icons.svg"), name)


@register.simple_tag
def map_tiles() -> str:
    """The address of the street map."""
    return str(settings.MAP_TILES)


@register.filter
def as_input(field: BoundField) -> SafeString:
    """A form's field drawn as one of ours."""
    given = str(field.field.widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": f"input {given}".strip()})
