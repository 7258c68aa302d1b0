"""A part of the front end on a page of its own: under the platform's policy, over its static files."""

import json
from dataclasses import asdict
from typing import Any

from csp.utils import build_policy
from django.core import signing
from django.template import engines
from django.test import RequestFactory
from playwright.sync_api import Page, Route, WebSocketRoute

from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.clock import Timed
from delivery.ground.errors import Problem
from delivery.ground.forms import UNDO_COOKIE, Refusal, Undo

FRAME = """{% extends "base.html" %}{% load static %}
{% block title %}Part{% endblock %}{% block room %}{{ room }}{% endblock %}
{% block page %}<main id="main" class="page"><h1>Part</h1>BODY</main>{% endblock %}
{% block scripts %}<script type="module" src="/parts/script.js"></script>{% endblock %}"""


SCREEN = """{% extends "screen.html" %}{% load i18n look static write %}
{% block title %}Screen{% endblock %}{% block bar %}<h1>Screen</h1>{% endblock %}
{% block page %}<main id="main">BODY</main>{% endblock %}"""


class Screen:
    """A staff screen of one part, whose forms are answered by the test. `sent`: what its forms said."""

    def __init__(self, page: Page, site: str, city: Timed, body: str) -> None:
        self._body, self._city = body, city
        self._refusal: Refusal | None = None
        self._cookie = ""
        self.sent: list[str] = []
        self.is_down = False
        page.route("**/parts/*", self._answer)
        page.route_web_socket("**/ws/", self._be_live)
        page.goto(f"{site}/parts/screen")

    def draw(self, body: str) -> None:
        """What the server draws from now on."""
        self._body = body

    def refuse(self, problem: Problem) -> None:
        """The answer to every form from now on."""
        self._refusal = Refusal(problem, "")

    def offer(self, undo: Undo) -> None:
        """As `act` does it."""
        self._cookie = signing.dumps(["", asdict(undo)], salt=UNDO_COOKIE, compress=True)

    def _answer(self, route: Route) -> None:
        if self.is_down:
            return route.abort("internetdisconnected")
        is_form = route.request.method == "POST"
        if is_form:
            self.sent.append(f"{route.request.url.rpartition('/')[2]}?{route.request.post_data}")
        request: Any = RequestFactory().get("/parts/screen")
        request.actor = Actor(ref="")
        request.COOKIES[UNDO_COOKIE] = self._cookie
        refusal = self._refusal if is_form else None
        page = engines["django"].from_string(SCREEN.replace("BODY", self._body))
        given = {"topics": "order.0", "city": self._city, "now": clock.now(), "refusal": refusal}
        document = page.render(given, request)
        headers = {"Content-Security-Policy": build_policy()}
        status = refusal.problem.status if refusal else 200
        return route.fulfill(status=status, body=document, content_type="text/html", headers=headers)

    def _be_live(self, socket: WebSocketRoute) -> None:
        """A link on which nothing happens."""

        def answer(message: str | bytes) -> None:
            if self.is_down:
                return
            for topic in json.loads(message).get("join", []):
                frame = {"topic": topic["topic"], "epoch": 1, "from": 0, "to": 0, "snapshot": True, "rows": []}
                socket.send(json.dumps(frame))
            if "ping" in json.loads(message):
                socket.send(json.dumps({"pong": 1, "checked_s": 0, "server_time": clock.now().isoformat()}))

        socket.on_message(answer)


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
