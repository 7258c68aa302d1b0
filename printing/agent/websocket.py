"""A WebSocket client (RFC 6455), as much as one long line of texts needs."""

import base64
import hashlib
import secrets
import socket
import ssl
import struct
import threading
from urllib.parse import urlsplit

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
MOST_BYTES = 8_000_000


class Refused(OSError):
    """The platform does not open a socket for us: `status` of its answer."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the platform answers {status}")
        self.status = status


class WebSocket:
    """An open socket. `receive` belongs to one thread, `send` to any. Every failure is an OSError."""

    def __init__(self, url: str, *, token: str, timeout_s: float) -> None:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "wss" else 80)
        host = parts.hostname or ""
        line = socket.create_connection((host, port), timeout=timeout_s)
        self._line = ssl.create_default_context().wrap_socket(line, server_hostname=host) if port == 443 else line
        if parts.scheme == "wss" and port != 443:
            self._line = ssl.create_default_context().wrap_socket(line, server_hostname=host)
        self._sending = threading.Lock()
        self._heard = b""
        try:
            self._shake_hands(parts.path or "/", f"{host}:{port}", token)
        except BaseException:
            self._line.close()
            raise

    def _shake_hands(self, path: str, host: str, token: str) -> None:
        key = base64.b64encode(secrets.token_bytes(16))
        self._line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key.decode()}\r\nSec-WebSocket-Version: 13\r\n"
            f"Authorization: Bearer {token}\r\n\r\n".encode("ascii")
        )
        while b"\r\n\r\n" not in self._heard:
            if len(self._heard) > 65536:
                raise ConnectionError("the platform's answer has no end")
            self._heard += self._more()
        head, self._heard = self._heard.split(b"\r\n\r\n", 1)
        status = head.split(b" ", 2)[1:2]
        if status != [b"101"]:
            raise Refused(int(status[0]) if status and status[0].isdigit() else 0)
        accepted = base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
        if accepted not in head:
            raise ConnectionError("not a WebSocket")

    def send(self, text: str) -> None:
        self._frame(_TEXT, text.encode())

    def _frame(self, kind: int, data: bytes) -> None:
        """One whole frame; a client masks what it sends."""
        size = len(data)
        length = (
            bytes([0x80 | size])
            if size < 126
            else struct.pack("!BH", 0x80 | 126, size)
            if size < 65536
            else struct.pack("!BQ", 0x80 | 127, size)
        )
        mask = secrets.token_bytes(4)
        repeated = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big")
        with self._sending:
            self._line.sendall(bytes([0x80 | kind]) + length + mask + masked)

    def receive(self, timeout_s: float) -> str | None:
        """The next text, or None when none has come in time. Raises OSError when the line is gone."""
        self._line.settimeout(timeout_s)
        text = b""
        while True:
            try:
                is_last, kind, data = self._read_frame()
            except TimeoutError:
                return None
            if kind == _PING:
                self._frame(_PONG, data)
            elif kind == _CLOSE:
                raise ConnectionError("the platform has closed the line")
            elif kind != _PONG:
                text += data
                if is_last:
                    return text.decode()

    def _read_frame(self) -> tuple[bool, int, bytes]:
        """What has come of a frame that is not whole stays for the next time."""
        while (frame := _whole_frame(self._heard)) is None:
            self._heard += self._more()
        is_last, kind, data, size = frame
        self._heard = self._heard[size:]
        return is_last, kind, data

    def _more(self) -> bytes:
        data = self._line.recv(65536)
        if not data:
            raise ConnectionError("the platform has hung up")
        return data

    def close(self) -> None:
        self._line.close()


def _whole_frame(heard: bytes) -> tuple[bool, int, bytes, int] | None:
    """(is last, kind, data, size) of the frame at the beginning, or None while its end is missing."""
    if len(heard) < 2:
        return None
    start, size = 2, heard[1] & 0x7F
    if size >= 126:
        width = 2 if size == 126 else 8
        start += width
        if len(heard) < start:
            return None
        size = int.from_bytes(heard[2:start], "big")
    if size > MOST_BYTES:
        raise ConnectionError("a frame larger than any ticket")
    if len(heard) < start + size:
        return None
    return bool(heard[0] & 0x80), heard[0] & 0x0F, heard[start : start + size], start + size
