"""The Celery app. Tasks are hints: each calls a service that works from leased rows."""

from celery import Celery

app = Celery("delivery")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
