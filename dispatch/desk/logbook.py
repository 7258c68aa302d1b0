"""The logbook of a city: what people noted and did. Lines are added, never changed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from delivery.accounts.models import Account
from delivery.ground import clock, outbox
from delivery.ground.errors import Invalid
from delivery.ground.ids import public_id_in
from dispatch.desk.events import LogWritten
from dispatch.desk.models import LogEntry

LONGEST_NOTE = 500
ACCOUNT = "account:"


@transaction.atomic
def write_note(*, city_id: int, text: str, by: str, about: str = "") -> LogEntry:
    """Note something for whoever is on call after us. `about`: "order:<public id>" or nothing.

    Raises Invalid: nothing is said, or more than a note holds.
    """
    said = text.strip()
    if not 0 < len(said) <= LONGEST_NOTE:
        raise Invalid(f"a note has 1 to {LONGEST_NOTE} characters")
    return _write(LogEntry(city_id=city_id, kind=LogEntry.NOTE, text=said, about=about), by)


@transaction.atomic
def note_act(*, city_id: int, kind: str, by: str, about: str = "", detail: Mapping[str, Any] | None = None) -> LogEntry:
    """Write down what a person did. Screens have the words for `kind`; `detail` fills them and names no customer."""
    return _write(LogEntry(city_id=city_id, kind=kind, about=about, detail=dict(detail or {})), by)


def account_of(ref: str) -> Account | None:
    """The person behind an actor's reference; None for devices, the engine and the system."""
    public_id = public_id_in(ref.removeprefix(ACCOUNT)) if ref.startswith(ACCOUNT) else None
    found: Account | None = Account.objects.filter(public_id=public_id).first() if public_id else None
    return found


def _write(entry: LogEntry, by: str) -> LogEntry:
    entry.author, entry.written_at = account_of(by), clock.now()
    outbox.insert(entry, LogWritten(entry=entry.kind), by=by)
    return entry
