"""In which language a request is answered: the person's or the device's own, else what LocaleMiddleware found.

That is the choice kept in the browser (a cookie), else its Accept-Language. A program that says Accept-Language
means it; one that does not is answered in the language of its account.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from delivery.ground.http import is_api


class LanguageMiddleware:
    """Stands behind the middleware that puts the actor on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own: str = request.actor.language  # type: ignore[attr-defined]  # set by ActorMiddleware
        if own and not (is_api(request) and "Accept-Language" in request.headers):
            speak(request, own)
        return self.get_response(request)


def speak(request: HttpRequest, language: str) -> None:
    """Answer this request in a language; one that we do not speak changes nothing."""
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()


def is_chosen(request: HttpRequest) -> bool:
    """Whether somebody has said in which language this browser is answered."""
    own: str = request.actor.language  # type: ignore[attr-defined]
    return bool(own) or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
