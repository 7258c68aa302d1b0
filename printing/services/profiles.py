"""What rendering must know about a printer."""

from printing.models import Printer
from printing.rendering.profile import Buzzer, CodePage, Cut, Profile


def profile_of(printer: Printer) -> Profile:
    return Profile(
        columns=printer.columns,
        dots=printer.dots,
        codepage=CodePage(printer.codepage),
        native_qr=printer.has_native_qr,
        cut=Cut(printer.cut),
        buzzer=Buzzer(printer.buzzer),
    )
