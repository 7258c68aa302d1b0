"""What every request passes: an id for the logs, typed refusals as answers, and the access table."""

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from psycopg_pool import PoolTimeout

from delivery.ground.access import Actor, Rule
from delivery.ground.errors import (
    BadRequest,
    Broken,
    CsrfFailed,
    MethodNotAllowed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    TooLarge,
    Unavailable,
)
from delivery.ground.ids import new_public_id
from delivery.ground.registry import wired

log = structlog.get_logger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)
DATABASE_BACK_IN_S = 5


class RequestIdMiddleware:
    """Gives each request an id: in all log lines, in the event log, in the answer's X-Request-Id."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if re.fullmatch(r"[\w-]{8,64}", given) else str(new_public_id())
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class ProblemMiddleware:
    """Turns a Problem that a page lets through into an answer; API views render their own the same way."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and is_api(request):
            refusal = problem_response(request, MethodNotAllowed())
            refusal["Allow"] = response.headers.get("Allow", "")
            return refusal
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, RequestDataTooBig):
            error = TooLarge()
        return problem_response(request, error) if isinstance(error, Problem) else None


class CsrfMiddleware(CsrfViewMiddleware):
    """Also guards the API, whose framework exempts its views: cookies prove nothing about who sent a request.

    A request with an Authorization header is judged by that alone (ActorMiddleware), and one without any
    cookie has no rights that another site could borrow.
    """

    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        if is_api(request):
            if "Authorization" in request.headers or not request.COOKIES:
                return None
            callback = _without_exemption
        return super().process_view(request, callback, callback_args, callback_kwargs)


def _without_exemption(request: HttpRequest) -> None:
    """Stands for an API view in the check above: it has no `csrf_exempt`."""


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer of settings.CSRF_FAILURE_VIEW."""
    return problem_response(request, CsrfFailed(reason))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to a web address that does not exist (handler404)."""
    return problem_response(request, NotFound())


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to a request that Django itself refuses (handler400)."""
    return problem_response(request, TooLarge() if isinstance(exception, RequestDataTooBig) else BadRequest())


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an error of ours (handler500); one of a database that is away says when to come back."""
    is_away = isinstance(sys.exc_info()[1], DATABASE_AWAY)
    return problem_response(request, Unavailable(retry_after_s=DATABASE_BACK_IN_S) if is_away else Broken())


def _translated(problem: Mapping[str, str]) -> dict[str, str]:
    """A field's refusal; a title stands there in English."""
    said = problem["message"]
    return {**problem, "message": gettext(said)}


def caller_address(request: HttpRequest) -> str:
    """The network address at the other end of the connection; X-Forwarded-For is never believed."""
    return str(request.META.get("REMOTE_ADDR", ""))


class AccessMiddleware:
    """Looks the URL up in the access table; a URL that nobody listed is refused."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if "\0" in request.path:  # PostgreSQL has no such text, so nothing is named like it
            return problem_response(request, NotFound())
        match = request.resolver_match
        rule = wired.access.get(match.view_name) or wired.access.get(f"{match.app_name}:*") if match else None
        if rule is None:
            log.error("url_without_access_rule", view=match and match.view_name)
            return problem_response(request, NotFound())
        actor: Actor = request.actor  # type: ignore[attr-defined]  # set by ActorMiddleware
        if rule.opens_to(actor):
            return None
        if is_api(request):
            return problem_response(request, _refusal(rule, actor))
        if rule.sign_in is None:
            return problem_response(request, NotFound())
        if rule.sign_in == settings.LOGIN_URL and actor.account_id is not None:
            return problem_response(request, NotAllowed())  # signing in again as the same person would go in circles
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse(rule.sign_in)}?{query}")


def _refusal(rule: Rule, actor: Actor) -> Problem:
    if not actor.is_known:
        return NotSignedIn()
    if rule.allows(actor):
        return NotAllowed(f"This token lacks the scope {rule.scope}" if rule.scope else "This token is limited")
    return NotAllowed()


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """problem+json for the API and for scripts, a page for people."""
    response: HttpResponse
    if is_api(request) or "application/json" in request.headers.get("Accept", ""):
        body = problem.as_dict() | {"title": gettext(problem.title), "detail": gettext(problem.detail)}
        body["fields"] = {path: [_translated(each) for each in found] for path, found in body["fields"].items()}
        response = JsonResponse(body, status=problem.status, content_type="application/problem+json")
    else:
        reference = structlog.contextvars.get_contextvars().get("request_id", "")
        response = render(request, "problem.html", {"problem": problem, "reference": reference}, status=problem.status)
    if problem.retry_after_s is not None:
        response["Retry-After"] = str(problem.retry_after_s)
    return response
