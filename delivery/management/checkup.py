"""What `manage.py doctor` looks at: each check says what it found, and whether somebody has to act."""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import redis
from django.db import Error, connection
from django.db.models.functions import Coalesce, Now

from delivery import env
from delivery.devices.models import Device, Kind
from delivery.ground.connections import open_valkey
from delivery.ground.health import PROCESSES, SILENT_AFTER_S
from delivery.ground.outbox import parked, selectors
from printing.models import Printer

OLDEST_POSTGRES = 17
MOST_SKEW_S = 1.0
LEAST_FREE_BYTES = 1_000_000_000
MOST_WAITING_S = 10.0
SILENT_DEVICE = timedelta(days=1)
OLDEST_BACKUP_S = timedelta(days=1).total_seconds()
TROUBLED = (Printer.State.PAPER, Printer.State.COVER, Printer.State.OFFLINE, Printer.State.FAULT)


@dataclass(frozen=True, slots=True)
class Finding:
    """`part` is fine, or `detail` says what is to be done about it."""

    part: str
    is_fine: bool
    detail: str


def examine() -> Iterator[Finding]:
    """Every part of this copy; when PostgreSQL is away, nothing that is kept in it can be told."""
    yield _disk()
    yield _valkey()
    try:
        yield from _in_database()
    except Error as error:
        yield Finding("postgres", is_fine=False, detail=f"does not answer ({type(error).__name__}): start it")


def _in_database() -> Iterator[Finding]:
    for check in (_postgres, _clock, _backup, _processes, _events, _parked, _devices, _printers):
        yield from check()


def _disk() -> Finding:
    usage = shutil.disk_usage(env.data_dir() if env.data_dir().exists() else env.BASE_DIR)
    detail = f"{usage.free / 1e9:.1f} GB free of {usage.total / 1e9:.1f} GB"
    is_fine = usage.free >= LEAST_FREE_BYTES
    return Finding("disk", is_fine, detail if is_fine else f"{detail}: make room")


def _valkey() -> Finding:
    try:
        with open_valkey() as client:
            client.ping()
    except (redis.RedisError, OSError, ValueError) as error:
        return Finding("valkey", is_fine=False, detail=f"does not answer ({type(error).__name__}): screens poll")
    return Finding("valkey", is_fine=True, detail="answers")


def _postgres() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    is_fine = int(version.split(".")[0]) >= OLDEST_POSTGRES
    yield Finding("postgres", is_fine, version if is_fine else f"{version}: {OLDEST_POSTGRES} is the oldest that works")


def _clock() -> Iterator[Finding]:
    """Against PostgreSQL's, whose clock decides; half the round trip is not skew."""
    asked_at = time.time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
        (theirs,) = cursor.fetchone()
    skew_s = theirs - (asked_at + time.time()) / 2
    is_fine = abs(skew_s) <= MOST_SKEW_S
    detail = f"{skew_s:+.3f} s between PostgreSQL and this machine"
    yield Finding("clock", is_fine, detail if is_fine else f"{detail}: set the clocks")


def _backup() -> Iterator[Finding]:
    """The age of the last archived piece of log. Without an archive, that is a finding where people come over TLS
    (HTTPS=1): a copy that only its own machine reaches may live without backups, a platform may not.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT current_setting('archive_mode') <> 'off',
                   last_failed_time > coalesce(last_archived_time, '-infinity'),
                   extract(epoch FROM clock_timestamp() - last_archived_time)::float FROM pg_stat_archiver
            """
        )
        is_configured, has_failed, age_s = cursor.fetchone()
    if not is_configured:
        yield Finding("backup", not env.is_https(), "no backup is configured: PostgreSQL's archive_mode is off")
    elif has_failed:
        yield Finding("backup", is_fine=False, detail="the last archiving failed: see the log of PostgreSQL")
    elif age_s is None or age_s > OLDEST_BACKUP_S:
        age = "never" if age_s is None else f"{age_s / 3600:.0f} h ago"
        yield Finding("backup", is_fine=False, detail=f"last archived {age}: see archive_command and archive_timeout")
    else:
        yield Finding("backup", is_fine=True, detail=f"last archived {age_s / 60:.0f} min ago")


def _processes() -> Iterator[Finding]:
    pulses = selectors.heartbeats()
    for name in (name for names in PROCESSES.values() for name in names):
        pulse = pulses.get(name)
        is_fine = pulse is not None and pulse.age_s <= SILENT_AFTER_S
        detail = "never seen" if pulse is None else f"last sign of life {pulse.age_s:.1f} s ago"
        yield Finding(name, is_fine, detail if is_fine else f"{detail}: start it, or see its log")


def _events() -> Iterator[Finding]:
    oldest_s = selectors.oldest_open_event_s()
    is_fine = oldest_s <= MOST_WAITING_S
    detail = f"the oldest that waits for the relay: {oldest_s:.1f} s"
    yield Finding("events", is_fine, detail if is_fine else f"{detail}: see the relay's log")


def _parked() -> Iterator[Finding]:
    """What handlers and services gave up on: each waits for a person."""
    given_up = parked.list_parked()
    yield Finding("parked", not given_up, f"{len(given_up)} facts and deadlines wait for a decision: manage.py parked")


def _devices() -> Iterator[Finding]:
    """Screens that nobody has opened for a day; printers have a state of their own."""
    paired = Device.objects.filter(revoked_at__isnull=True).exclude(kind=Kind.PRINTER)
    silent = paired.annotate(heard_at=Coalesce("last_seen_at", "paired_at")).filter(heard_at__lt=Now() - SILENT_DEVICE)
    yield Finding("devices", is_fine=not silent.exists(), detail=f"{paired.count()} paired")
    for device in silent.select_related("restaurant").order_by("pk"):
        seen = f"last seen {device.last_seen_at:%Y-%m-%d %H:%M} UTC" if device.last_seen_at else "never seen"
        where = f"{device.kind} {device.public_id} at {device.restaurant}"
        yield Finding("device", is_fine=False, detail=f"{where}: {seen}: switch it on, or revoke it")


def _printers() -> Iterator[Finding]:
    """Printers that said what they lack, or do not answer; one that was never asked is no trouble yet."""
    known = Printer.objects.filter(device__revoked_at__isnull=True)
    troubled = known.filter(state__in=TROUBLED)
    yield Finding("printers", is_fine=not troubled.exists(), detail=f"{known.count()} registered")
    for printer in troubled.select_related("restaurant").order_by("pk"):
        since = f"since {printer.state_at:%Y-%m-%d %H:%M} UTC" if printer.state_at else ""
        detail = f"{printer.uid} at {printer.restaurant}: {printer.get_state_display()} {since}".strip()
        yield Finding("printer", is_fine=False, detail=detail)
