"""Hints: the rows decide, and the worker's poll finds them anyway."""

from celery import shared_task

from printing.reactions import DRAIN_PRINTER
from printing.worker import hands


@shared_task(name=DRAIN_PRINTER)  # type: ignore[untyped-decorator]  # celery ships no types
def drain_printer(printer_id: int) -> None:
    hands.hand_over(printer_id)
