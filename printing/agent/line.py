"""The line to the platform: always outbound, opened again whenever it breaks, one text per message.

Platform to box: `{"job": {...}}`, `{"noted": token}`, `{"pong": n}`.
Box to platform: `{"hello": {version}}`, `{"received": token}`, `{"over": {token, verdict, level, ...}}`, `{"ping": n}`.
A result is said again on each new line until the platform has noted it.
"""

import json
import threading
from typing import Any

from printing.agent.hands import Hands
from printing.agent.journal import Entry, Journal
from printing.agent.websocket import Refused, WebSocket

VERSION = "1"
HEARTBEAT_S = 10.0
DEAD_AFTER_S = 25.0
LONGEST_WAIT_S = 30.0
SIGNED_OUT = (401, 403)


class Line:
    """Runs until stopped; `state` says in one word how it is, for the person at the box."""

    def __init__(self, url: str, *, token: str, journal: Journal) -> None:
        self._url, self._token, self._journal = url, token, journal
        self._socket: WebSocket | None = None
        self._stopping = threading.Event()
        self.hands = Hands(journal, self._report, lambda: self._socket is not None)
        self.state = "connecting"

    def run(self) -> None:
        """Raises Refused when the platform does not know this box (any more)."""
        self.hands.recover()
        wait_s = 1.0
        while not self._stopping.is_set():
            try:
                socket = WebSocket(self._url, token=self._token, timeout_s=DEAD_AFTER_S)
            except Refused as error:
                if error.status in SIGNED_OUT:
                    raise
                self.state = str(error)
            except OSError as error:
                self.state = str(error)
            else:
                wait_s = 1.0
                self._follow(socket)
            self._stopping.wait(wait_s)
            wait_s = min(LONGEST_WAIT_S, wait_s * 2)

    def stop(self) -> None:
        self._stopping.set()
        self.hands.stop()

    def _follow(self, socket: WebSocket) -> None:
        """Until the line breaks, or nothing has been heard of the other end for too long."""
        self._socket, self.state, silent_s, count = socket, "connected", 0.0, 0
        try:
            self._say({"hello": {"version": VERSION}})
            for entry in self._journal.in_state("over"):
                self._say({"over": entry})
            while not self._stopping.is_set() and silent_s < DEAD_AFTER_S:
                text = socket.receive(HEARTBEAT_S / 4)
                if text is not None:
                    silent_s = 0.0
                    self._hear(json.loads(text))
                    continue
                silent_s += HEARTBEAT_S / 4
                count += 1
                if count % 4 == 0:
                    self._say({"ping": count})
        except (OSError, ValueError) as error:
            self.state = str(error)
        finally:
            self._socket = None
            socket.close()

    def _hear(self, message: dict[str, Any]) -> None:
        if "job" in message:
            self.hands.take(message["job"])
            self._say({"received": message["job"]["token"]})
        elif "noted" in message:
            known = self._journal.of(message["noted"])
            if known is not None and known["state"] == "over":
                self._journal.write(**known | {"state": "noted"})

    def _report(self, entry: Entry) -> None:
        """From the threads of the printers; what does not get through is said on the next line."""
        try:
            self._say({"over": entry})
        except OSError as error:
            self.state = str(error)

    def _say(self, message: dict[str, Any]) -> None:
        if self._socket is not None:
            self._socket.send(json.dumps(message))
