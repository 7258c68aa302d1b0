"""ASGI door: HTTP and `/ws/`."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

from delivery.ground.live.consumer import live_socket

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery.settings")
http = get_asgi_application()

application = ProtocolTypeRouter({"http": http, "websocket": live_socket()})
