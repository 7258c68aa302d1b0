"""One socket's side: what it follows, where it stands in each topic, and the texts to send, never without a bound."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from delivery.ground.access import Actor
from delivery.ground.live.feed import Frame
from delivery.ground.live.store import JoinRead, Since

QUEUE_TEXTS = 256
JOINING_FRAMES = 256
# A server without back-pressure takes all we send, so a slow reader shows only in what its pings confirm.
UNSEEN_BYTES = 8_000_000
TEXTS_PER_TURN = 16

SendText = Callable[[str], Awaitable[None]]
Push = Callable[[str], None]


class Close(IntEnum):
    """Why the server closes a socket."""

    SIGNED_OUT = 4401
    RIGHTS_CHANGED = 4403
    RESYNC = 4408
    UNAVAILABLE = 4503


@dataclass(slots=True)
class Cursor:
    """Where a socket stands in a topic. While its first read runs, frames gather in `joining`.

    `confirmable` is the position at the last ping: a screen that shows less at its next one has missed something.
    """

    epoch: str = ""
    seq: int = 0
    confirmable: int = 0
    joining: list[Frame] | None = field(default_factory=list)


class Follower:
    """One connected socket. Methods other than `pump` never wait: a slow reader cannot delay another one."""

    def __init__(self, actor: Actor, rights: object, *, heard_at: float, push: Push | None = None) -> None:
        """`push` sends a text without waiting, where the server can; otherwise `pump` sends them."""
        self.actor = actor
        self.rights = rights
        self._push = push
        self.heard_at = heard_at
        self.cursors: dict[str, Cursor] = {}
        self.ended: asyncio.Future[Close] = asyncio.get_running_loop().create_future()
        self._texts: asyncio.Queue[str] = asyncio.Queue(QUEUE_TEXTS)
        self._unseen: deque[tuple[str, int, int]] = deque()
        self._unseen_bytes = 0

    def close(self, code: Close) -> None:
        if not self.ended.done():
            self.ended.set_result(code)

    def resync(self, topic: str) -> None:
        """The topic cannot go on from where this socket stands: the screen joins it again from where it is."""
        if self.cursors.pop(topic, None) is not None:
            self.say({"resync": topic})

    def say(self, message: Mapping[str, Any]) -> None:
        self._put(json.dumps(message, separators=(",", ":")))

    def expect(self, topic: str) -> Cursor:
        """The topic's frames gather from now on, until `begin`; returns the mark of this join."""
        self.cursors[topic] = Cursor()
        self._unseen = deque(item for item in self._unseen if item[0] != topic)
        self._unseen_bytes = sum(item[2] for item in self._unseen)
        return self.cursors[topic]

    def begin(self, read: JoinRead, cursor: Cursor) -> None:
        """Send what was read, then what came meanwhile; nothing if the socket has left or joined anew."""
        if self.cursors.get(read.topic) is not cursor:
            return
        frames, cursor.joining = cursor.joining or [], None
        cursor.epoch, cursor.seq = read.epoch, read.seq
        self._put_frame(read.topic, read.seq, json.dumps(read.as_wire(), separators=(",", ":")))
        for frame in frames:
            self.take(frame)

    def take(self, frame: Frame) -> None:
        """A frame of a topic; the part that this socket already has is not sent again."""
        cursor = self.cursors.get(frame.topic)
        if cursor is None:
            return
        if cursor.joining is not None:
            cursor.joining.append(frame)
            if len(cursor.joining) > JOINING_FRAMES:
                self.close(Close.RESYNC)
        elif frame.start > cursor.seq:
            self.resync(frame.topic)
        elif frame.to > cursor.seq:
            part = frame if frame.start == cursor.seq else frame.after(cursor.seq)
            cursor.seq = frame.to
            self._put_frame(frame.topic, frame.to, part.text(cursor.epoch))

    def leave(self, topic: str) -> None:
        self.cursors.pop(topic, None)

    def confirm(self, at: Mapping[str, Since]) -> None:
        """The screen says what it shows; where that cannot be, the topic is read anew."""
        while self._unseen and self._is_seen(*self._unseen[0][:2], at):
            self._unseen_bytes -= self._unseen.popleft()[2]
        for topic, shown in at.items():
            cursor = self.cursors.get(topic)
            if cursor is None:
                self.say({"resync": topic})
            elif cursor.joining is None:
                if shown.epoch != cursor.epoch or not cursor.confirmable <= shown.seq <= cursor.seq:
                    self.resync(topic)
                cursor.confirmable = cursor.seq

    async def pump(self, send: SendText) -> None:
        """Send texts for as long as the socket lives; now and then lets the others have a turn."""
        while True:
            for _ in range(TEXTS_PER_TURN):
                await send(await self._texts.get())
            await asyncio.sleep(0)

    def _is_seen(self, topic: str, to: int, at: Mapping[str, Since]) -> bool:
        return topic not in self.cursors or (topic in at and at[topic].seq >= to)

    def _put_frame(self, topic: str, to: int, text: str) -> None:
        self._unseen.append((topic, to, len(text)))
        self._unseen_bytes += len(text)
        if self._unseen_bytes > UNSEEN_BYTES and len(self._unseen) > 1:
            self.close(Close.RESYNC)
        self._put(text)

    def _put(self, text: str) -> None:
        if self._push is not None:
            self._push(text)
            return
        try:
            self._texts.put_nowait(text)
        except asyncio.QueueFull:
            self.close(Close.RESYNC)
