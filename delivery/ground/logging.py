"""Logs: JSON lines for machines, short lines for people, and nothing in either that belongs to a person.

A process of `up` or a container (PASSEPLAT_PROCESS names it) writes JSON lines to standard output; `up` keeps
them in DATA_DIR/log/<process>.jsonl. A command at a terminal writes lines for people to standard error.
Settings use it whole: `LOGGING = logging.configuration()`. Code uses `structlog.get_logger(__name__)`, keys
`order`, `event_id`, `request_id`, `city`; `progress=True` shows an informational line to people.
"""

import logging
import os
import re
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

import structlog

# A line of a process that starts so is shown in the terminal as it is and kept in no file.
FOR_PEOPLE_ONLY = "for people only: "
FIRST_KEYS = ("timestamp", "level", "process", "event", "order", "event_id", "request_id", "city")
HIDDEN = "[hidden]"
# A key that ends with one of these words holds a secret or something about a person.
PRIVATE_WORDS = frozenset(
    {"password", "secret", "token", "key", "code", "pin", "authorization", "cookie", "phone", "email"}
    | {"address", "street", "lat", "lon", "location", "name"}
)
PUBLIC_KEYS = frozenset({"code", "error_code", "exit_code", "status_code"})
PHONE = re.compile(r"(?<![\w.:-])(?:\+\d[\d ().-]{7,}\d|0[1-9](?:[ .]?\d{2}){4})(?![\w-])")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+(?=@)")

Record = MutableMapping[str, Any]


def configuration() -> dict[str, Any]:
    """Django's LOGGING, and structlog made to go through it. Reads PASSEPLAT_PROCESS once."""
    process = os.environ.get("PASSEPLAT_PROCESS", "")
    shared: list[Callable[[Any, str, Record], Mapping[str, Any]]] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        structlog.processors.UnicodeDecoder(),
        hide_private,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = _json_renderer(process) if process else _people_renderer
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "filters": {"failures": {"()": lambda: is_failure}},
        "handlers": {
            "out": {
                "class": "logging.StreamHandler",
                "stream": sys.stdout if process else sys.stderr,
                "formatter": "line",
            }
        },
        "root": {"handlers": ["out"], "level": "INFO" if process else "WARNING"},
        # Django gives the first two handlers of their own: one way out is enough.
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            "django.request": {"filters": ["failures"]},
        },
    }


def hide_private(_logger: object, _method: str, record: Record) -> Record:
    """Structlog processor: values under private keys are replaced, texts are masked, whatever their depth."""
    for key, value in record.items():
        record[key] = _hidden(key, value)
    return record


def is_failure(record: logging.LogRecord) -> bool:
    """Filter for `django.request`: an exception is news, an answered 404 or 503 is not."""
    return record.exc_info is not None


def mask(text: str) -> str:
    """`text` without phone numbers, e-mail addresses and credentials in URLs."""
    return PHONE.sub(HIDDEN, EMAIL.sub(HIDDEN, CREDENTIALS.sub(HIDDEN, text)))


def is_private(key: str) -> bool:
    """Whether a value under that key stays out of logs."""
    return key not in PUBLIC_KEYS and key.rpartition("_")[2].lower() in PRIVATE_WORDS


def line_for_people(record: Mapping[str, Any]) -> str:
    """`12:30:01 relay  warning  what happened  order=... city=...`; a traceback follows on its own lines."""
    clock = str(record.get("timestamp", ""))[11:19]
    extra = {k: v for k, v in record.items() if k not in {"exception", "progress", "logger", *FIRST_KEYS[:4]}}
    words = [clock, record.get("process", ""), record.get("level", ""), record.get("event", "")]
    words += [f"{key}={value}" for key, value in extra.items()]
    trace = f"\n{record['exception']}" if record.get("exception") else ""
    return "  ".join(str(word) for word in words if word) + trace


def _hidden(key: str, value: Any) -> Any:
    if key != "timestamp" and is_private(key):
        return HIDDEN
    if isinstance(value, str) and key != "timestamp":
        return mask(value)
    if isinstance(value, Mapping):
        return {inner: _hidden(str(inner), content) for inner, content in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(key, item) for item in value]
    return value


def _json_renderer(process: str) -> Callable[[Any, str, Record], str]:
    dump = structlog.processors.JSONRenderer(ensure_ascii=False)

    def render(logger: Any, method: str, record: Record) -> str:
        record["process"] = process
        ordered = {key: record.pop(key) for key in FIRST_KEYS if key in record} | dict(record)
        return str(dump(logger, method, ordered))

    return render


def _people_renderer(_logger: Any, _method: str, record: Record) -> str:
    return line_for_people(record)
