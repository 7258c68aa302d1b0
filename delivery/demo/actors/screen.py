"""A paired browser without a person: presses the buttons of a page as its forms would."""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

import httpx

from delivery.devices.actors import DEVICE_COOKIE

USER_AGENT: Final = "passeplat-demo"  # how presence tells our presses from those of people
TRIES: Final = 10
PAUSE_S: Final = 0.5
_CSRF: Final = "0123456789abcdefghijklmnopqrstuv"  # any token does: its cookie and its header are compared


@dataclass
class Screen:
    http: httpx.AsyncClient
    token: str

    async def press(self, path: str, **fields: str) -> bool:
        """POST a form, again under its key while nothing answers; whether the platform did it."""
        headers = {
            "Cookie": f"{DEVICE_COOKIE}={self.token}; csrftoken={_CSRF}",
            "X-CSRFToken": _CSRF,
            "User-Agent": USER_AGENT,
        }
        form = {"idempotency_key": str(uuid4()), **fields}
        for _ in range(TRIES):
            try:
                answer = await self.http.post(path, data=form, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(PAUSE_S)
                continue
            if answer.status_code < 500:
                return answer.status_code < 400
            await asyncio.sleep(PAUSE_S)
        return False
