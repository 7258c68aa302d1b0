"""What a screen may say on its socket: one JSON object per message, of at most 16 kB.

`{"join": [{"topic", "epoch"?, "since"?}]}`, `{"leave": [topic]}`, `{"ping": n, "at": [{"topic", "epoch", "seq"}]}`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from delivery.ground.errors import BadRequest
from delivery.ground.live.store import Since

MESSAGE_BYTES = 16_384
TOPIC_LENGTH = 100
MOST_TOPICS = 100


class NotJson(BadRequest):
    code, title = "not_json", "The message is not JSON"


class TooLarge(BadRequest):
    code, title = "too_large", "The message is too large"


class BadMessage(BadRequest):
    code, title = "bad_message", "The message has another shape than agreed"


class TooManyTopics(BadRequest):
    code, title = "too_many_topics", "One socket cannot follow so many topics"


@dataclass(frozen=True, slots=True)
class Join:
    topic: str
    since: Since | None


@dataclass(frozen=True, slots=True)
class Leave:
    topic: str


@dataclass(frozen=True, slots=True)
class Ping:
    """`at`: topic -> the position that the screen shows."""

    n: int
    at: dict[str, Since]


Command = Join | Leave | Ping


def parse(text: str) -> Sequence[Command]:
    """Raises NotJson, TooLarge, BadMessage, TooManyTopics."""
    if len(text) > MESSAGE_BYTES:
        raise TooLarge()
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotJson() from error
    if not isinstance(message, dict):
        raise BadMessage()
    commands: list[Command] = []
    if "leave" in message:
        commands += [Leave(_text(topic)) for topic in _list(message["leave"])]
    if "join" in message:
        commands += [Join(_text(item.get("topic")), _since(item)) for item in _objects(message["join"])]
    if "ping" in message:
        at = {_text(item.get("topic")): _position(item) for item in _objects(message.get("at", []))}
        commands.append(Ping(_integer(message["ping"]), at))
    if not commands:
        raise BadMessage()
    return commands


def _since(item: dict[str, Any]) -> Since | None:
    if item.get("epoch") is None or item.get("since") is None:
        return None
    return Since(_text(item["epoch"]), _integer(item["since"]))


def _position(item: dict[str, Any]) -> Since:
    return Since(_text(item.get("epoch")), _integer(item.get("seq")))


def _objects(value: Any) -> Iterable[dict[str, Any]]:
    items = _list(value)
    if not all(isinstance(item, dict) for item in items):
        raise BadMessage()
    return items


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadMessage()
    if len(value) > MOST_TOPICS:
        raise TooManyTopics()
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > TOPIC_LENGTH:
        raise BadMessage()
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadMessage()
    return value
