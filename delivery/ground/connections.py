"""The one place that opens connections by hand. PostgreSQL otherwise comes from Django's pool."""

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

VALKEY_TIMEOUT_S = 0.2


def open_valkey() -> redis.Redis:
    """A client that gives up after 200 ms and never tries twice: what it carries can be lost."""
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=VALKEY_TIMEOUT_S,
        socket_connect_timeout=VALKEY_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )
