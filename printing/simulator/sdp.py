"""An Epson printer that asks for its tickets over Server Direct Print: one `turn` is one interval.

Faults, in force until cleared: `lost_answer` (the answer to GetRequest never comes), `lost_result` (SetResponse never
arrives), `late_result` (it arrives one turn later), `twice_result`, `cover`, `paper_out` (it refuses to print and says
so), `spooler` (says "success" when the ticket is stored, prints it one turn later), `forgets` (the spooler loses it).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

from printing.escpos import read_commands
from printing.rendering.epos import NAMESPACE
from printing.simulator.cloudprnt import Ask
from printing.simulator.sheet import Sheet, Ticket, is_cut

CODES = {"cover": "EPTR_COVER_OPEN", "paper_out": "EPTR_REC_EMPTY"}


class DirectPrinter:
    """`tickets` holds what came out, oldest first, as `Simulator` does."""

    def __init__(
        self,
        ask: Ask,
        url: str,
        *,
        faults: Iterable[str] = (),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.tickets: list[Ticket] = []
        self.faults = set(faults)
        self._ask, self._url, self._now = ask, url, now
        self._late: list[str] = []
        self._stored: dict[str, bytes] = {}
        self._known: dict[str, bool] = {}

    def turn(self) -> None:
        """One GetRequest, and whatever follows from it."""
        late, self._late = self._late, []
        for result in late:
            self._say(result)
        status, body = self._ask("POST", self._url, urlencode({"ConnectionType": "GetRequest", "ID": "sim"}).encode())
        stored, self._stored = self._stored, {}
        for job_id, data in stored.items():
            if "forgets" not in self.faults:
                self._print(data)
                self._known[job_id] = True
        if status == 200 and body and "lost_answer" not in self.faults:
            self._work(ElementTree.fromstring(body))

    def _work(self, request: ElementTree.Element) -> None:
        job_id = request.findtext(".//printjobid") or ""
        command = request.find(f".//{{{NAMESPACE}}}command")
        stopped = next((code for fault, code in CODES.items() if fault in self.faults), "")
        if command is None:
            code = "" if self._known.get(job_id) else "JobNotFound"
            self._report(job_id, code)
        elif stopped:
            self._report(job_id, stopped)
        elif "spooler" in self.faults:
            self._stored[job_id] = bytes.fromhex(command.text or "")
            self._report(job_id, "")
        else:
            self._print(bytes.fromhex(command.text or ""))
            self._report(job_id, "")

    def _report(self, job_id: str, code: str) -> None:
        xml = (
            '<?xml version="1.0" encoding="utf-8"?><PrintResponseInfo Version="2.00"><ePOSPrint>'
            f"<Parameter><devid>local_printer</devid><printjobid>{job_id}</printjobid></Parameter><PrintResponse>"
            f'<response xmlns="{NAMESPACE}" success="{"false" if code else "true"}" code="{code}" status="251854870"/>'
            "</PrintResponse></ePOSPrint></PrintResponseInfo>"
        )
        if "lost_result" in self.faults:
            return
        if "late_result" in self.faults:
            self._late.append(xml)
            return
        self._say(xml)
        if "twice_result" in self.faults:
            self._say(xml)

    def _say(self, xml: str) -> None:
        form = {"ConnectionType": "SetResponse", "ID": "sim", "Name": "", "ResponseFile": xml}
        self._ask("POST", self._url, urlencode(form).encode())

    def _print(self, data: bytes) -> None:
        sheet = Sheet()
        for command in read_commands(data):
            sheet.draw(command)
            if is_cut(command) and (ticket := sheet.cut(self._now())) is not None:
                self.tickets.append(ticket)
