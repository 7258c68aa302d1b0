"""Plays the day: starts every actor, waits until all orders are over, and reports."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import httpx
from asgiref.sync import sync_to_async

from delivery.demo.line import Line
from delivery.demo.replay.city import Founded, basket_of, found_city, free_name, register_customers
from delivery.demo.replay.clock import DayClock
from delivery.demo.replay.customer import Customer
from delivery.demo.replay.deliverer import Deliverer
from delivery.demo.replay.instance import Instance
from delivery.demo.replay.lobby import Lobby
from delivery.demo.replay.report import make_report
from delivery.demo.replay.script import Script
from printing.simulator.printer import Simulator

WARM_UP_MIN = 10  # city minutes before the first order
GRACE_MIN = 90  # city minutes after the last shift
LEAD_S, LEAD_S_PER_THING = 2.0, 0.03  # real time in which shops open and people are hired
LOOK_S, TELL_S = 0.25, 2.0
HOME_WITHIN_S = 30.0
TIMEOUT = httpx.Timeout(20.0)
LIMITS = httpx.Limits(max_connections=60, max_keepalive_connections=60)
Tell = Callable[[str], None]
Actor = Customer | Lobby | Deliverer


async def play(instance: Instance, *, web_url: str, speed: float, run: str, tell: Tell) -> dict[str, Any]:
    """Play `instance` at `speed` city seconds per second; returns the report of SURFACES.

    `run` goes into the city's name. `tell` gets lines for people.
    """
    simulators = {name: Simulator() for name in sorted({order.restaurant for order in instance.orders})}
    await asyncio.gather(*(simulator.start() for simulator in simulators.values()))
    try:
        slug = await sync_to_async(free_name)(instance, run=run)
        tell(f"{slug}: {len(simulators)} restaurants, {len(instance.deliverers)} deliverers, speed {speed:g}")
        tokens = await sync_to_async(register_customers)(instance, city=slug)
        clock = DayClock(speed, starts_at_min=instance.orders[0].placed_min - WARM_UP_MIN)
        clock.start(in_s=LEAD_S + (len(simulators) + len(instance.deliverers)) * LEAD_S_PER_THING)
        founded = await sync_to_async(found_city)(
            instance,
            slug=slug,
            rate=speed,
            starts_at_min=clock.starts_at_min,
            lead_s=clock.lead_left_s(),
            ports={name: simulator.port for name, simulator in simulators.items()},
        )
        tell(f"founded, {clock.lead_left_s():.1f} s before its clock starts")
        async with httpx.AsyncClient(base_url=web_url, timeout=TIMEOUT, limits=LIMITS) as http:
            script = Script.of(instance, clock)
            shown = await _live(script, founded, tokens, _Lines(http, web_url), tell)
    finally:
        await asyncio.gather(*(simulator.stop() for simulator in simulators.values()))
    tickets = [ticket for simulator in simulators.values() for ticket in simulator.tickets]
    return make_report(script, shown=shown, tickets=tickets)


class _Lines:
    def __init__(self, http: httpx.AsyncClient, web_url: str) -> None:
        self._http = http
        self._web_url = web_url

    def __call__(self, token: str) -> Line:
        return Line(self._http, self._web_url, token)


async def _live(script: Script, founded: Founded, tokens: dict[str, str], line: _Lines, tell: Tell) -> dict[str, str]:
    """Let everybody live until all is over; returns what each customer is shown at the end."""
    customers = [
        Customer(
            script,
            fate,
            line(tokens[name]),
            basket_of(founded.shops[fate.demand.restaurant], fate.demand.place, founded.plane),
        )
        for name, fate in script.fates.items()
    ]
    lobbies = [Lobby(script, shop.public_id, line(shop.lobby_token)) for shop in founded.shops.values()]
    deliverers = [
        Deliverer(script, crew.duty, crew.public_id, line(crew.token), founded.plane) for crew in founded.crews
    ]
    actors: list[Actor] = [*customers, *lobbies, *deliverers]
    tasks = [asyncio.create_task(_guarded(actor, script), name=type(actor).__name__) for actor in actors]
    await _wait_for_the_end(script, tell)
    tell("asking each customer what is shown at the end")
    looks = await asyncio.gather(*(customer.look() for customer in customers))
    await _send_home(tasks, script, tell)
    return dict(zip(script.fates, looks, strict=True))


async def _send_home(tasks: Sequence[asyncio.Task[None]], script: Script, tell: Tell) -> None:
    for task in tasks:
        task.cancel()
    tell("sending everybody home")
    _, left = await asyncio.wait(tasks, timeout=HOME_WITHIN_S)
    for name, count in Counter(task.get_name() for task in left).items():
        script.errors.add(f"{count} x {name} did not go home within {HOME_WITHIN_S:.0f} s")


async def _wait_for_the_end(script: Script, tell: Tell) -> None:
    end = max(duty.off_min for duty in script.instance.deliverers) + GRACE_MIN
    tell_at = 0.0
    while not script.all_over() and script.clock.minute() < end:
        await asyncio.sleep(LOOK_S)
        if time.monotonic() >= tell_at:
            tell(_progress(script))
            tell_at = time.monotonic() + TELL_S
    tell(_progress(script))


async def _guarded(actor: Actor, script: Script) -> None:
    """An actor that breaks is an error of the report, and the others live on."""
    try:
        await actor.live()
    except Exception as error:  # whatever breaks an actor must be seen in the report
        script.errors.add(f"{type(actor).__name__}: {error!r}")


def _progress(script: Script) -> str:
    fates = script.fates.values()
    placed = sum(bool(fate.order_id) for fate in fates)
    over = sum(fate.is_over.is_set() for fate in fates)
    return f"minute {script.clock.minute():.0f}: {placed} of {len(fates)} placed, {over} over"
