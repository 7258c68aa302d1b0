"""Numbers for Prometheus. Labels are names of views, methods, statuses and processes: never an id of anything."""

import time
from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, Histogram, generate_latest

from delivery.ground.outbox.selectors import Pulse
from delivery.ground.registry import wired

CONTENT_TYPE = CONTENT_TYPE_LATEST

HTTP_SECONDS = Histogram(
    "passeplat_http_seconds",
    "Time to answer a request, by view.",
    ["view", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class MetricsMiddleware:
    """Times each request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        view = request.resolver_match.view_name if request.resolver_match else "none"
        method = request.method if request.method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} else "other"
        HTTP_SECONDS.labels(view, method, response.status_code).observe(time.perf_counter() - began)
        return response


def exposition(*, is_database_up: bool, pulses: Mapping[str, Pulse], oldest_open_event_s: float | None) -> bytes:
    """Prometheus text of this process and of what the database says about all of them."""
    shared = CollectorRegistry()
    Gauge("passeplat_database_up", "Whether PostgreSQL answers.", registry=shared).set(is_database_up)
    age = Gauge("passeplat_heartbeat_age_seconds", "Since the last sign of life.", ["process"], registry=shared)
    for process, pulse in pulses.items():
        age.labels(process).set(pulse.age_s)
    if oldest_open_event_s is not None:
        Gauge(
            "passeplat_oldest_open_event_seconds", "Age of the oldest fact that waits for the relay.", registry=shared
        ).set(oldest_open_event_s)
    if is_database_up:
        for reading in wired.readings:
            gauge = Gauge(reading.name, reading.help, [reading.label], registry=shared)
            for label, value in reading.read().items():
                gauge.labels(label).set(value)
    return generate_latest(REGISTRY) + generate_latest(shared)
