"""`python -m printing.agent pair|run`: see `--help`."""

import json
import os
import signal
import sys
import threading
import urllib.request
from argparse import ArgumentParser, Namespace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from printing.agent.journal import Journal
from printing.agent.line import Line
from printing.agent.websocket import Refused


def main() -> int:
    parser = ArgumentParser(prog="python -m printing.agent", description="Carries tickets to the printers beside it.")
    commands = parser.add_subparsers(dest="command", required=True)
    pair = commands.add_parser("pair", help="turn the code that the office gave you into this box's own secret")
    pair.add_argument("--code", required=True)
    run = commands.add_parser("run", help="print until told to stop")
    for command in (pair, run):
        command.add_argument("--server", required=True, help="e.g. https://passeplat.example")
        command.add_argument("--folder", type=Path, required=True, help="keeps the secret and the journal")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    return _pair(arguments) if arguments.command == "pair" else _run(arguments)


def _pair(arguments: Namespace) -> int:
    body = json.dumps({"code": arguments.code, "name": os.uname().nodename[:60]}).encode()
    request = urllib.request.Request(
        f"{arguments.server.rstrip('/')}/api/v1/devices/pair", body, {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            token = json.load(answer)["token"]
    except HTTPError as error:
        return _fail(f"refused ({error.code}): the code is wrong, used, or too old")
    handle = os.open(arguments.folder / "secret", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(token)
    sys.stdout.write("paired\n")
    return 0


def _run(arguments: Namespace) -> int:
    secret = arguments.folder / "secret"
    if not secret.exists():
        return _fail("not paired: run `pair` first")
    parts = urlsplit(arguments.server)
    url = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/ws/printers/"
    line = Line(url, token=secret.read_text().strip(), journal=Journal(arguments.folder / "journal"))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: line.stop())
    threading.current_thread().name = "line"
    try:
        line.run()
    except Refused as error:
        return _fail(f"{error}: this box is not known (any more); pair it again")
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(f"{message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
