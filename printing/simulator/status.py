"""What a printer says about itself, to the bit.

Source: Epson's ESC/POS reference, DLE EOT, GS a, GS r, GS I.
"""

from printing.simulator.faults import STOPPED

_MODEL = {
    0x41: b"_1.00 ESC/POS\x00",  # firmware
    0x42: b"_EPSON\x00",  # maker: what a host expects that speaks Epson's dialect
    0x43: b"_TM-T88V\x00",
    0x44: b"_SIM0000001\x00",  # serial number
}


def realtime_status(n: int, faults: frozenset[str]) -> bytes:
    """DLE EOT n: one byte with 0x12 fixed; nothing for an n that does not exist."""
    stopped = bool(faults & STOPPED)
    paper_end, cutter = "paper_out" in faults, "cutter" in faults
    flags = {
        1: 0x08 * stopped,
        2: 0x04 * ("cover" in faults) | 0x08 * ("offline" in faults) | 0x20 * paper_end | 0x40 * cutter,
        3: 0x08 * cutter,
        4: 0x0C * _is_near_end(faults) | 0x60 * paper_end,
    }
    return bytes([0x12 | flags[n]]) if n in flags else b""


def automatic_status(faults: frozenset[str]) -> bytes:
    """GS a: four bytes, the first with 0x10 fixed."""
    stopped = bool(faults & STOPPED)
    first = 0x10 | 0x08 * stopped | 0x20 * ("cover" in faults) | 0x40 * ("offline" in faults)
    third = 0x03 * _is_near_end(faults) | 0x0C * ("paper_out" in faults)
    return bytes([first, 0x08 * ("cutter" in faults), third, 0x00])


def ordered_status(n: int, faults: frozenset[str]) -> bytes:
    """GS r n: paper sensor (1, 49) or drawer (2, 50)."""
    if n in (1, 49):
        return bytes([0x03 * _is_near_end(faults) | 0x0C * ("paper_out" in faults)])
    return b"\x00" if n in (2, 50) else b""


def _is_near_end(faults: frozenset[str]) -> bool:
    return bool(faults & {"near_end", "paper_out"})


def identity(n: int) -> bytes:
    """GS I n: 1 model id, 2 type id (with cutter), 3 ROM version as single bytes; from 65 on as text."""
    short = {1: b"\x20", 2: b"\x02", 3: b"\x02", 49: b"\x20", 50: b"\x02", 51: b"\x02"}
    return short.get(n) or _MODEL.get(n, b"")
