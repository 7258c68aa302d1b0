"""Printers: registered inside the networks of printers, paused by people, judged by what they answer."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from delivery.devices.models import Device, Kind
from delivery.devices.services import register_device
from delivery.ground import clock, outbox
from printing.addresses import printer_address
from printing.errors import UidTaken
from printing.events import PrinterMoved, PrinterPaused, PrinterRegistered, PrinterResumed, PrinterStateChanged
from printing.models import OPEN, Printer, PrintJob, StationPrinter
from restaurants.models import Restaurant, Station

RETRY_AFTER = timedelta(seconds=1)
BREAKER_OPENS_AT = 3
PROBE_EACH = timedelta(seconds=5)
SEEN_EVERY = timedelta(seconds=30)


@transaction.atomic
def register_printer(
    *,
    restaurant: Restaurant,
    uid: str,
    name: str,
    host: str = "",
    port: int = 9100,
    transport: str = Printer.Transport.TCP,
    path: str = "",
    agent: Device | None = None,
    mac: str = "",
    media_types: Sequence[str] = (),
    stations: Sequence[str] = (),
    columns: int = 48,
    dots: int = 576,
    codepage: str = Printer.Codepage.CP1252,
    has_native_qr: bool = True,
    answers: int = Printer.Answers.PROCESS_ID,
    cut: str = Printer.Cut.PARTIAL,
    buzzer: str = Printer.Buzzer.NONE,
    labels: Mapping[str, str] | None = None,
    by: str = "system",
) -> Printer:
    """A printer of a restaurant, known to the fleet as a device too.

    Args:
        uid: its name in the API, unique on the platform. labels: words such as {"role": "kitchen"}.
        transport, path, agent, mac, media_types: see `Printer`. One that asks us needs `polling.issue_secret` too.
        stations: names of the stations it serves; behind the printers that serve them already, as their backup.
        by: the actor's ref.
    Raises:
        AddressRefused: `host` is unknown or outside the networks of printers. UidTaken.
        Station.DoesNotExist: the restaurant has no station of that name.
    """
    if transport == Printer.Transport.TCP:
        printer_address(host)
    device, _ = register_device(kind=Kind.PRINTER, restaurant=restaurant, name=name)
    printer = Printer(
        device=device,
        city_id=restaurant.city_id,
        restaurant=restaurant,
        uid=uid,
        name=name,
        labels=dict(labels or {}),
        host=host,
        port=port,
        transport=transport,
        path=path,
        agent=agent,
        mac=mac.lower(),
        media_types=list(media_types),
        columns=columns,
        dots=dots,
        codepage=codepage,
        has_native_qr=has_native_qr,
        answers=answers,
        cut=cut,
        buzzer=buzzer,
    )
    try:
        with transaction.atomic():
            outbox.insert(printer, PrinterRegistered(), by=by)
    except IntegrityError as error:
        if Printer.objects.filter(uid=uid).exists():
            raise UidTaken(uid) from error
        raise
    serve_stations(printer=printer, stations=stations)
    return printer


@transaction.atomic
def serve_stations(*, printer: Printer, stations: Sequence[str]) -> None:
    """The printer prints for these stations too, behind the printers that serve them already, as their backup.

    Raises:
        Station.DoesNotExist: its restaurant has no station of that name.
    """
    for name in stations:
        station = Station.objects.get(restaurant=printer.restaurant_id, name=name)
        last = StationPrinter.objects.filter(station=station).aggregate(rank=Max("rank"))["rank"]
        StationPrinter.objects.create(station=station, printer=printer, rank=0 if last is None else last + 1)


@transaction.atomic
def move_printer(*, printer: Printer, host: str, port: int, by: str) -> Printer:
    """From now on it is reached there; the breaker forgets what was. Raises AddressRefused."""
    printer_address(host)
    locked: Printer = Printer.objects.lock(pk=printer.pk)
    if (locked.host, locked.port) != (host, port):
        locked.host, locked.port, locked.failures, locked.rest_until = host, port, 0, None
        outbox.record(locked, PrinterMoved(), by=by, changed=["host", "port", "failures", "rest_until"])
    return locked


@transaction.atomic
def pause_printer(*, printer: Printer, by: str) -> Printer:
    """Nothing more is sent to it until somebody resumes it; its tickets wait, or go to a backup."""
    locked: Printer = Printer.objects.lock(pk=printer.pk)
    if not locked.is_paused:
        locked.is_paused = True
        outbox.record(locked, PrinterPaused(), by=by, changed=["is_paused"])
        _touch_jobs(locked)
    return locked


@transaction.atomic
def resume_printer(*, printer: Printer, by: str) -> Printer:
    """Tickets that wait for it are sent at once, oldest first; the breaker forgets what was."""
    locked: Printer = Printer.objects.lock(pk=printer.pk)
    if locked.is_paused:
        locked.is_paused, locked.failures, locked.rest_until = False, 0, None
        outbox.record(locked, PrinterResumed(), by=by, changed=["is_paused", "failures", "rest_until"])
        _touch_jobs(locked)
    return locked


def set_printer_state(*, printer: Printer, state: str) -> None:
    """Note what a locked printer said about itself; a fact only when it is news."""
    if printer.state == state:
        return
    was, printer.state, printer.state_at = printer.state, state, clock.now()
    outbox.record(printer, PrinterStateChanged(state=state, was=was), changed=["state", "state_at"])
    _touch_jobs(printer)


def _touch_jobs(printer: Printer) -> None:
    """What screens show of a waiting ticket includes its printer, so the ticket has a new version too."""
    PrintJob.objects.filter(printer=printer, state__in=OPEN).update(version=F("version") + 1)


def note_answer(*, printer: Printer) -> None:
    """The printer (locked) did what it was asked: the breaker closes, and it was seen."""
    if printer.failures or printer.rest_until:
        printer.failures, printer.rest_until = 0, None
        Printer.objects.filter(pk=printer.pk).update(failures=0, rest_until=None)
    note_seen(printer=printer)


def note_seen(*, printer: Printer) -> None:
    """It answered, whatever it said; written at most each 30 s."""
    stale = Q(last_seen_at__isnull=True) | Q(last_seen_at__lt=Now() - SEEN_EVERY)
    Device.objects.filter(stale, pk=printer.device_id).update(last_seen_at=Now())


def note_failure(*, printer: Printer) -> None:
    """The printer (locked) could not, or did not say; from the third time in a row it is asked each 5 s only."""
    printer.failures += 1
    rest = PROBE_EACH if printer.failures >= BREAKER_OPENS_AT else RETRY_AFTER
    Printer.objects.filter(pk=printer.pk).update(failures=F("failures") + 1, rest_until=Now() + rest)
