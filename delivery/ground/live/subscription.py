"""The one Valkey subscription of a process. What it loses while away is found in PostgreSQL, so it never raises."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0


class Subscription:
    """Channels come and go with `follow` and `leave`; `heard(data)` is called for each message.

    Args:
        client: makes a client that gives up connecting after a short time.
        keepalive: a channel that is always listened to, so that the connection stays while nothing is followed.
        connected: called after each (re)connection, when all channels are subscribed.
    """

    def __init__(
        self,
        *,
        client: Callable[[], Redis],
        keepalive: str,
        heard: Callable[[bytes], None],
        connected: Callable[[], Awaitable[None]],
    ) -> None:
        self._client = client
        self._channels = {keepalive}
        self._heard = heard
        self._connected = connected
        self._pubsub: PubSub | None = None

    async def follow(self, channel: str) -> None:
        self._channels.add(channel)
        await self._tell("subscribe", channel)

    async def leave(self, channel: str) -> None:
        self._channels.discard(channel)
        await self._tell("unsubscribe", channel)

    async def run(self) -> None:
        """Listen for ever, through every loss of the connection."""
        pause_s = FIRST_PAUSE_S
        while True:
            client = self._client()
            try:
                async with client.pubsub() as pubsub:
                    await self._subscribe(pubsub)
                    pause_s = FIRST_PAUSE_S
                    await self._connected()
                    await self._listen(pubsub)
            except (RedisError, OSError) as error:
                log.warning("live_subscription_lost", error=type(error).__name__)
            finally:
                self._pubsub = None
                await client.aclose()
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.5))
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _subscribe(self, pubsub: PubSub) -> None:
        told = set(self._channels)
        await pubsub.subscribe(*told)
        self._pubsub = pubsub
        if late := self._channels - told:
            await pubsub.subscribe(*late)

    async def _listen(self, pubsub: PubSub) -> None:
        task = asyncio.current_task()
        # redis-py can swallow a cancellation that comes while it connects or subscribes.
        while task is None or not task.cancelling():
            message: dict[str, Any] | None = await pubsub.get_message(ignore_subscribe_messages=True, timeout=5.0)
            if message is not None:
                self._heard(message["data"])
        raise asyncio.CancelledError

    async def _tell(self, command: str, channel: str) -> None:
        """Without a connection there is nothing to tell: the next one starts with all channels."""
        if self._pubsub is None:
            return
        try:
            await getattr(self._pubsub, command)(channel)
        except (RedisError, OSError) as error:
            log.warning("live_subscription_lost", error=type(error).__name__)
