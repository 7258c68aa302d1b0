"""The line between an actor and the platform: HTTP with a key per write, and a socket that follows a topic.

An actor survives what a phone survives: a dropped connection, a restarting server, a 503. It repeats a write
under the same key until it has an answer; everything that it could not make good is in `Errors`.
"""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import websockets

PATIENCE_S = 120.0  # an actor tries a request for so long
PAUSE_S = 0.5
MOST_GONE = 500  # entities that are remembered after they have left
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


class _Known:
    """How far a follower has come and which versions it was shown, as static/live.js keeps them."""

    def __init__(self) -> None:
        self.position: dict[str, Any] = {}
        self._versions: dict[str, int] = {}
        self._gone: dict[str, int] = {}

    def has_gap_before(self, frame: dict[str, Any]) -> bool:
        """Whether something was lost between what was shown and this frame."""
        if frame.get("snapshot") or "from" not in frame:
            return False
        return bool(frame["epoch"] != self.position.get("epoch") or frame["from"] > self.position["since"])

    def take(self, frame: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The rows of a frame that are no older than what was shown, after those that a snapshot leaves out."""
        rows: list[dict[str, Any]] = frame.get("rows", [])
        if frame.get("snapshot"):
            left = self._versions.keys() - {row["entity"] for row in rows}
            rows = [{"entity": each, "version": self._versions[each], "gone": True} for each in left] + rows
        yield from (row for row in rows if self._put(row))
        if "to" in frame:
            self.position = {"epoch": frame["epoch"], "since": frame["to"]}

    def _put(self, row: dict[str, Any]) -> bool:
        entity, version = row["entity"], row["version"]
        if version < max(self._versions.get(entity, 0), self._gone.get(entity, 0)):
            return False  # late news of something newer, or of the dead
        self._versions.pop(entity, None)
        self._gone.pop(entity, None)
        (self._gone if row.get("gone") else self._versions)[entity] = version
        if len(self._gone) > MOST_GONE:
            del self._gone[next(iter(self._gone))]
        return True


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
        known = _Known()
        while True:
            try:
                async with websockets.connect(
                    self._socket_url, additional_headers=self._headers, compression=None
                ) as socket:
                    await socket.send(json.dumps({"join": [{"topic": topic, **known.position}]}))
                    while True:
                        frame = await self._next(socket)
                        if "resync" in frame or frame.get("code") == "unavailable":
                            await asyncio.sleep(PAUSE_S)
                            break
                        if "refused" in frame:
                            raise Refused(403, frame)
                        if known.has_gap_before(frame):
                            await socket.send(json.dumps({"join": [{"topic": topic, **known.position}]}))
                            continue
                        for row in known.take(frame):
                            yield row
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
