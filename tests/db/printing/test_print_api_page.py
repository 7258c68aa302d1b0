"""Every Python example of docs/print-api.md runs, in the order of the page."""

import base64
import re
import shlex
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from delivery.integrations import keys
from delivery.integrations.models import Scope
from tests.db.printing.kitchen import kitchen

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = settings.BASE_DIR / "docs" / "print-api.md"


class Answered:
    """What `requests` and `httpx` answer with, as far as the page uses it."""

    def __init__(self, answer: Any) -> None:
        self.status_code, self.content, self.json = answer.status_code, answer.content, answer.json

    @property
    def text(self) -> str:
        return str(self.content.decode())


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)


def test_the_page_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("delivery.integrations.webhooks.webhook_address", lambda url: None)  # no name server here
    with kitchen("oven", "bar") as place:
        _, secret = keys.make_key(name="page", scopes=Scope.values, restaurants=[place.shop], by="tests")
        client = Client(headers={"Authorization": f"Bearer {secret}"})

        def write(method: str, path: str, body: Any) -> Answered:
            headers = {"Idempotency-Key": str(uuid4())}
            return Answered(getattr(client, method)(path, body, content_type="application/json", headers=headers))

        known: dict[str, Any] = {
            "base64": base64,
            "get": lambda path: Answered(client.get(path)),
            "post": lambda path, body: write("post", path, body),
            "patch": lambda path, body: write("patch", path, body),
        }
        blocks = examples("python")
        assert len(blocks) >= 7
        for block in blocks:
            exec(compile(block, str(PAGE), "exec"), known)
        assert known["made"].json()["secret"].startswith("whsec_")


def test_the_command_line_says_the_same() -> None:
    (line,) = examples("sh")
    words = shlex.split(line.replace("\\\n", " "))
    said = dict(zip(words, words[1:], strict=False))
    with kitchen() as place:
        _, secret = keys.make_key(name="page", scopes=["print:write"], restaurants=[place.shop], by="tests")
        headers = dict(
            word.replace("$KEY", secret).split(": ", 1)
            for flag, word in zip(words, words[1:], strict=False)
            if flag == "-H"
        )
        kind = headers.pop("Content-Type")
        url = next(word for word in words if word.startswith("$BASE"))
        answer = Client(headers=headers).post(url.removeprefix("$BASE"), said["-d"], content_type=kind)
    assert answer.status_code == 201
