"""A paired browser without a person: presses the buttons of a page as its forms would."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import httpx

from delivery.devices.actors import DEVICE_COOKIE

USER_AGENT: Final = "passeplat-demo"  # how presence tells our presses from those of people
_CSRF: Final = "0123456789abcdefghijklmnopqrstuv"  # any token does: its cookie and its header are compared


@dataclass
class Screen:
    http: httpx.AsyncClient
    token: str

    async def press(self, path: str, **fields: str) -> bool:
        """POST a form once; whether the platform did it. A lost connection is a press that went nowhere."""
        headers = {
            "Cookie": f"{DEVICE_COOKIE}={self.token}; csrftoken={_CSRF}",
            "X-CSRFToken": _CSRF,
            "User-Agent": USER_AGENT,
        }
        try:
            answer = await self.http.post(path, data={"idempotency_key": str(uuid4()), **fields}, headers=headers)
        except httpx.TransportError:
            return False
        return answer.status_code < 400
