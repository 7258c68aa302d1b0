"""The line between an actor and the platform: HTTP with a key per write, and a socket that follows a topic.

An actor survives what a phone survives: a dropped connection, a restarting server, a 503. It repeats a write
under the same key until it has an answer; everything that it could not make good is in `Errors`.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import websockets

PATIENCE_S = 120.0  # an actor tries a request for so long
PAUSE_S = 0.5
LISTEN_S = 12.0  # a socket that says nothing for so long is opened anew


T = TypeVar("T")


class Refused(Exception):
    """The platform said no: `status`, `code` and the problem's body."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body.get('code')}: {body.get('detail')}")
        self.status = status
        self.code = str(body.get("code", ""))
        self.body = body


@dataclass
class Errors:
    """What went wrong for good, as lines for the report."""

    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        self.lines.append(line)


class Line:
    """One actor's connection, under its own Bearer token."""

    def __init__(self, http: httpx.AsyncClient, web_url: str, token: str) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}
        self._socket_url = web_url.replace("http", "ws", 1) + "/ws/"

    async def get(self, path: str) -> dict[str, Any]:
        """GET /api/v1<path>. Raises Refused."""
        return await self._ask("GET", path, None, self._headers)

    async def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """POST /api/v1<path> under a new Idempotency-Key, repeated with the same key. Raises Refused."""
        headers = self._headers | {"Idempotency-Key": str(uuid4())}
        return await self._ask("POST", path, body or {}, headers)

    async def _ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> dict[str, Any]:
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            is_last = time.monotonic() >= give_up_at
            try:
                answer = await self._http.request(method, f"/api/v1{path}", json=body, headers=headers)
            except httpx.TransportError:
                if is_last:
                    raise
                await asyncio.sleep(PAUSE_S)
                continue
            content: dict[str, Any] = answer.json() if answer.content else {}
            if answer.is_success:
                return content
            again = answer.status_code in (429, 502, 503) or content.get("code") == "in_progress"
            if not again or is_last:
                raise Refused(answer.status_code, content)
            await asyncio.sleep(float(answer.headers.get("Retry-After", PAUSE_S)))

    async def follow(self, topic: str) -> AsyncGenerator[dict[str, Any], None]:
        """The rows of `topic`, whole at first, then as they change, for ever; reconnects by itself."""
        position: dict[str, Any] = {}
        while True:
            try:
                async with websockets.connect(self._socket_url, additional_headers=self._headers) as socket:
                    await socket.send(json.dumps({"join": [{"topic": topic, **position}]}))
                    while True:
                        frame = await self._next(socket)
                        if "resync" in frame or frame.get("code") == "unavailable":
                            await asyncio.sleep(PAUSE_S)
                            break
                        if "refused" in frame:
                            raise Refused(403, frame)
                        for row in frame.get("rows", ()):
                            yield row
                        if "to" in frame:
                            position = {"epoch": frame["epoch"], "since": frame["to"]}
            except (OSError, TimeoutError, websockets.WebSocketException):
                await asyncio.sleep(PAUSE_S)

    @staticmethod
    async def _next(socket: websockets.ClientConnection) -> dict[str, Any]:
        """The next frame; asks once for a sign of life before giving the socket up."""
        try:
            text = await _within(LISTEN_S / 2, socket.recv())
        except TimeoutError:
            await socket.send('{"ping": 1}')
            text = await _within(LISTEN_S / 2, socket.recv())
        frame: dict[str, Any] = json.loads(text)
        return frame


async def _within(seconds: float, wish: Awaitable[T]) -> T:
    """Raises TimeoutError. Not by `wait_for`: in Python 3.11 it loses a cancellation that comes together with what it
    waits for, and the actor would follow its topic for ever.
    """
    async with asyncio.timeout(seconds):
        return await wish
