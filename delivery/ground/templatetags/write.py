"""`{% load write %}`: the hidden fields of a form that acts, read by `delivery.ground.forms`."""

from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from delivery.ground.forms import CSRF, KEY, UNDO_S, VERSION, offered_undo
from delivery.ground.ids import new_token

register = template.Library()


@register.simple_tag(takes_context=True)
def write_fields(context: Context, version: int | None = None) -> SafeString:
    """CSRF token, a fresh idempotency key, and the version of the thing as it is drawn here."""
    hidden = format_html(
        '<input type="hidden" name="{}" value="{}"><input type="hidden" name="{}" value="{}">',
        CSRF,
        context["csrf_token"],
        KEY,
        new_token(),
    )
    if version is None:
        return hidden
    return hidden + format_html('<input type="hidden" name="{}" value="{}">', VERSION, version)


@register.inclusion_tag("undo.html", takes_context=True)
def undo_toast(context: Context) -> dict[str, Any]:
    """What the caller has just done, and the form that takes it back; nothing when there is none. Stands in #notice."""
    request = context["request"]
    return {"undo": offered_undo(request), "seconds": UNDO_S, "request": request, "csrf_token": context["csrf_token"]}
