"""What the process was given: environment variables, and the files that `manage.py up` leaves in DATA_DIR.

Lowest layer: imports no Django and nothing of this project; settings and the supervisor stand on it.
It refuses to create anything: files in DATA_DIR are made by `delivery.ground.supervisor` alone.
"""

import fcntl
import functools
import json
import os
import secrets
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent
DEFAULT_KEY_PREFIX = "passeplat"
DEMO = "PASSEPLAT_DEMO"


class NotRunning(Exception):
    """A command needs the database, and neither DATABASE_URL nor a running `manage.py up` names one."""

    def __init__(self) -> None:
        super().__init__("not running: make up")


def data_dir() -> Path:
    """The folder that holds everything of this copy; `DATA_DIR`, else `.data` beside manage.py."""
    given = os.environ.get("DATA_DIR")
    return Path(given).absolute() if given else BASE_DIR / ".data"


def port() -> int:
    """The TCP port of the web process; `PORT`, else 8000. Raises ValueError when it is no port number."""
    number = int(os.environ.get("PORT") or 8000)
    if not 0 < number < 65536:
        raise ValueError(f"PORT={number} is not between 1 and 65535")
    return number


def is_supervised() -> bool:
    """Whether a `manage.py up` is alive on DATA_DIR: it holds a flock on DATA_DIR/lock."""
    try:
        descriptor = os.open(data_dir() / "lock", os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def run_info() -> dict[str, Any] | None:
    """DATA_DIR/run.json of the running `manage.py up`: `{web_url, database_url, redis_url, pids}`, else None.

    A run.json that a killed supervisor left behind counts as absent: its processes died with it.
    """
    if not is_supervised():
        return None
    try:
        content = (data_dir() / "run.json").read_text()
    except FileNotFoundError:
        return None
    info: dict[str, Any] = json.loads(content)
    return info


def database_url() -> str | None:
    """`postgresql://user:password@host:port/name` of DATABASE_URL, else of the running `up`, else None."""
    return os.environ.get("DATABASE_URL") or _from_run("database_url")


def redis_url() -> str | None:
    """`redis://:password@host:port/0` of REDIS_URL, else of the running `up`, else None."""
    return os.environ.get("REDIS_URL") or _from_run("redis_url")


def secret_key() -> str:
    """Django's SECRET_KEY: the variable, else the one `up` made, else a random one (signs nothing)."""
    return os.environ.get("SECRET_KEY") or _read("secrets/secret_key") or _random_key()


def metrics_token() -> str | None:
    """METRICS_TOKEN: the bearer token that opens /metrics to callers outside loopback; None when not set."""
    return os.environ.get("METRICS_TOKEN") or None


def allowed_hosts() -> list[str]:
    """Host names the web process answers to; ALLOWED_HOSTS (comma-separated), else this machine only."""
    return [host for host in os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",") if host]


def is_https() -> bool:
    """Whether people reach the platform over TLS (HTTPS=1): cookies are then sent over TLS only."""
    return os.environ.get("HTTPS") == "1"


def is_demo() -> bool:
    """Whether this is a process of `up --demo`, which sets PASSEPLAT_DEMO: simulated people, and their page."""
    return os.environ.get(DEMO) == "1"


def pool_size() -> int:
    """Most database connections that one process keeps; DATABASE_POOL, else 10."""
    return int(os.environ.get("DATABASE_POOL") or 10)


def process_name() -> str:
    """Name of this process in logs and in pg_stat_activity; PASSEPLAT_PROCESS, else `manage`."""
    return os.environ.get("PASSEPLAT_PROCESS", "manage")


def printer_networks() -> list[str]:
    """Networks (CIDR) that raw TCP printers may live in; PRINTER_NETWORKS, else loopback only."""
    return os.environ.get("PRINTER_NETWORKS", "127.0.0.0/8").split(",")


def webhook_networks() -> list[str]:
    """Private networks (CIDR) that webhooks may go to all the same; WEBHOOK_NETWORKS, else none."""
    return [network.strip() for network in os.environ.get("WEBHOOK_NETWORKS", "").split(",") if network.strip()]


def printer_folders() -> list[str]:
    """Folders that devices and files of printers may lie in; PRINTER_FOLDERS, else Linux' own for USB printers."""
    return os.environ.get("PRINTER_FOLDERS", "/dev/usb").split(",")


def map_tiles() -> str:
    """Address of the street map (.pmtiles, layers as in static/map/README.md); MAP_TILES, else the demonstration's."""
    return os.environ.get("MAP_TILES") or "/static/map/coquimbo.pmtiles"


def travel_service() -> str | None:
    """TRAVEL_SERVICE: `osrm+http://host:port` or `valhalla+http://host:port`; None: the city's own streets."""
    return os.environ.get("TRAVEL_SERVICE") or None


def street_network() -> Path | None:
    """The streets of the cities (.npz: delivery/cities/network.py): STREET_NETWORK, else the demonstration's.

    None when STREET_NETWORK is set and empty.
    """
    given = os.environ.get("STREET_NETWORK")
    if given is None:
        return BASE_DIR / "delivery" / "demo" / "town" / "coquimbo.npz"
    return Path(given) if given else None


def key_prefix() -> str:
    """First word of every Valkey key, channel and queue, so that several copies can share one Valkey.

    KEY_PREFIX (the same on all machines of one installation), else the one `up` made, else `passeplat`.
    """
    return os.environ.get("KEY_PREFIX") or _read("key_prefix") or DEFAULT_KEY_PREFIX


def _from_run(key: str) -> str | None:
    info = run_info()
    return str(info[key]) if info and info.get(key) else None


def _read(name: str) -> str | None:
    try:
        return (data_dir() / name).read_text().strip() or None
    except FileNotFoundError:
        return None


@functools.cache
def _random_key() -> str:
    return secrets.token_urlsafe(50)
