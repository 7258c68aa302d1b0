"""The web server: daphne, whose sockets can also be written to at once.

`python -m delivery.ground.live.server`, with daphne's arguments. By ASGI each text for each socket costs a turn of a
task, an encoding, a framing and two changes of the event loop's interest: 3 times a bare broadcast. Here a socket's
scope offers `push(text)`, which frames a text once for all sockets and hands it to the kernel; what the kernel does
not take goes daphne's way. Under another ASGI server nothing offers it, and texts go by `send`.
"""

from functools import lru_cache, partial
from typing import Any

from autobahn.websocket.protocol import PreparedMessage
from daphne.cli import CommandLineInterface
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.tcp import Connection

from delivery.ground.live.consumer import PUSH

# A screen that is told to leave gets that long to read what was said before, and why; autobahn's own second is short.
CLOSED_WITHIN_S = 10.0


class LiveServer(Server):  # type: ignore[misc]  # daphne ships no types
    """Daphne that offers `push` in the scope of each socket."""

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, WebSocketProtocol):
            protocol.closeHandshakeTimeout = CLOSED_WITHIN_S
            scope["extensions"] = {PUSH: {"push": partial(push, protocol)}}
        return super().create_application(protocol, scope)


class CommandLine(CommandLineInterface):  # type: ignore[misc]
    server_class = LiveServer


def push(socket: WebSocketProtocol, text: str) -> None:
    """Send a text frame now; nothing when the socket is closing."""
    if socket.state == socket.STATE_OPEN:
        _write(socket.transport, framed(text))


@lru_cache(maxsize=64)
def framed(text: str) -> bytes:
    """The text as one unmasked frame (RFC 6455 5.2). Followers of a topic share the string, and so the frame."""
    message = PreparedMessage(text.encode(), isBinary=False, applyMask=False, doNotCompress=True)
    return bytes(message.payloadHybi)


def _write(transport: Any, data: bytes) -> None:
    """Straight to the kernel when nothing waits before it. A line that is broken is found by Twisted's own write."""
    if isinstance(transport, Connection) and not transport._tempDataLen and not transport.dataBuffer:
        sent = transport.writeSomeData(data)
        if isinstance(sent, int) and sent > 0:
            data = data[sent:]
    if data:
        transport.write(data)


if __name__ == "__main__":
    CommandLine.entrypoint()
