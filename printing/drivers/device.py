"""A printer as a file of this machine: a character device (USB, serial) that answers, or a file that only takes."""

import os
import select
import stat
import time
import tty
from dataclasses import dataclass

from printing.drivers.network import Answering, Line


@dataclass(frozen=True, kw_only=True)
class DeviceTransport(Answering):
    """`path`, e.g. /dev/usb/lp0. One process at a time: Linux itself refuses a second opener of a USB printer."""

    path: str

    def connect(self) -> Line:
        return DeviceLine(self.path)


class DeviceLine:
    """An open device with the manners of a socket. Raises TimeoutError when it takes, or gives, nothing in time."""

    def __init__(self, path: str) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_APPEND | os.O_NOCTTY)
        if os.isatty(self._handle):
            tty.setraw(self._handle)  # a serial line must not treat bytes as keys
        self._answers = stat.S_ISCHR(os.fstat(self._handle).st_mode)
        self._timeout_s: float | None = None

    def settimeout(self, seconds: float | None) -> None:
        self._timeout_s = seconds

    def send(self, data: bytes) -> int:
        self._wait(for_input=False)
        return os.write(self._handle, data)

    def sendall(self, data: bytes) -> None:
        """The time-out is for all of it, as for a socket."""
        until = None if self._timeout_s is None else time.monotonic() + self._timeout_s
        while data:
            if until is not None:
                self._timeout_s = max(0.0, until - time.monotonic())
            data = data[self.send(data) :]

    def recv(self, most: int) -> bytes:
        """Empty when the device is gone."""
        if not self._answers:
            raise TimeoutError("a file never answers")
        self._wait(for_input=True)
        return os.read(self._handle, most)

    def _wait(self, *, for_input: bool) -> None:
        wanted = ([self._handle], []) if for_input else ([], [self._handle])
        if not any(select.select(*wanted, [], self._timeout_s)):
            raise TimeoutError("the device does nothing")

    def close(self) -> None:
        os.close(self._handle)
