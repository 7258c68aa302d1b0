"""`/demo/`: become anybody with one tap, break things and watch. No such page unless the demonstration runs."""

import json
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from delivery import env
from delivery.accounts import services as accounts
from delivery.cities.models import City
from delivery.demo import mishaps
from delivery.demo.actors.cast import NobodyThere, account_key, read_logins
from delivery.demo.aims import Broken, broken_now, target_of
from delivery.demo.presence import keys_of, leave_seats, take_seats, taken_seats
from delivery.demo.roles import ROLES, SCREENS, account_for, restaurant_for
from delivery.devices import actors
from delivery.devices import services as devices
from delivery.devices.middleware import set_cookie
from delivery.devices.models import Kind
from delivery.ground import clock
from delivery.ground.errors import NotFound, Problem
from delivery.ground.forms import PageRequest, Refusal, act
from restaurants.models import Restaurant

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
ALIVE_WITHIN: Final = timedelta(seconds=20)  # the report is written each five


@require_safe
def demo(request: PageRequest) -> HttpResponse:
    return _draw(request)


@require_POST
def sign_in(request: PageRequest) -> HttpResponse:
    """Become somebody with the role; a counter or a kitchen is paired with this browser."""
    role, city = request.POST.get("role", ""), _city(request.POST.get("city", ""))
    if role in SCREENS:
        return _pair(request, Kind(role), restaurant_for(role, city, request.POST.get("restaurant", "")))
    account = account_for(role, city)
    accounts.set_language(account_id=account.pk, language=get_language() or account.language)
    login(request, account, backend=BACKEND)
    take_seats([account_key(account.public_id)])
    return HttpResponseRedirect(ROLES[role].path)


def _pair(request: PageRequest, kind: Kind, restaurant: Restaurant) -> HttpResponse:
    """The browser keeps its other screens; one that is this restaurant's already is not paired again."""
    take_seats([f"{kind}:{restaurant.public_id}"])
    held = actors.secrets_in(request.COOKIES.get(actors.DEVICE_COOKIE, ""))
    known = [(secret, device) for secret in held for device in actors.devices_of([secret])]
    others = [secret for secret, device in known if device.kind != kind]
    same = [secret for secret, device in known if device.kind == kind and device.restaurant_id == restaurant.pk]
    secret = same[0] if same else _new_screen(kind, restaurant)
    response = HttpResponseRedirect(f"{ROLES[kind].path}?restaurant={restaurant.public_id}")
    set_cookie(response, actors.DEVICE_COOKIE, ".".join([secret, *others]))
    return response


def _new_screen(kind: Kind, restaurant: Restaurant) -> str:
    """The secret of a device that speaks the visitor's language."""
    device, secret = devices.register_device(kind=kind, restaurant=restaurant, name=f"demo visitor {kind}")
    devices.set_language(device=device, language=get_language() or device.language)
    return secret


@require_POST
def leave(request: PageRequest) -> HttpResponse:
    """Give all places back: the actors take over at once."""
    leave_seats(keys_of(request.actor))
    logout(request)
    response = HttpResponseRedirect(_here(request))
    response.delete_cookie(actors.DEVICE_COOKIE, samesite="Lax")
    return response


@require_POST
def break_it(request: PageRequest) -> HttpResponse:
    kind, city = request.POST.get("kind", ""), _city(request.POST.get("city", ""))

    def work() -> None:
        mishaps.break_it(kind=kind, target=target_of(kind, city))

    return act(request, work, to=_here(request), refused=lambda problem: _draw(request, problem))


@require_POST
def heal(request: PageRequest, mishap_id: int) -> HttpResponse:
    def work() -> None:
        mishaps.heal(mishap_id=mishap_id)

    return act(request, work, to=_here(request), refused=lambda problem: _draw(request, problem))


def _here(request: PageRequest) -> str:
    city = request.POST.get("city", "")
    return f"{reverse('demo')}?city={_city(city).slug}" if city else reverse("demo")


def _city(slug: str) -> City:
    """One of the demonstration's; the first when none is named. Raises NotFound."""
    found = [city for city in _cities() if not slug or city.slug == slug]
    if not found:
        raise NotFound()
    return found[0]


def _cities() -> list[City]:
    try:
        slugs = {entry["city"] for entry in read_logins() if entry["city"]}
    except NobodyThere as nobody:
        raise NotFound() from nobody
    return list(City.objects.filter(slug__in=slugs).order_by("pk"))


def _draw(request: PageRequest, problem: Problem | None = None) -> HttpResponse:
    now, cities = clock.now(), _cities()
    city = _city(request.POST.get("city", "") or request.GET.get("city", ""))
    running = env.run_info() or {"pids": {}}
    broken = broken_now(now)
    context = {
        "now": now,
        "cities": cities,
        "city": city,
        "speed": city.time_rate,
        "life": _life(now),
        "broken": broken,
        "mine": _mine(request),
        "can_break": _can_break(broken, city, running["pids"]),
        "refusal": Refusal(problem, "demo") if problem else None,
    }
    return render(request, "demo/demo.html", context, status=problem.status if problem else 200)


def _life(now: datetime) -> dict[str, Any] | None:
    """What the actors have counted; None when they have not written for a while."""
    path = env.data_dir() / "demo.json"
    if not path.exists() or now.timestamp() - path.stat().st_mtime > ALIVE_WITHIN.total_seconds():
        return None
    report: dict[str, Any] = json.loads(path.read_text())
    counts = report["counts"]
    carried = sum(report["on_duty"].values())
    shown = {name: counts.get(name, 0) for name in ("placed", "delivered", "tickets")}
    return {**shown, "waiting": report["waiting"], "on_duty": carried}


def _mine(request: PageRequest) -> bool:
    """Whether this browser holds a place now."""
    return not taken_seats().isdisjoint(keys_of(request.actor))


def _can_break(broken: list[Broken], city: City, pids: dict[str, int]) -> dict[str, bool]:
    """Each kind -> whether its button is there: not while the same thing is broken, nor when it is not ours."""
    ours = {"valkey_frozen": "valkey" in pids}
    busy = {each.mishap.kind for each in broken if each.city in (None, city)}
    return {kind: ours.get(kind, True) and kind not in busy for kind in mishaps.KINDS}
