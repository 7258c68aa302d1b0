"""`/healthz`, `/readyz`, `/metrics`: what machines ask. Answered before sessions, host names and pages.

A probe comes without cookies and often by IP address, and `/healthz` must answer while every database is away.
"""

import ipaddress
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import redis
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from psycopg_pool import PoolTimeout

from delivery import env
from delivery.ground import metrics
from delivery.ground.connections import open_valkey
from delivery.ground.outbox import selectors
from delivery.ground.outbox.selectors import Pulse

# A busy database is not a dead one: a load balancer that hears "dead" makes it worse.
POSTGRES_TIMEOUT_S = 1.0
VALKEY_TIMEOUT_S = 0.2
SILENT_AFTER_S = 10.0
PROCESSES = {
    "web": ["web"],
    "relay": ["relay", "deadlines"],
    "planner": ["planner"],
    "worker": ["worker-default", "worker-print"],
}
PROXY_HEADERS = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")

_asking = ThreadPoolExecutor(max_workers=4, thread_name_prefix="health")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    ready: bool
    detail: str


class HealthMiddleware:
    """First of all middlewares."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path)
        return answer(request) if answer else self.get_response(request)


def healthz(request: HttpRequest) -> HttpResponse:
    """This process runs; nothing else is asked."""
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when every part is ready; Valkey alone away is 200 with `degraded`: what matters goes on without it."""
    postgres, pulses, oldest_s = _postgres()
    parts = {"postgres": postgres, "valkey": _valkey()}
    parts |= {name: _process(processes, pulses) for name, processes in PROCESSES.items()}
    is_ready = all(part.ready for name, part in parts.items() if name != "valkey")
    body: dict[str, Any] = {
        "ready": is_ready,
        "parts": {name: {"ready": part.ready, "detail": part.detail} for name, part in parts.items()},
        "oldest_open_event_s": oldest_s,
    }
    if not parts["valkey"].ready:
        body["degraded"] = True
    response = JsonResponse(body, status=200 if is_ready else 503)
    response["Cache-Control"] = "no-store"
    if not is_ready:
        response["Retry-After"] = "1"
    return response


def show_metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for this machine or for whoever has METRICS_TOKEN; a wish behind a proxy is not from here."""
    token = env.metrics_token()
    given = request.headers.get("Authorization", "")
    has_token = token is not None and constant_time_compare(given, f"Bearer {token}")
    if not has_token and not _is_from_here(request):
        return HttpResponse("METRICS_TOKEN is needed\n", status=403, content_type="text/plain")
    postgres, pulses, oldest_s = _postgres()
    text = metrics.exposition(is_database_up=postgres.ready, pulses=pulses, oldest_open_event_s=oldest_s)
    return HttpResponse(text, content_type=metrics.CONTENT_TYPE)


ANSWERS = {"/healthz": healthz, "/readyz": readyz, "/metrics": show_metrics}


def _is_from_here(request: HttpRequest) -> bool:
    """Headers of a proxy never grant anything; that they are there says that the caller may be anywhere."""
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _postgres() -> tuple[Part, dict[str, Pulse], float | None]:
    try:
        pulses, oldest_s = _within(POSTGRES_TIMEOUT_S, _read_database)
    except (Error, PoolTimeout, TimeoutError) as error:
        return Part(ready=False, detail=f"no answer: {type(error).__name__}"), {}, None
    return Part(ready=True, detail="answers"), pulses, oldest_s


def _read_database() -> tuple[dict[str, Pulse], float]:
    try:
        return selectors.heartbeats(), round(selectors.oldest_open_event_s(), 3)
    finally:
        connections.close_all()


def _valkey() -> Part:
    try:
        _within(VALKEY_TIMEOUT_S, _ping_valkey)
    except (redis.RedisError, TimeoutError, OSError) as error:
        return Part(ready=False, detail=f"no answer: {type(error).__name__}")
    return Part(ready=True, detail="answers")


def _ping_valkey() -> None:
    with open_valkey() as client:
        client.ping()


def _process(names: list[str], pulses: dict[str, Pulse]) -> Part:
    """A part is ready when each of its processes gave a sign of life just now."""
    silent = [f"{name}: {_since(pulses.get(name))}" for name in names if _is_silent(pulses.get(name))]
    notes = [str(pulses[name].detail["note"]) for name in names if name in pulses and "note" in pulses[name].detail]
    return Part(ready=not silent, detail="; ".join([*silent, *notes]) or "works")


def _is_silent(pulse: Pulse | None) -> bool:
    return pulse is None or pulse.age_s > SILENT_AFTER_S


def _since(pulse: Pulse | None) -> str:
    return "never seen" if pulse is None else f"silent for {pulse.age_s:.0f} s"


def _within(timeout_s: float, ask: Callable[[], T]) -> T:
    """The answer of `ask`, or TimeoutError; a call that hangs keeps its thread, not ours."""
    future: Future[T] = _asking.submit(ask)
    try:
        return future.result(timeout_s)
    finally:
        future.cancel()
