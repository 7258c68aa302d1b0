"""What one model of printer can do."""

from dataclasses import dataclass
from enum import StrEnum


class CodePage(StrEnum):
    """Western Europe with the euro sign; one per printer, chosen explicitly on every ticket."""

    CP1252 = "cp1252"
    CP858 = "cp858"

    @property
    def number(self) -> int:
        """The n of ESC t n."""
        return {CodePage.CP1252: 16, CodePage.CP858: 19}[self]


class Cut(StrEnum):
    PARTIAL = "partial"
    FULL = "full"
    NONE = "none"


class Buzzer(StrEnum):
    """ESC_B is the clones' command, ESC_PAREN_A is Epson's; BEL rings the oldest."""

    NONE = "none"
    ESC_B = "esc_b"
    ESC_PAREN_A = "esc_paren_a"
    BEL = "bel"


@dataclass(frozen=True)
class Profile:
    """`columns` of font A, `dots` of printable width (a multiple of 8), lines to feed from head to knife."""

    columns: int = 48
    dots: int = 576
    codepage: CodePage = CodePage.CP1252
    native_qr: bool = True
    cut: Cut = Cut.PARTIAL
    buzzer: Buzzer = Buzzer.NONE
    feed_lines: int = 5


PAPER_80 = Profile()
PAPER_58 = Profile(columns=32, dots=384)
