"""What others ask of printing: register printers, queue tickets, put them on paper, say what became of them."""

from printing.services.printers import pause_printer, register_printer, resume_printer

__all__ = ["pause_printer", "register_printer", "resume_printer"]
