"""`/ws/`: one socket per screen. Authenticates, reads what the screen says, carries what the hub has for it.

Server to screen: `{"hello": {server_time, heartbeat_s}}`, frames `{topic, epoch, from, to, snapshot, rows}`,
`{"refused": topic or null, "code"}`, `{"resync": topic}` (join it again with your position), and
`{"pong": n, "server_time", "checked_s"}`, where `checked_s` is how long ago the database was last seen.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from functools import partial
from typing import Any

import structlog
from django.db import Error as DatabaseError

from delivery.ground import clock
from delivery.ground.access import Actor
from delivery.ground.errors import Problem
from delivery.ground.live import origin, store
from delivery.ground.live.follower import Close, Follower
from delivery.ground.live.hub import Hub
from delivery.ground.live.protocol import MOST_TOPICS, Command, Join, Leave, Ping, TooManyTopics, parse
from delivery.ground.registry import wired

log = structlog.get_logger(__name__)

PATH = "/ws/"
HEARTBEAT_S = 10
CLOSE_WAIT_S = 5.0
# The extension of the scope by which a server takes texts without waiting (`server.push`).
PUSH = "passeplat.push"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def live_socket() -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The ASGI application of `/ws/`, with its own hub, which starts with the first socket."""
    hub = Hub()
    running: list[asyncio.Task[None]] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if not running:
            running.append(asyncio.create_task(hub.run()))
        await serve(hub, scope, receive, send)

    return application


async def serve(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """One socket from its handshake to its end."""
    await receive()
    if scope["path"] != PATH or not origin.may_open(scope):
        await send({"type": "websocket.close"})
        return
    # A token offered as a second subprotocol is read, never repeated.
    subprotocol = origin.BEARER if origin.offers_bearer(scope) else None
    await send({"type": "websocket.accept", "subprotocol": subprotocol})
    follower = await _follower(hub, scope)
    if isinstance(follower, Close):
        await send(_closing(follower))
        return
    hub.followers.add(follower)
    try:
        await _carry(hub, follower, receive, send)
    finally:
        hub.drop(follower)


async def _follower(hub: Hub, scope: Scope) -> Follower | Close:
    try:
        known = await hub.in_thread(partial(_who, scope))
    except DatabaseError as error:
        log.warning("live_database_away", error=type(error).__name__)
        return Close.UNAVAILABLE
    if known is None:
        return Close.SIGNED_OUT
    push = scope.get("extensions", {}).get(PUSH, {}).get("push")
    return Follower(*known, heard_at=asyncio.get_running_loop().time(), push=push)


def _who(scope: Scope) -> tuple[Actor, object] | None:
    """The actor and their rights as of now. Rights come first: whatever is decided later is decided on newer ones."""
    actor = wired.actor_of_scope(scope) if wired.actor_of_scope else None
    rights = store.rights_of(actor) if actor is not None else None
    return None if actor is None or rights is None else (actor, rights)


async def _carry(hub: Hub, follower: Follower, receive: Receive, send: Send) -> None:
    async def send_text(text: str) -> None:
        await send({"type": "websocket.send", "text": text})

    follower.say({"hello": {"server_time": clock.now().isoformat(), "heartbeat_s": HEARTBEAT_S}})
    tasks = [
        asyncio.create_task(follower.pump(send_text)),
        asyncio.create_task(_listen(hub, follower, receive)),
    ]
    ends: list[asyncio.Future[Any]] = [*tasks, follower.ended]
    try:
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    if follower.ended.done():
        with suppress(TimeoutError):  # the screen does not even read its close
            async with asyncio.timeout(CLOSE_WAIT_S):
                await send(_closing(follower.ended.result()))
    for result in results:
        if isinstance(result, Exception):
            raise result


def _closing(why: Close) -> dict[str, Any]:
    """A plain number: autobahn, under daphne, refuses a code of any other type and then closes without one."""
    return {"type": "websocket.close", "code": int(why)}


async def _listen(hub: Hub, follower: Follower, receive: Receive) -> None:
    """Until the screen leaves."""
    while (event := await receive())["type"] == "websocket.receive":
        follower.heard_at = asyncio.get_running_loop().time()
        try:
            commands = parse(event.get("text") or "")
        except Problem as problem:
            follower.say({"refused": None, "code": problem.code})
            continue
        for command in commands:
            await _obey(hub, follower, command)


async def _obey(hub: Hub, follower: Follower, command: Command) -> None:
    match command:
        case Ping(n, at):
            follower.confirm(at)
            follower.say({"pong": n, "server_time": clock.now().isoformat(), "checked_s": hub.checked_s()})
        case Leave(topic):
            hub.leave(follower, topic)
        case Join(topic, since):
            try:
                if topic not in follower.cursors and len(follower.cursors) >= MOST_TOPICS:
                    raise TooManyTopics()
                await hub.join(follower, topic, since)
            except Problem as problem:
                follower.say({"refused": topic, "code": problem.code})
            except DatabaseError as error:
                log.warning("live_database_away", error=type(error).__name__)
                follower.say({"refused": topic, "code": "unavailable"})
