"""A Star printer that asks for its tickets over CloudPRNT: one `turn` is one poll interval.

Faults, in force until cleared:
paper_out, cover, jam  stopped: its polls say 410, 420, 411, and it fetches nothing
halfway                the paper ends in the middle of the next ticket: half of it falls out, `paper_out` follows
lost_post, lost_get    the server has answered, the answer never came
lost_delete            the result never reaches the server
late_delete            it reaches the server at the beginning of the next turn but one
twice_delete           it reaches the server twice
no_token               old firmware: knows no tokens
double_poll            polls twice before it fetches
bad_media              refuses the first media type that it is offered, with 510
timeout                the download breaks off: 520
busy                   takes a whole turn to print, and polls with "printing in progress"
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from printing.rendering.content import MarkKind
from printing.simulator.paper_log import PaperLog
from printing.simulator.sheet import Line, Ticket

Ask = Callable[[str, str, bytes], tuple[int, bytes]]
"""Method, address with its query, body -> status and body. Raises OSError when the server is away."""

STOPPED = {"paper_out": "410", "cover": "420", "jam": "411"}


class CloudPrinter:
    """`tickets` holds what came out, oldest first, as `Simulator` does."""

    def __init__(
        self,
        ask: Ask,
        url: str,
        *,
        mac: str = "00:11:62:00:00:01",
        takes: Iterable[str] = ("text/plain",),
        faults: Iterable[str] = (),
        paper: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.tickets: list[Ticket] = []
        self.faults = set(faults)
        self._ask, self._url, self._mac = ask, url, mac
        self._takes = tuple(takes)
        self._log = PaperLog(paper) if paper is not None else None
        self._now = now
        self._late: list[dict[str, str]] = []
        self._busy_with: dict[str, Any] | None = None
        self._answers: list[dict[str, str]] = []

    def clear(self) -> None:
        """Repairs everything."""
        self.faults.clear()

    def turn(self) -> None:
        """One poll, and whatever follows from it."""
        due, self._late = (
            [result for result in self._late if "due" in result],
            [result | {"due": ""} for result in self._late if "due" not in result],
        )
        for result in due:
            self._say(result)
        if self._busy_with is not None:
            job, self._busy_with = self._busy_with, None
            self._poll(is_printing=True, token=job["token"])
            self._put_on_paper(job["data"])
            self._report(job["token"], "200 OK")
            return
        answer = self._poll()
        if "double_poll" in self.faults:
            answer = self._poll()
        if answer.get("clientAction"):
            self._answers = [self._answer(action) for action in answer["clientAction"]]
        if answer.get("jobReady"):
            self._work(answer)

    def _poll(self, *, is_printing: bool = False, token: str | None = None) -> dict[str, Any]:
        stopped = next((code for fault, code in STOPPED.items() if fault in self.faults), None)
        said: dict[str, Any] = {
            "status": "23 86 00 00 00 00 00 00 00 00 00",
            "printerMAC": self._mac,
            "statusCode": quote(f"{stopped} stopped" if stopped else "200 OK"),
            "jobToken": token,
            "printingInProgress": is_printing,
            "clientAction": self._answers or None,
        }
        self._answers = []
        status, body = self._ask("POST", self._url, json.dumps(said).encode())
        if status != 200 or "lost_post" in self.faults:
            return {}
        answer = json.loads(body)
        return answer if isinstance(answer, dict) and not stopped else {}

    def _answer(self, action: dict[str, str]) -> dict[str, str]:
        known = {"Encodings": "; ".join(self._takes), "ClientType": "Simulated", "GetPollInterval": "5"}
        return {"request": action["request"], "result": known.get(action["request"], "")}

    def _work(self, offer: dict[str, Any]) -> None:
        token = "" if "no_token" in self.faults else str(offer.get("jobToken") or "")
        offered = offer.get("mediaTypes") or []
        media_type = next((kind for kind in offered if kind in self._takes), None)
        if media_type is None or ("bad_media" in self.faults and media_type == self._takes[0]):
            self._report(token, "510 Unsupported media", fetched=media_type)
            return
        status, data = self._fetch(token, media_type)
        if status != 200 or "lost_get" in self.faults:
            return
        if "timeout" in self.faults:
            self._report(token, "520 Timeout")
        elif "halfway" in self.faults:
            self.faults ^= {"halfway", "paper_out"}
            lines = _lines_of(data)
            self._put_on_paper(data, lines[: len(lines) // 2])
        elif "busy" in self.faults:
            self._busy_with = {"token": token, "data": data}
        else:
            self._put_on_paper(data)
            self._report(token, "200 OK")

    def _fetch(self, token: str, media_type: str) -> tuple[int, bytes]:
        asked = {"mac": self._mac, "type": media_type} | ({"token": token} if token else {})
        return self._ask("GET", f"{self._url}?{urlencode(asked)}", b"")

    def _report(self, token: str, code: str, *, fetched: str | None = None) -> None:
        if fetched is not None:
            self._fetch(token, fetched)
        result = {"code": quote(code), "mac": self._mac} | ({"token": token} if token else {})
        if "lost_delete" in self.faults:
            return
        if "late_delete" in self.faults:
            self._late.append(result)
            return
        self._say(result)
        if "twice_delete" in self.faults:
            self._say(result)

    def _say(self, result: dict[str, str]) -> None:
        asked = {name: value for name, value in result.items() if name != "due"}
        self._ask("DELETE", f"{self._url}?{urlencode(asked)}", b"")

    def _put_on_paper(self, data: bytes, lines: Sequence[str] | None = None) -> None:
        lines = _lines_of(data) if lines is None else lines
        marks = tuple(kind.value for kind in MarkKind if any(line.startswith(kind) for line in lines))
        ticket = Ticket(tuple(Line(line) for line in lines), data, self._now(), marks)
        if self._log is not None:
            self._log.write(ticket)
        self.tickets.append(ticket)


def _lines_of(data: bytes) -> list[str]:
    """A drawn ticket is one image to a person without eyes."""
    if data.startswith(b"\x89PNG"):
        width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
        return [f"[image {width}x{height}]"]
    if data.startswith(b"\x1b\x1dS"):
        width, height = int.from_bytes(data[4:6], "little") * 8, int.from_bytes(data[6:8], "little")
        return [f"[image {width}x{height}]"]
    return data.decode().splitlines()
