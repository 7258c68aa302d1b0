"""The one place that opens connections by hand. PostgreSQL otherwise comes from Django's pool."""

import redis
import redis.asyncio
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

# What a client from here raises when the server does not answer.
ValkeyError = redis.RedisError
VALKEY_TIMEOUT_S = 0.2
SUBSCRIBE_TIMEOUT_S = 1.0


def open_valkey() -> redis.Redis:
    """A client that gives up after 200 ms and never tries twice: what it carries can be lost."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=VALKEY_TIMEOUT_S,
        socket_connect_timeout=VALKEY_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def open_valkey_subscriber() -> redis.asyncio.Redis:
    """A client for one long subscription in an event loop; an attempt to connect gives up after 1 s."""
    return redis.asyncio.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=SUBSCRIBE_TIMEOUT_S,
        socket_connect_timeout=SUBSCRIBE_TIMEOUT_S,
        socket_keepalive=True,
    )


def leave_pool() -> None:
    """From now on this thread has a connection of its own.

    A loop holds one for as long as it lives; the pool would lend it another's, and make it wait 2.5 s to learn
    that the database is away.
    """
    connection.close()
    own = {name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "pool"}
    connection.settings_dict = {**connection.settings_dict, "OPTIONS": own}
