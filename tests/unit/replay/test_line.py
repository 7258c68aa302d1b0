"""Whoever is sent home goes home, also when a frame arrives at the same moment."""

import asyncio
import json

import pytest

from delivery.demo.line import Line


class Socket:
    """A socket whose next text comes when it is told."""

    def __init__(self) -> None:
        self.text: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def recv(self) -> str:
        return await self.text


@pytest.mark.parametrize("turns", range(5))
def test_a_cancellation_is_not_lost_in_a_frame(turns: int) -> None:
    async def scene() -> None:
        socket = Socket()
        waiting = asyncio.create_task(Line._next(socket))  # type: ignore[arg-type]  # as much of a socket as it needs
        await asyncio.sleep(0.01)
        socket.text.set_result(json.dumps({"pong": 1}))
        for _ in range(turns):
            await asyncio.sleep(0)
        if waiting.done():
            return  # the frame was first
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(scene())
