"""Django app of the company itself: loads the Celery app and hands the wiring down."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules, import_string

from delivery import celery


class DeliveryConfig(AppConfig):
    name = "delivery"
    celery = celery.app

    def ready(self) -> None:
        autodiscover_modules("events")  # a process must be able to read every fact, also those it never records
        # By name: the wiring imports models, which exist only once every app is loaded.
        import_string("delivery.wiring.install")()
