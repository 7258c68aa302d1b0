"""What Epson printers take that ask over Server Direct Print: ePOS-Print XML around the very ESC/POS bytes. Pure.

Source: Epson Server Direct Print User's Manual (PrintRequestInfo, PrintResponseInfo) and the ePOS-Print XML reference
(`<command>`: hexadecimal ESC/POS, passed to the printer as it is).
"""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

NAMESPACE = "http://www.epson-pos.com/schemas/2011/03/epos-print"
TIMEOUT_MS = 10_000
_FORBIDDEN = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


class NotAResponse(ValueError):
    """Not the XML that a printer sends as its ResponseFile."""


@dataclass(frozen=True)
class Response:
    """One `<response>`: of the job `job_id` (empty before Version 2.00); `code` is empty when it succeeded."""

    job_id: str
    success: bool
    code: str


def print_request(escpos: bytes, job_id: str) -> bytes:
    """`job_id`: up to 30 letters and digits. Empty bytes ask a printer with a spooler what became of that job."""
    content = f"<command>{escpos.hex()}</command>" if escpos else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<PrintRequestInfo Version="2.00"><ePOSPrint><Parameter>'
        f"<devid>local_printer</devid><timeout>{TIMEOUT_MS}</timeout><printjobid>{job_id}</printjobid>"
        f'</Parameter><PrintData><epos-print xmlns="{NAMESPACE}">{content}</epos-print></PrintData>'
        "</ePOSPrint></PrintRequestInfo>"
    ).encode()


def read_responses(xml: str) -> list[Response]:
    """Every result in a ResponseFile, of Version 1.00 to 3.00. Raises NotAResponse."""
    if _FORBIDDEN.search(xml):
        raise NotAResponse("declares entities")
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError as error:
        raise NotAResponse(str(error)) from error
    return [found for block in _blocks(root) if (found := _response(block)) is not None]


def _blocks(root: ElementTree.Element) -> list[ElementTree.Element]:
    """The parts that each hold one result: `<ePOSPrint>` from Version 2.00 on, before it the whole."""
    blocks = [element for element in root.iter() if _name(element) == "ePOSPrint"]
    return blocks or [root]


def _response(block: ElementTree.Element) -> Response | None:
    job_id = next((element.text or "" for element in block.iter() if _name(element) == "printjobid"), "")
    for element in block.iter():
        if _name(element) == "response":
            success = element.get("success", "").lower() in ("true", "1")
            return Response(job_id.strip(), success, element.get("code", ""))
    return None


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
