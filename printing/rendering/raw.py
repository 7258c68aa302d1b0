"""What ESC/POS of a caller may do: touch the paper in this ticket, and nothing else. Pure.

Refused are drawers, status requests, settings and stored images, whatever outlives the ticket, and orders to many
printers that hide inside images.
"""

from delivery.ground.errors import Invalid
from printing.escpos import Command, read_commands

MOST_PAPER_DOTS = 24_000  # three metres at 203 dots per inch
MOST_CUTS, MOST_RINGS = 20, 10
_LINE_DOTS = 30
_RING = 0x61  # ESC ( A fn 97 rings; its other functions are settings

# Everything else may outlive the ticket (settings, stored images, peripherals), or open the till.
_HARMLESS = frozenset(
    [
        "text",
        "LF",
        "CR",
        "HT",
        "ESC @",
        "ESC !",
        "ESC E",
        "ESC G",
        "ESC -",
        "ESC M",
        "ESC SP",
        "ESC R",
        "ESC t",
        "ESC a",
        "ESC d",
        "ESC J",
        "ESC 2",
        "ESC 3",
        "ESC r",
        "ESC V",
        "ESC {",
        "ESC $",
        "ESC \\",
        "ESC D",
        "ESC *",
        "ESC B",
        "ESC ( A",
        "FS .",
        "GS !",
        "GS B",
        "GS L",
        "GS W",
        "GS $",
        "GS V",
        "GS v 0",
        "GS k",
        "GS h",
        "GS w",
        "GS H",
        "GS f",
        "GS ( k",
    ]
)


class ContentRefused(Invalid):
    """Content that will not be printed; its one field says where and why, as in "content.2.text"."""

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}", fields={field: [{"code": code, "message": message}]})


def judge_escpos(data: bytes) -> None:
    """Raises ContentRefused: `forbidden_command` or `truncated_command`, with its place."""
    read = rings = 0
    for command in read_commands(data):
        if command.name not in _HARMLESS or _is_setting(command):
            raise _refused("forbidden_command", f"{command.name} at byte {read} is not for tickets")
        rings += command.name in ("ESC B", "ESC ( A")
        read += len(command.raw)
    if read != len(data):
        raise _refused("truncated_command", f"the command at byte {read} has no end")
    if rings > MOST_RINGS:
        raise _refused("too_loud", f"at most {MOST_RINGS} rings")
    if b"\x10\x14" in data or b"\x10\x05" in data:
        # Many printers obey these two even in the middle of an image.
        raise _refused("forbidden_command", "a real-time command inside an image")


def _is_setting(command: Command) -> bool:
    return command.name == "ESC ( A" and (len(command.args) < 3 or command.args[2] != _RING)


def widest_image(data: bytes) -> int:
    """Dots across the widest raster image of `data`, 0 without any."""
    rasters = (command.args for command in read_commands(data) if command.name == "GS v 0")
    return max((int.from_bytes(args[1:3], "little") * 8 * (1 + (args[0] & 1)) for args in rasters), default=0)


def refuse_endless(data: bytes) -> None:
    """Raises ContentRefused: these bytes of a whole ticket would use up more than three metres of paper or 20 cuts."""
    dots = cuts = 0
    for command in read_commands(data):
        dots += _dots_fed(command)
        cuts += command.name == "GS V"
    if dots > MOST_PAPER_DOTS:
        raise ContentRefused("too_long", "content", "at most 3 m of paper")
    if cuts > MOST_CUTS:
        raise ContentRefused("too_many_cuts", "content", f"at most {MOST_CUTS} cuts")


def _dots_fed(command: Command) -> int:
    match command.name:
        case "LF":
            return _LINE_DOTS
        case "ESC d":
            return command.args[0] * _LINE_DOTS
        case "ESC J":
            return command.args[0]
        case "GS v 0":
            return int.from_bytes(command.args[3:5], "little")
        case _:
            return 0


def _refused(code: str, message: str) -> ContentRefused:
    return ContentRefused(code, "content.escpos", message)
