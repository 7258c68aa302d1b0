"""Puts the Actor on the request: from a Bearer token, else from the browser's session and paired devices."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from delivery.devices import actors
from delivery.ground.access import Actor
from delivery.ground.errors import NotSignedIn
from delivery.ground.http import is_api, problem_response


class ActorMiddleware:
    """A request with an Authorization header is judged by that alone, so a wrong token never falls back to cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        authorization = request.headers.get("Authorization", "")
        if authorization and is_api(request):
            try:
                request.actor = actors.actor_of_bearer(authorization)  # type: ignore[attr-defined]
            except NotSignedIn as error:
                refusal = problem_response(request, error)
                refusal["WWW-Authenticate"] = "Bearer"
                return refusal
            return self.get_response(request)
        actor, guest_cookie = _actor_of_cookies(request)
        request.actor = actor  # type: ignore[attr-defined]
        response = self.get_response(request)
        if guest_cookie and response.headers.get("Content-Type", "").startswith("text/html"):
            set_cookie(response, actors.GUEST_COOKIE, guest_cookie)
        return response


def _actor_of_cookies(request: HttpRequest) -> tuple[Actor, str | None]:
    """Who the cookies name; a browser that reads its first page becomes a new guest and gets a cookie for it."""
    account = request.user if request.user.is_authenticated else None
    devices = actors.devices_of(actors.secrets_in(request.COOKIES.get(actors.DEVICE_COOKIE, "")))
    actor = actors.actor_of_browser(account, devices) or actors.guest_of(request.COOKIES.get(actors.GUEST_COOKIE, ""))
    if actor is not None:
        return actor, None
    return (Actor(), None) if is_api(request) else actors.new_guest()


def set_cookie(response: HttpResponse, name: str, value: str) -> None:
    """A cookie that scripts cannot read and other sites cannot send."""
    response.set_cookie(
        name,
        value,
        max_age=actors.COOKIE_AGE_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    patch_vary_headers(response, ["Cookie"])
