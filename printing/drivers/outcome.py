"""What an attempt is known to have done."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """Confidence: 3 process id came back, 2 in-order reply and clean status after, 1 sent, 0 handed over."""

    L0 = 0
    L1 = 1
    L2 = 2
    L3 = 3


class Verdict(StrEnum):
    PRINTED = "printed"
    ASSUMED = "assumed"
    FAILED_CLEAN = "failed_clean"
    UNCONFIRMED = "unconfirmed"


class Blocked(StrEnum):
    """Why nothing was sent. SILENT: connected, yet no answer to a status request."""

    UNREACHABLE = "unreachable"
    SILENT = "silent"
    OFFLINE = "offline"
    COVER = "cover"
    PAPER = "paper"
    ERROR = "error"


@dataclass(frozen=True)
class Outcome:
    """`level` is what was reached; `status_raw` every byte that the printer sent.

    `other_process_ids` came back without being ours: late word of earlier attempts, which still counts.
    """

    verdict: Verdict
    level: Level
    bytes_sent_started: bool
    status_raw: bytes = b""
    detail: str = ""
    other_process_ids: tuple[bytes, ...] = ()


class PrinterBlocked(Exception):
    """Not a byte of the ticket was sent: trying again is safe."""

    code = "printer_blocked"

    def __init__(self, reason: Blocked, *, status_raw: bytes = b"", detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.status_raw = status_raw
        self.detail = detail
