"""A text leaves once, is forgotten afterwards, and comes again when nobody took it."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from delivery.messaging import services
from delivery.messaging.models import Message

pytestmark = pytest.mark.django_db


class BrokenPort:
    def send(self, *, medium: str, to: str, text: str) -> None:
        raise ConnectionRefusedError("no provider here")


def queue(intent: str = "code:1", **more: timedelta) -> None:
    services.queue_message(medium="sms", to="+56912345678", text="Your code is 123456", intent_key=intent, **more)


def test_an_intent_is_one_text_and_nothing_personal_stays(capsys: pytest.CaptureFixture[str]) -> None:
    queue()
    queue()
    assert services.send_due() == 1
    assert services.send_due() == 0
    assert capsys.readouterr().err == "message to ...5678: Your code is 123456\n"
    message = Message.objects.get()
    assert (message.state, message.to, message.text) == ("sent", "", "")


def test_a_text_nobody_took_waits_with_its_content(settings: Settings) -> None:
    settings.MESSAGE_PORT = f"{__name__}.BrokenPort"
    queue()
    assert services.send_due() == 0
    message = Message.objects.get()
    assert (message.state, message.attempts, message.lease_token) == ("queued", 1, None)
    assert message.not_before is not None
    assert services.send_due() == 0
    message.refresh_from_db()
    assert message.attempts == 1


def test_a_text_that_is_too_old_is_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    queue(useful_for=timedelta(0))
    assert services.send_due() == 0
    assert Message.objects.get().state == "failed"
    assert capsys.readouterr().err == ""
