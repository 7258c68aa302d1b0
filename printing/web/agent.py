"""`/ws/printers/`: the line of a box in a restaurant. Opened by the box, with its secret as Bearer token.

The messages are described in `printing.agent.line`.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

import structlog
from django.db import Error as DatabaseError
from django.db import connections

from delivery.devices.models import Device
from delivery.ground.live import origin
from delivery.ground.registry import wired
from printing.services import carried

log = structlog.get_logger(__name__)

PATH = "/ws/printers/"
LOOK_EVERY_S = 0.5
THREADS = 4
MOST_CHARACTERS = 1_000_000
CLOSE_UNKNOWN = 4401

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
T = TypeVar("T")

_threads = ThreadPoolExecutor(THREADS, "agent-line")


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    """One box from its handshake to its end."""
    await receive()
    box = await _in_thread(partial(_box_of, scope)) if origin.may_open(scope) else None
    if box is None:
        await send({"type": "websocket.close", "code": CLOSE_UNKNOWN})
        return
    await send({"type": "websocket.accept"})
    log.info("box_connected", box=str(box.public_id))
    tasks = [asyncio.create_task(_hand_out(box, send)), asyncio.create_task(_listen(box, receive, send))]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        log.info("box_gone", box=str(box.public_id))
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _hand_out(box: Device, send: Send) -> None:
    """Look for work as often as a worker does nearly; end when the box is no longer one of ours."""
    is_new_line = True
    while True:
        try:
            known = await _in_thread(partial(carried.box_of, (box.pk,)))
            if known is None:
                await send({"type": "websocket.close", "code": CLOSE_UNKNOWN})
                return
            for job in await _in_thread(partial(carried.jobs_for, box=known, is_new_line=is_new_line)):
                await _say(send, {"job": job})
            is_new_line = False
        except DatabaseError as error:
            log.warning("box_database_away", error=type(error).__name__)
        await asyncio.sleep(LOOK_EVERY_S)


async def _listen(box: Device, receive: Receive, send: Send) -> None:
    while (event := await receive())["type"] == "websocket.receive":
        text = event.get("text") or ""
        try:
            message = json.loads(text) if len(text) <= MOST_CHARACTERS else {}
            if "over" in message:
                await _in_thread(partial(carried.note_result, box=box, said=message["over"]))
                await _say(send, {"noted": message["over"]["token"]})
            elif "ping" in message:
                await _say(send, {"pong": message["ping"]})
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            log.warning("box_talks_nonsense", box=str(box.public_id), error=type(error).__name__)
        except DatabaseError as error:
            log.warning("box_database_away", error=type(error).__name__)  # not noted, so it will be said again


def _box_of(scope: Scope) -> Device | None:
    actor = wired.actor_of_scope(scope) if wired.actor_of_scope else None
    return carried.box_of(actor.device_ids) if actor is not None else None


async def _say(send: Send, message: dict[str, Any]) -> None:
    await send({"type": "websocket.send", "text": json.dumps(message)})


async def _in_thread(call: Callable[[], T]) -> T:
    def run() -> T:
        try:
            return call()
        finally:
            connections.close_all()

    return await asyncio.get_running_loop().run_in_executor(_threads, run)
