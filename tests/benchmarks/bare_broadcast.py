"""The yardstick: one Valkey subscription and `websockets.broadcast`, nothing else. Arguments: port, channel."""

import asyncio
import os
import sys

import websockets
from redis.asyncio import Redis


async def serve(port: int, channel: str) -> None:
    sockets: set[websockets.ServerConnection] = set()

    async def hold(socket: websockets.ServerConnection) -> None:
        sockets.add(socket)
        await socket.wait_closed()
        sockets.discard(socket)

    async with websockets.serve(hold, "127.0.0.1", port, compression=None, ping_interval=None):
        pubsub = Redis.from_url(os.environ["REDIS_URL"]).pubsub()
        await pubsub.subscribe(channel)
        async for message in pubsub.listen():
            if message["type"] == "message":
                websockets.broadcast(sockets, message["data"].decode())


asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
