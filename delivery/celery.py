"""The Celery app. Tasks are hints: each calls a service that works from leased rows."""

from celery import Celery

app = Celery("delivery")
app.set_default()  # for all threads: hints are sent by one that never saw this module
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
