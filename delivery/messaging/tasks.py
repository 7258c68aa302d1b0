"""Hints: the rows decide, and the worker's poll finds them anyway."""

from celery import shared_task

from delivery.messaging import services


@shared_task(name="messaging.send_due")  # type: ignore[untyped-decorator]  # celery ships no types
def send_due() -> None:
    services.send_due()
