"""Which pages may open a socket: a browser sends its cookies along whatever page asks."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

BEARER = "passeplat.bearer"


def may_open(scope: Mapping[str, Any]) -> bool:
    """Our own pages, and programs that show a Bearer token and have no page at all.

    A missing Origin together with cookies is refused: browsers always send one.
    """
    headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
    given = headers.get(b"origin")
    if given is None:
        return b"cookie" not in headers and (b"authorization" in headers or offers_bearer(scope))
    host = urlsplit(given).netloc
    name, _ = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return False
    return host == headers.get(b"host") or given in settings.CSRF_TRUSTED_ORIGINS


def offers_bearer(scope: Mapping[str, Any]) -> bool:
    """Browsers cannot set headers on a socket: they may offer the subprotocols `passeplat.bearer, <token>`."""
    return list(scope.get("subprotocols", ()))[:1] == [BEARER]
