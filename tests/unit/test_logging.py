"""What logs must never hold, and what they must."""

import json
import subprocess
import sys
from typing import Any

import pytest

from delivery import env
from delivery.ground import logging


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call +33 6 12 34 56 78 now", "call [hidden] now"),
        ("call 06 12 34 56 78 now", "call [hidden] now"),
        ("call 0612345678 now", "call [hidden] now"),
        ("mail ana.lopez@example.org", "mail [hidden]"),
        ("at postgresql://passeplat:s3cret@127.0.0.1:5432/x", "at postgresql://[hidden]@127.0.0.1:5432/x"),
        (
            "order 01935b1e-7a0e-7cc1-b7a4-0123456789ab late",
            "order 01935b1e-7a0e-7cc1-b7a4-0123456789ab late",
        ),
        ("at 2026-11-22T17:25:01.123456+00:00", "at 2026-11-22T17:25:01.123456+00:00"),
        ("took 1234567890 ns", "took 1234567890 ns"),
    ],
)
def test_texts_lose_what_belongs_to_people_and_nothing_else(text: str, shown: str) -> None:
    assert logging.mask(text) == shown


def test_private_keys_are_hidden_at_any_depth() -> None:
    record: dict[str, Any] = {
        "event": "checkout",
        "order": "A7",
        "customer": {"phone": "5", "street_address": "1 rue X", "notes": ["ring +33612345678"]},
        "api_token": "abc",
        "error_code": "late",
    }
    hidden = logging.hide_private(None, "info", record)
    assert hidden == {
        "event": "checkout",
        "order": "A7",
        "customer": {"phone": "[hidden]", "street_address": "[hidden]", "notes": ["ring [hidden]"]},
        "api_token": "[hidden]",
        "error_code": "late",
    }


def test_a_line_for_people_fits_the_terminal() -> None:
    record = json.loads(
        '{"timestamp": "2026-11-22T12:30:01Z", "level": "warning", "process": "relay", "event": "slow",'
        ' "city": "lyon", "progress": true}'
    )
    assert logging.line_for_people(record) == "12:30:01  relay  warning  slow  city=lyon"


def test_configured_process_writes_json_without_private_values() -> None:
    code = (
        "import logging, logging.config, structlog\n"
        "from delivery.ground.logging import configuration\n"
        "logging.config.dictConfig(configuration())\n"
        "structlog.contextvars.bind_contextvars(request_id='r1')\n"
        "structlog.get_logger('x').info('placed', order='A7', phone='5', note='call +33612345678')\n"
        "logging.getLogger('django.request').warning('Not Found: /x')\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: logging.getLogger('django.request').error('broken', exc_info=True)\n"
    )
    environment = {"PASSEPLAT_PROCESS": "web", "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=env.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    placed, broken = [json.loads(line) for line in done.stdout.splitlines()]
    assert list(placed)[:6] == ["timestamp", "level", "process", "event", "order", "request_id"]
    assert (placed["process"], placed["phone"], placed["note"]) == ("web", "[hidden]", "call [hidden]")
    assert (broken["event"], broken["level"]) == ("broken", "error")
    assert "ZeroDivisionError" in broken["exception"]
