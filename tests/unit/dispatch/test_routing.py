"""Routing services over HTTP, against a real server: tables, silence, nonsense, redirects, rests."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from delivery.cities.models import City
from delivery.ground.geo import Point, distance_m
from dispatch import routing
from dispatch.engine.problem import StraightTravel
from dispatch.routing import RoutingService, ServiceTravel, service_at

SECONDS_A_METRE = 0.5
PLACES = [(0.0, 0.0), (900.0, 0.0), (0.0, 1200.0)]
Answering = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A server on this machine; `answer` may be replaced."""

    def __init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.answer(self)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: Any) -> None:
                """Tests are quiet."""

        self.asked: list[str] = []
        self.answer: Answering = tell
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def say(handler: BaseHTTPRequestHandler, body: Any, *, status: int = 200, **headers: str) -> None:
    said = json.dumps(body).encode()
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(said)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(said)


def tell(handler: BaseHTTPRequestHandler) -> None:
    """Both kinds of service, riding straight at one pace."""
    split = urlsplit(handler.path)
    if split.path.endswith("/sources_to_targets"):
        asked = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        first, second = ([Point(**spot) for spot in asked[name]] for name in ("sources", "targets"))
        cells = [[{"time": distance_m(a, b) * SECONDS_A_METRE} for b in second] for a in first]
        return say(handler, {"sources_to_targets": cells})
    pairs = [tuple(map(float, pair.split(","))) for pair in split.path.rsplit("/", 1)[1].split(";")]
    points = [Point(lat, lon) for lon, lat in pairs]
    query = parse_qs(split.query)
    first, second = ([points[int(at)] for at in query[name][0].split(";")] for name in ("sources", "destinations"))
    return say(handler, {"durations": [[distance_m(a, b) * SECONDS_A_METRE for b in second] for a in first]})


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.close()


def city() -> City:
    return City(lat=43.68, lon=4.63, meters_per_minute=250, detour=1.3)


def travel(service: RoutingService) -> ServiceTravel:
    return ServiceTravel(service, city(), StraightTravel(100), PLACES, "scooter")


def patient(kind: str, site: Site) -> RoutingService:
    """With time enough for a slow machine."""
    service = service_at(f"{kind}+{site.address}/some/path")
    assert service is not None
    service.within_s = 30.0
    return service


@pytest.mark.parametrize("kind", ["osrm", "valhalla"])
def test_a_service_tells_minutes_once(site: Site, kind: str) -> None:
    asking = travel(patient(kind, site))
    minutes = asking.minutes(PLACES)
    expected = np.array([[0, 900, 1200], [900, 0, 1500], [1200, 1500, 0]]) * SECONDS_A_METRE / 60
    assert np.allclose(minutes, expected, rtol=0.01)
    assert np.array_equal(asking.minutes(PLACES), minutes)
    assert (len(site.asked), site.asked[0].startswith("/some/path/")) == (1, True)
    assert asking.straight_legs(PLACES) == 0


def test_many_places_are_asked_in_parts(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "LIMIT", {"osrm": 4})
    places = [(float(100 * number), 0.0) for number in range(5)]
    asking = ServiceTravel(patient("osrm", site), city(), StraightTravel(100), places, "scooter")
    assert np.allclose(asking.minutes(places)[0], np.arange(5) * 100 * SECONDS_A_METRE / 60, rtol=0.01)
    assert len(site.asked) == 9


@pytest.mark.parametrize(
    "answer",
    [
        lambda handler: say(handler, {"durations": None}),
        lambda handler: say(handler, {"durations": [[1]]}),
        lambda handler: say(handler, {"durations": [[-1.0] * 3] * 3}),
        lambda handler: say(handler, {"durations": [["soon"] * 3] * 3}),
        lambda handler: say(handler, {}, status=500),
        lambda handler: say(handler, {}, status=302, Location="http://127.0.0.1:1/"),
        lambda handler: handler.connection.close(),
    ],
)
def test_nonsense_falls_back_and_says_so(site: Site, answer: Answering) -> None:
    site.answer = answer
    service = patient("osrm", site)
    asking = travel(service)
    assert np.array_equal(asking.minutes(PLACES), StraightTravel(100).minutes(PLACES))
    assert service.state.startswith("osrm away")
    assert asking.straight_legs(PLACES) == 2
    assert len(site.asked) == 1, "a service that is away is left in peace for a while"
    assert np.array_equal(asking.minutes(PLACES), StraightTravel(100).minutes(PLACES))
    assert len(site.asked) == 1


def test_silence_costs_no_more_than_it_may(site: Site) -> None:
    heard, done = threading.Event(), threading.Event()

    def wait(_: BaseHTTPRequestHandler) -> None:
        heard.set()
        done.wait(60)

    site.answer = wait
    service = service_at(f"osrm+{site.address}")
    assert service is not None
    minutes = travel(service).minutes(PLACES)  # comes back while the server is still silent
    done.set()
    assert np.array_equal(minutes, StraightTravel(100).minutes(PLACES))
    assert service.state.startswith("osrm away")


def test_no_way_is_no_way_and_a_service_that_is_back_is_asked_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routing, "REST_S", 0.0)
    service = patient("osrm", site)
    site.answer = lambda handler: say(handler, {}, status=503)
    travel(service).minutes(PLACES)
    assert service.state.startswith("osrm away")
    site.answer = lambda handler: say(handler, {"durations": [[None] * 3] * 3})
    assert np.isinf(travel(service).minutes(PLACES)[0, 1])
    assert service.state == "osrm answers"


def test_nobody_listens(site: Site) -> None:
    site.close()
    service = service_at(f"valhalla+{site.address}")
    assert service is not None
    assert np.array_equal(travel(service).minutes(PLACES), StraightTravel(100).minutes(PLACES))


@pytest.mark.parametrize("setting", ["file:///etc/passwd", "osrm+file:///etc/passwd", "here+http://x", "http://x"])
def test_a_setting_names_a_kind_and_a_web_address(setting: str) -> None:
    with pytest.raises(ValueError, match="TRAVEL_SERVICE"):
        service_at(setting)


def test_no_setting_is_no_service() -> None:
    assert (service_at(None), service_at("")) == (None, None)
