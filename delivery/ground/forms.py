"""What every page that acts builds on: a form with a hidden key has one effect, and a refusal is shown beside it.

The fields come from `{% load write %}{% write_fields version %}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypedDict, TypeVar
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from delivery.ground.access import Actor
from delivery.ground.errors import BadRequest, KeyMissing, Problem
from delivery.ground.idempotency import Reply, run_once

KEY: Final = "idempotency_key"
VERSION: Final = "version"
CSRF: Final = "csrfmiddlewaretoken"  # Django's own; it differs each time a form is drawn
LONGEST_KEY: Final = 255
UNDO_S: Final = 8
UNDO_COOKIE: Final = "undo"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refused form, as its page shows it. `about`: the public id of the thing whose form it was."""

    problem: Problem
    about: str


@dataclass(frozen=True, slots=True)
class Undo:
    """How an act is taken back. `text`: what was done, in the words of the page; `fields`: what the form at `url` says,
    the version after the act among them."""

    text: str
    url: str
    fields: Mapping[str, str] = field(default_factory=dict)


class PageRequest(HttpRequest):
    """A request that has passed the actor middleware."""

    actor: Actor


def seen_version(request: HttpRequest) -> int | None:
    """The version that the form was drawn from; None when the form names none. Raises BadRequest."""
    text = request.POST.get(VERSION, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadRequest("the version is a number")
    return int(text)


class SentOnce(TypedDict):
    """What `run_once` tells twins by."""

    key: str
    route: str
    body: bytes


def sent_once(request: HttpRequest) -> SentOnce:
    """The hidden key of a form and what it said, its tokens left out. Raises KeyMissing."""
    key = request.POST.get(KEY, "")
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise KeyMissing()
    said = [(name, value) for name, values in request.POST.lists() if name not in (KEY, CSRF) for value in values]
    return SentOnce(key=key, route=f"{request.method} {request.path}", body=urlencode(sorted(said)).encode())


def write_once(request: PageRequest, work: Callable[[], Mapping[str, Any] | None]) -> dict[str, Any]:
    """Run a form's `work` in one transaction under its hidden key; sent again, it gives the first result.

    Check rights before. What `work` returns is stored, so it is JSON and holds what the next page needs.

    Raises:
        KeyMissing, KeyReused, InProgress; any Problem of `work`, which leaves nothing behind.
    """
    reply = run_once(scope=request.actor.ref, **sent_once(request), work=lambda: Reply(200, dict(work() or {})))
    return reply.body


def act(
    request: PageRequest,
    work: Callable[[], Result],
    *,
    to: str,
    refused: Callable[[Problem], HttpResponse],
    undo: Callable[[Result], Undo | None] | None = None,
) -> HttpResponse:
    """Run a form's `work` once, then lead back to the page at `to`, or draw it with the refusal on it.

    `undo` gets what `work` gave and says how to take it back; the page at `to` offers that for eight seconds
    (`{% undo_toast %}`). Sent again, the form offers the same.
    """

    def remembered() -> dict[str, Any] | None:
        result = work()
        way_back = undo(result) if undo else None
        return asdict(way_back) if way_back else None

    try:
        stored = write_once(request, remembered)
    except Problem as problem:
        return refused(problem)
    response = HttpResponseRedirect(to)
    if stored:
        offer = signing.dumps([request.actor.ref, stored], salt=UNDO_COOKIE, compress=True)
        response.set_cookie(
            UNDO_COOKIE, offer, max_age=UNDO_S, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie(UNDO_COOKIE, samesite="Lax")
    return response


def offered_undo(request: PageRequest) -> Undo | None:
    """How the caller takes back what the form before did; None when nothing can be, or eight seconds are over."""
    try:
        who, stored = signing.loads(request.COOKIES.get(UNDO_COOKIE, ""), salt=UNDO_COOKIE, max_age=UNDO_S)
    except signing.BadSignature:
        return None
    return Undo(**stored) if who == request.actor.ref else None
