"""What a browser keeps of the platform: its shell, never an order. `/sw.js`, `/offline/`, `/manifest/<screen>/`."""

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from delivery.ground.errors import NotFound
from delivery.ground.static import version

KITCHEN: Final = "#141918"  # --paper of the two rooms in static/tokens.css
DINING: Final = "#faf5ea"
SHELL: Final = ("tokens.css", "base.css", "entrance.css", "icons.svg", "mark.svg", "shell.js")
SCREENS: Final[dict[str, tuple[str | Promise, str, str, str]]] = {  # name, view, colour, display
    "shop": (gettext_lazy("Passeplat"), "shop", DINING, "standalone"),
    "lobby": (gettext_lazy("Passeplat counter"), "lobby", KITCHEN, "fullscreen"),
    "kitchen": (gettext_lazy("Passeplat kitchen"), "kitchen", KITCHEN, "fullscreen"),
    "phone": (gettext_lazy("Passeplat courier"), "phone", KITCHEN, "standalone"),
}


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker with the version of what it keeps: another version is another file, which is how browsers notice."""
    kept = [reverse("offline"), *(static(name) for name in SHELL)]
    given = {"version": version(), "kept": kept}
    return render(request, "shell/sw.js", given, content_type="text/javascript")


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """What people see in place of a page when there is no network."""
    return render(request, "shell/offline.html")


@require_safe
@cache_control(max_age=3600)
def manifest(request: HttpRequest, screen: str) -> JsonResponse:
    """How a screen is installed as an app. Raises NotFound."""
    if screen not in SCREENS:
        raise NotFound()
    name, view, colour, display = SCREENS[screen]
    start = reverse(view)
    sizes = [("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")]
    return JsonResponse(
        {
            "id": start,
            "name": str(name),
            "short_name": _("Passeplat"),
            "start_url": start,
            "scope": "/" if screen == "shop" else start,
            "display": display,
            "background_color": colour,
            "theme_color": colour,
            "icons": [
                {"src": static(f"app/{purpose}-{size[:3]}.png"), "sizes": size, "type": "image/png", "purpose": purpose}
                for size, purpose in sizes
            ],
        },
        content_type="application/manifest+json",
    )
