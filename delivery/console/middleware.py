"""The policy of unfold's pages alone: it writes styles inline and evaluates its attributes. No other page may.

The console's own pages beside them have the policy of the whole platform.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

UNFOLD = "admin"  # the namespace of the pages that unfold draws, all of them under /console/
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
)


class ConsolePolicyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and match.app_name == UNFOLD:
            response["Content-Security-Policy"] = POLICY
            response["Cache-Control"] = "private, no-store"
        return response
