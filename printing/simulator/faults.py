"""What can be wrong with a printer. `NAME` from now on, `NAME@N` from ticket N on (the first is 1).

slow       each ticket takes `Timing.slow_s` to print, then everything is answered as usual
offline    reachable, says "offline" (feed button held), answers status; keeps what it is sent for later
paper_out  the same with "paper end"; ASB and DLE EOT say so
cover      the same with "cover open"
silent     takes every byte, answers nothing, prints nothing, forgets it
late       prints at once, confirms `Timing.late_s` after that, if the connection is still open
twice      sends each process id twice
wrong_id   sends a process id that nobody asked for instead
cut_off    resets the connection `CUT_OFF_BYTES` into the ticket; what was printed until then hangs uncut
           from the printer, and the next ticket comes out below it
one_way    a cheap clone: prints, never answers anything
halfway    the paper ends `CUT_OFF_BYTES` into the ticket; the rest comes out when the fault is cleared
forgets    what waits in the buffer when the faults are cleared is lost
cutter     the knife is stuck: says "error" and prints nothing
near_end   the roll is nearly empty: says so and prints
stray      unasked status bytes stand between the answers
drain      takes 9,600 bytes a second, as a serial line does
drop       a buffer of 4 KB that loses what does not fit
hang_up    closes the connection politely `CUT_OFF_BYTES` into the ticket, prints what it has
half_close stops talking there, and prints everything
no_read    takes the connection and never reads from it
busy       serves another client: this one waits

A ticket begins with a new connection, or with the first thing printed after a cut. `offline`, `paper_out` and
`cover` hold what was sent until the fault is cleared, then print it, as real buffers do.
"""

from dataclasses import dataclass

FAULTS = (
    "slow",
    "offline",
    "paper_out",
    "cover",
    "silent",
    "late",
    "twice",
    "wrong_id",
    "cut_off",
    "one_way",
    "halfway",
    "forgets",
    "cutter",
    "near_end",
    "stray",
    "drain",
    "drop",
    "hang_up",
    "half_close",
    "no_read",
    "busy",
)
STOPPED = frozenset(("offline", "paper_out", "cover", "cutter"))
SERIAL_BYTES_PER_S = 9600
SMALL_BUFFER_BYTES = 4096
CUT_OFF_BYTES = 120


class UnknownFault(ValueError):
    """Not one of FAULTS, or a ticket number below 1."""


@dataclass(frozen=True)
class Timing:
    """Real seconds. A client that is quiet for `idle_s` is put out, as Epson's Ethernet boards do."""

    slow_s: float = 8.0
    late_s: float = 20.0
    idle_s: float = 300.0


@dataclass(frozen=True)
class Fault:
    name: str
    from_ticket: int = 1

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """`text` is NAME or NAME@N."""
        name, at, number = text.partition("@")
        if name not in FAULTS or (at and not (number.isascii() and number.isdigit() and int(number) > 0)):
            raise UnknownFault(f"{text}: NAME or NAME@N with NAME of {' '.join(FAULTS)}")
        return cls(name, int(number) if at else 1)


def active_faults(faults: list[Fault], ticket: int) -> frozenset[str]:
    return frozenset(fault.name for fault in faults if ticket >= fault.from_ticket)
