"""Static files under one version: `/static/v-<hash of all of them>/name`, compressed, kept by browsers for ever.

Modules, style sheets and workers name each other by relative paths, so one version in front of all of them is enough
and nothing has to be built or rewritten; `/static/name` works as well and is kept for a minute.
"""

import functools
import gzip
import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.http import HttpResponse as Whole
from whitenoise.middleware import WhiteNoiseMiddleware

VERSIONED: Final = re.compile(r"/static/v-(\w+)/")
TEXTS: Final = (".css", ".js", ".mjs", ".svg", ".json", ".html", ".txt")
FOR_EVER: Final = "max-age=31536000, public, immutable"
SMALLEST_PACKED: Final = 500


@functools.cache
def version() -> str:
    """The version of all static files: the same on every machine that runs the same code."""
    digest = sha256((settings.BASE_DIR / "requirements.lock").read_bytes())  # libraries bring files of their own
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class VersionedStorage(StaticFilesStorage):
    """What `{% static %}` writes."""

    def url(self, name: str | None) -> str:
        return str(super().url(f"v-{version()}/{name}"))


class StaticMiddleware(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise has no types
    """Serves static files; those that are text compressed, those of the present version for ever."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = VERSIONED.match(request.path_info)
        path = "/static/" + request.path_info[asked.end() :] if asked else request.path_info
        file = self.files.get(path)
        if file is None or request.method not in ("GET", "HEAD"):
            response: HttpResponseBase = self.get_response(request)
            return response
        served: HttpResponseBase = self.serve(file, request)
        if asked and asked.group(1) == version():
            served["Cache-Control"] = FOR_EVER
        if not path.endswith(TEXTS):
            return served
        served["Vary"] = "Accept-Encoding"
        is_wanted = request.method == "GET" and "gzip" in request.headers.get("Accept-Encoding", "")
        if not is_wanted or not isinstance(served, FileResponse) or served.status_code != 200:
            return served
        return _packed(served, path) if int(served["Content-Length"]) >= SMALLEST_PACKED else served


def _packed(served: FileResponse, path: str) -> HttpResponseBase:
    content = _gzip(path, served["ETag"], b"".join(served))
    served.close()
    response = Whole(content, headers={name: served[name] for name in served.headers})
    response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(content))
    return response


_packs: dict[tuple[str, str], bytes] = {}


def _gzip(path: str, tag: str, content: bytes) -> bytes:
    """The file compressed, once per process: all of ours together are under one megabyte."""
    key = (path, tag)
    if key not in _packs:
        _packs[key] = gzip.compress(content, 9, mtime=0)
    return _packs[key]
