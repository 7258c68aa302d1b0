"""WSGI door: HTTP without sockets, for gunicorn behind a proxy."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery.settings")
application = get_wsgi_application()
import_string("delivery.ground.outbox.outages.watch_web")()  # by name: models can be imported only from here on
