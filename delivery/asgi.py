"""ASGI door: HTTP and `/ws/`."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

from delivery.ground.live.consumer import live_socket

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery.settings")
http = get_asgi_application()
import_string("delivery.ground.outbox.outages.watch_web")()  # by name: models can be imported only from here on

application = ProtocolTypeRouter({"http": http, "websocket": live_socket()})
