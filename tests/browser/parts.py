"""A part of the front end on a page of its own: under the platform's policy, over its static files."""

from typing import Any

from csp.utils import build_policy
from django.template import engines
from playwright.sync_api import Page, Route

FRAME = """{% extends "base.html" %}{% load static %}
{% block title %}Part{% endblock %}{% block room %}{{ room }}{% endblock %}
{% block page %}<main id="main" class="page"><h1>Part</h1>BODY</main>{% endblock %}
{% block scripts %}<script type="module" src="/parts/script.js"></script>{% endblock %}"""


def show_part(page: Page, site: str, body: str, script: str, room: str = "dining", **context: Any) -> None:
    """Open a page whose `<main>` is the template `body`, with `script` as its module."""
    template = engines["django"].from_string("{% load i18n look static write %}" + body)
    inner = template.render({"csrf_token": "token", **context})
    document = (
        engines["django"].from_string(FRAME.replace("BODY", "{{ inner }}")).render({"inner": inner, "room": room})
    )
    policy = build_policy()

    def answer(route: Route) -> None:
        if route.request.url.endswith("script.js"):
            route.fulfill(body=script, content_type="text/javascript")
        else:
            route.fulfill(body=document, content_type="text/html", headers={"Content-Security-Policy": policy})

    page.route("**/parts/*", answer)
    page.goto(f"{site}/parts/page")
