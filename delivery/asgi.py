"""ASGI door: HTTP and `/ws/`."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application
from django.utils.module_loading import import_string

from delivery.ground.live.consumer import Receive, Scope, Send, live_socket

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery.settings")
http = get_asgi_application()
import_string("delivery.ground.outbox.outages.watch_web")()  # by name: models can be imported only from here on

serve_box = import_string("printing.web.agent.serve")
live = live_socket()


async def socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Screens and boxes have a path each."""
    await (serve_box if scope["path"] == "/ws/printers/" else live)(scope, receive, send)


application = ProtocolTypeRouter({"http": http, "websocket": socket})
