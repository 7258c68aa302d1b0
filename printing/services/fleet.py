"""What people do to printers that stand in a kitchen: change, test, empty and replace them.

Locks: printers in the order of their ids, then jobs.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from delivery.devices.services import revoke_device
from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid
from printing.addresses import printer_address
from printing.errors import NotOneKitchen
from printing.events import PrinterChanged, PrinterPaused, PrinterReplaced, TicketRerouted
from printing.models import WAITING, Printer, PrintJob, StationPrinter
from printing.rendering.content import Mark, MarkKind
from printing.services.jobs import change_state
from printing.services.requests import request_print
from printing.services.tickets import marks_of, marks_to_json

CHANGEABLE = frozenset(
    ["name", "labels", "host", "port", "columns", "dots", "codepage", "has_native_qr", "answers", "cut", "buzzer"]
)


@transaction.atomic
def change_printer(*, printer: Printer, by: str, **changes: Any) -> Printer:
    """Set some of CHANGEABLE; tickets that wait are rendered for what it is then.

    Raises:
        AddressRefused: the new `host` lies outside the networks of printers. Invalid: dots no multiple of 8.
    """
    if changes.keys() - CHANGEABLE:
        raise ValueError(f"not changeable: {sorted(changes.keys() - CHANGEABLE)}")
    if "host" in changes and printer.transport == Printer.Transport.TCP:
        printer_address(changes["host"])
    if changes.get("dots", 8) % 8:
        raise Invalid(fields={"dots": [{"code": "invalid", "message": "a multiple of 8"}]})
    locked: Printer = Printer.objects.lock(pk=printer.pk)
    news = sorted(name for name, value in changes.items() if getattr(locked, name) != value)
    for name in news:
        setattr(locked, name, changes[name])
    if news:
        outbox.record(locked, PrinterChanged(fields=news), by=by, changed=news)
    return locked


def print_test_page(*, printer: Printer, by: str) -> PrintJob:
    """A page that says TEST in every language and shows what this paper can: width, accents, bold, code."""
    place = printer.restaurant.name if printer.restaurant else printer.city.name
    shown = clock.shown(printer.city, clock.now())
    content = [
        {"type": "title", "text": "TEST"},
        {"type": "text", "text": f"{printer.name}\n{place}\n{shown:%Y-%m-%d %H:%M}\n{printer.uid}"},
        {"type": "line"},
        {"type": "text", "text": "1234567890" * 5},
        {"type": "text", "text": "àâçéèêëîïôûùüÿœ ñ¡¿ äöüß € £ 你好 مرحبا 🍕"},
        {"type": "qr", "text": f"https://passeplat.example/printers/{printer.uid}"},
    ]
    (job,) = request_print(printers=[printer], content=content, copies=1, priority=1, not_after=None, by=by)
    return job


@transaction.atomic
def move_jobs(*, printer: Printer, to: Printer, by: str) -> int:
    """Hand every ticket that waits and was never sent to another printer, marked REROUTED; returns how many.

    Raises:
        NotOneKitchen: the two stand in different restaurants, or are one.
    """
    source, target = _lock_two(printer, to)
    return _move(source, target, by)


@transaction.atomic
def replace_printer(*, printer: Printer, by_printer: Printer, by: str) -> Printer:
    """`by_printer` takes over stations, labels and waiting tickets; the old one is paused and its device revoked.

    Raises:
        NotOneKitchen: the two stand in different restaurants, or are one.
    """
    old, new = _lock_two(printer, by_printer)
    served = set(StationPrinter.objects.filter(printer=new).values_list("station_id", flat=True))
    for place in StationPrinter.objects.filter(printer=old).select_for_update(of=("self",)):
        if place.station_id in served:
            # The new one stood behind the old: it moves up.
            StationPrinter.objects.filter(printer=new, station_id=place.station_id).delete()
        StationPrinter.objects.filter(pk=place.pk).update(printer=new)
    _move(old, new, by)
    if not old.is_paused:
        old.is_paused = True
        outbox.record(old, PrinterPaused(), by=by, changed=["is_paused"])
    outbox.record(old, PrinterReplaced(by_uid=new.uid), by=by)
    revoke_device(device=old.device)
    new.labels = {**old.labels, **new.labels}
    outbox.record(new, PrinterChanged(fields=["labels"]), by=by, changed=["labels"])
    return new


def _lock_two(one: Printer, other: Printer) -> tuple[Printer, Printer]:
    if one.pk == other.pk or one.restaurant_id != other.restaurant_id:
        raise NotOneKitchen()
    locked = {pk: Printer.objects.lock(pk=pk) for pk in sorted([one.pk, other.pk])}
    return locked[one.pk], locked[other.pk]


def _move(source: Printer, target: Printer, by: str) -> int:
    waiting: QuerySet[PrintJob] = PrintJob.objects.filter(printer=source, state__in=WAITING, lease_token__isnull=True)
    jobs = list(waiting.select_related("ticket").select_for_update(no_key=True, of=("self",)).order_by("pk"))
    for job in jobs:
        marks = [mark for mark in marks_of(job) if mark.kind is not MarkKind.REROUTED]
        marks.append(Mark(MarkKind.REROUTED, job.ticket.station or source.name))
        change_state(job, PrintJob.State.QUEUED, "moved", printer=target, marks=marks_to_json(marks), not_before=None)
        outbox.record(source, TicketRerouted(**job.named(), to_printer_uid=target.uid), by=by)
    return len(jobs)
