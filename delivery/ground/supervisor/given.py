"""Servers that somebody else runs: DATABASE_URL and REDIS_URL."""

import os

import psycopg

from delivery.ground.supervisor.binaries import POSTGRES_AT_LEAST
from delivery.ground.supervisor.failure import StartFailed


def database_url() -> str | None:
    """DATABASE_URL when it is set."""
    return os.environ.get("DATABASE_URL") or None


def redis_url() -> str | None:
    """REDIS_URL when it is set; it may be away, the platform runs degraded without it."""
    return os.environ.get("REDIS_URL") or None


def check_database() -> None:
    """Raises StartFailed when DATABASE_URL does not answer or is too old."""
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise StartFailed(f"DATABASE_URL: {' '.join(str(error).split())}") from error
    if version < POSTGRES_AT_LEAST:
        raise StartFailed(f"DATABASE_URL: PostgreSQL {version} is too old, {POSTGRES_AT_LEAST} or newer is needed")
