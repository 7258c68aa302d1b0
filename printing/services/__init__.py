"""What others ask of printing: register printers, queue tickets, put them on paper, say what became of them."""

from printing.services.doubt import printers_to_look_at
from printing.services.printers import pause_printer, register_printer, resume_printer
from printing.services.requests import request_print
from printing.services.sending import drain_printer
from printing.services.tickets import cancel_tickets, queue_tickets
from printing.services.watch import watch_jobs

__all__ = [
    "cancel_tickets",
    "drain_printer",
    "pause_printer",
    "printers_to_look_at",
    "queue_tickets",
    "register_printer",
    "request_print",
    "resume_printer",
    "watch_jobs",
]
