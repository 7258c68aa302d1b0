"""Builds the stage from the casts and lets it live until it is told to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx
from asgiref.sync import sync_to_async
from django.db import connection

from delivery import env
from delivery.demo.actors.breaking import Breaker
from delivery.demo.actors.cast import Cast, read_casts
from delivery.demo.actors.deliverer import Deliverer
from delivery.demo.actors.demand import Demand
from delivery.demo.actors.dispatcher import Dispatcher
from delivery.demo.actors.kitchen import Kitchen
from delivery.demo.actors.lobby import Lobby
from delivery.demo.actors.moods import dice, mood_of
from delivery.demo.actors.plugs import plug_in
from delivery.demo.actors.printer import Printer
from delivery.demo.actors.ride import Ride
from delivery.demo.actors.roads import Roads
from delivery.demo.actors.screen import Screen
from delivery.demo.actors.stage import Stage, write_report
from delivery.demo.actors.world import Diary, Town
from delivery.demo.line import Line
from printing.simulator import Simulator

SEED = 1
REPORT = "demo.json"
REPORT_EACH_S = 5.0
ASK_EACH_S = 0.5
TIMEOUT = httpx.Timeout(20.0)
LIMITS = httpx.Limits(max_connections=40, max_keepalive_connections=40)
# Everybody shares one client, so it keeps nobody's cookies.
NO_COOKIES = CookieJar(DefaultCookiePolicy(allowed_domains=()))


async def play(*, web_url: str, until: asyncio.Event) -> None:
    """Let everybody live until `until` is set. Raises NobodyThere."""
    casts = await sync_to_async(_set_up)()
    diary = Diary()
    roads = Roads()
    async with _http(web_url) as http:
        stage, taken = Stage(diary), set[str]()
        towns = {cast.city.slug: _fill(stage, cast, roads, http, web_url, taken) for cast in casts}
        stage.add(Breaker(stage, towns, taken))
        await _wait_for_the_doors(http, until)
        stage.begin()
        while not until.is_set():
            write_report(diary, towns.values(), env.data_dir() / REPORT)
            try:
                async with asyncio.timeout(REPORT_EACH_S):
                    await until.wait()
            except TimeoutError:
                continue
        await stage.end()


async def _wait_for_the_doors(http: httpx.AsyncClient, until: asyncio.Event) -> None:
    """Two hundred people at once would keep a platform from starting."""
    while not until.is_set():
        try:
            if (await http.get("/readyz")).is_success:
                return
        except httpx.TransportError:  # nobody listens yet
            pass
        await asyncio.sleep(ASK_EACH_S)


def _set_up() -> list[Cast]:
    try:
        casts = read_casts()
        plug_in(casts)
        return casts
    finally:
        connection.close()  # back to the pool


@asynccontextmanager
async def _http(web_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=web_url, timeout=TIMEOUT, limits=LIMITS, cookies=NO_COOKIES) as http:
        yield http


def _fill(stage: Stage, cast: Cast, roads: Roads, http: httpx.AsyncClient, web_url: str, taken: set[str]) -> Town:
    """Put everybody of one city on the stage. `taken`: the places where people sit."""
    city = cast.city

    def line(token: str) -> Line:
        return Line(http, web_url, token)

    town = Town(
        public_id=str(city.public_id),
        slug=city.slug,
        timed=city,
        meters_per_minute=city.meters_per_minute,
        service_min=city.pickup_service.total_seconds() / 60,
        spots=[shop.at for shop in cast.shops],
        roads=roads,
        diary=stage.diary,
    )
    for shop in cast.shops:
        for role, token in (("lobby", shop.lobby_token), ("kitchen", shop.kitchen_token)):
            kind = Lobby if role == "lobby" else Kitchen
            key, mood, chance = f"{role}:{shop.public_id}", mood_of(role, shop.slug, SEED), dice(SEED, role, shop.slug)
            stage.add(kind(key, town, shop, line(token), Screen(http, token), mood, chance))
    for rider in cast.riders:
        mood, chance = mood_of("deliverer", rider.login, SEED), dice(SEED, "deliverer", rider.login)
        at = chance.choice(town.spots)
        ride = Ride(town, line(rider.token), rider.vehicle, mood == "tunnel", chance, at)
        stage.add(Deliverer(rider.key, town, rider, line(rider.token), mood, chance, ride))
    for desk in cast.desks:
        stage.add(Dispatcher(desk.key, town, desk, line(desk.token), dice(SEED, "dispatcher", desk.login)))
    for device in cast.printers:
        mood, chance = mood_of("printer", device.uid, SEED), dice(SEED, "printer", device.uid)
        stage.add(Printer(f"printer:{device.uid}", town, device.shop_id, Simulator(port=device.port), mood, chance))
    stage.add(Demand(f"demand:{city.slug}", town, cast.guests, taken, line, SEED, dice(SEED, "demand", city.slug)))
    return town
