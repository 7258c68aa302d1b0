"""Django app of the company itself: loads the Celery app and hands the wiring down."""

from django.apps import AppConfig

from delivery import celery, wiring


class DeliveryConfig(AppConfig):
    name = "delivery"
    celery = celery.app

    def ready(self) -> None:
        wiring.install()
