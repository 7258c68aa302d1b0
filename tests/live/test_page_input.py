"""Every page, for every kind of visitor, with nonsense in its address and its fields: never an error of ours."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from delivery.accounts.models import Account
from delivery.devices.actors import DEVICE_COOKIE
from delivery.ground.ids import new_public_id
from tests.live.town import Town

pytestmark = pytest.mark.django_db

TEXTS = ["", "\0", "\ud7ff\ufffe", "x" * 5_000, "1e308", "-1", "nan", "9" * 30, "²", "<script>"]
FIELDS = (
    *("lat", "lon", "line", "q", "query", "address", "city", "next", "language", "name", "phone", "code", "wanted_at"),
    *(
        "product",
        "quantity",
        "note",
        "tip",
        "tender",
        "reason",
        "minutes",
        "prep_minutes",
        "version",
        "idempotency_key",
    ),
    *(
        "at",
        "pin",
        "category",
        "zone",
        "email",
        "until",
        "deliverer",
        "order",
        "printer",
        "allergies",
        "expected_total",
    ),
)
KEY = {"idempotency_key": "k"}
VISITORS = ("guest", "customer", "restaurateur", "deliverer", "dispatcher", "owner", "lobby", "kitchen")


def pages(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    """All pages of ours: neither the API nor the console, whose forms are Django's."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern


@pytest.fixture
def town() -> Town:
    return Town("here", lat=43.68)


def visitor(town: Town, role: str) -> Client:
    browser = Client(raise_request_exception=False)
    if role in ("lobby", "kitchen"):
        browser.cookies[DEVICE_COOKIE] = town.callers[role].token
    elif role != "guest":
        browser.force_login(
            Account.objects.get(email=f"{role}-here@example.org"), backend=django_settings.AUTHENTICATION_BACKENDS[0]
        )
    return browser


def address(town: Town, pattern: URLPattern) -> str:
    """The page about a thing of the town, or about one that does not exist."""
    known: dict[str, Any] = {
        "order_id": town.order.public_id,
        "offer_id": town.offer.public_id,
        "stop_id": town.stop.public_id,
        "alarm_id": town.alarm.public_id,
        "job_id": town.job.public_id,
        "mishap_id": 1,
        "secret": "nobody",
        "query": "?mac=00",
        "slug": town.shop.slug,
        "token": town.order.tracking_token,
    }
    names = pattern.pattern.regex.groupindex
    return reverse(pattern.name or "", kwargs={name: known.get(name, new_public_id()) for name in names})


def is_closed(answer: HttpResponseBase) -> bool:
    """Nothing here for this visitor: not theirs, not there, or sent to sign in."""
    is_sent_away = answer.status_code == 302 and "next=" in answer.headers["Location"]
    return is_sent_away or answer.status_code in (403, 404)


def test_no_nonsense_breaks_a_page(town: Town) -> None:
    """All texts for the first visitor who may open a page, one of them for the others who may."""
    broken = []
    opened: set[str] = set()
    for role in VISITORS:
        browser = visitor(town, role)
        for pattern in pages(get_resolver().url_patterns):
            path = address(town, pattern)
            texts = TEXTS[:1] if path in opened else TEXTS
            for text in texts:
                answers = ask(browser, path, text)
                broken += [(role, path, text[:9]) for answer in answers if answer.status_code >= 500]
                if all(map(is_closed, answers)):
                    break  # the address alone decided: no field was read, whatever it holds
                opened.add(path)
    assert broken == []
    assert len(opened) > 60


def ask(browser: Client, path: str, text: str) -> list[HttpResponseBase]:
    """Read the page and write to it, with the text in every field."""
    fields = dict.fromkeys(FIELDS, text)
    writes = [] if "logout" in path else [browser.post(path, fields | KEY)]
    # A form without a key is refused before its fields are read: one of them is enough.
    bare = [browser.post(path, fields)] if writes and text == TEXTS[0] else []
    return [browser.get(path, fields), *writes, *bare]
