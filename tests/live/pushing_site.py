"""An ASGI application that pushes more than a line holds before its screen has read anything, and then closes."""

from typing import Any

from delivery.ground.live.consumer import PUSH

TEXTS = [f"{number}:" + "é" * 20_000 for number in range(300)]
CLOSED_WITH = 4408


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        raise ValueError(scope["type"])
    await receive()
    await send({"type": "websocket.accept"})
    push = scope["extensions"][PUSH]["push"]
    for text in TEXTS[:-1]:
        push(text)
    await send({"type": "websocket.send", "text": TEXTS[-1]})
    await send({"type": "websocket.close", "code": CLOSED_WITH})
    push("nothing may follow a close")
