"""ePOS-Print XML against the literal text of the vendor's manual."""

import pytest

from printing.rendering.epos import NotAResponse, Response, print_request, read_responses

ANSWERED = """<?xml version="1.0" encoding="utf-8"?>
<PrintResponseInfo Version="2.00">
  <ePOSPrint>
    <Parameter><devid>local_printer</devid><printjobid>ABC123</printjobid></Parameter>
    <PrintResponse>
      <response success="true" code="" status="251854870" battery="0"
        xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"/>
    </PrintResponse>
  </ePOSPrint>
  <ePOSPrint>
    <Parameter><devid>local_printer</devid><printjobid>ABC124</printjobid></Parameter>
    <PrintResponse>
      <response success="false" code="EPTR_COVER_OPEN" status="251854884"
        xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"/>
    </PrintResponse>
  </ePOSPrint>
</PrintResponseInfo>"""
OLD = """<response success="false" code="EX_TIMEOUT" status="0"
  xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"/>"""
FAILED = """<PrintResponseInfo Version="3.00"><ServerDirectPrint>
  <Response Success="false"><ErrorSummary>InvalidXml</ErrorSummary></Response>
</ServerDirectPrint></PrintResponseInfo>"""


def test_a_request_is_the_very_bytes_inside_epos_xml() -> None:
    assert print_request(b"\x1b@Hi\n", "ABC123") == (
        b'<?xml version="1.0" encoding="utf-8"?><PrintRequestInfo Version="2.00"><ePOSPrint><Parameter>'
        b"<devid>local_printer</devid><timeout>10000</timeout><printjobid>ABC123</printjobid></Parameter><PrintData>"
        b'<epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print"><command>1b4048690a</command>'
        b"</epos-print></PrintData></ePOSPrint></PrintRequestInfo>"
    )


def test_a_spooler_is_asked_with_an_empty_job_of_the_same_id() -> None:
    assert b"<printjobid>ABC123</printjobid>" in print_request(b"", "ABC123")
    assert b"<command>" not in print_request(b"", "ABC123")


def test_results_of_all_versions_are_read() -> None:
    assert read_responses(ANSWERED) == [
        Response("ABC123", success=True, code=""),
        Response("ABC124", success=False, code="EPTR_COVER_OPEN"),
    ]
    assert read_responses(OLD) == [Response("", success=False, code="EX_TIMEOUT")]
    assert read_responses(FAILED) == []


@pytest.mark.parametrize("xml", ["", "<a", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "\x00"])
def test_what_is_no_result_is_refused(xml: str) -> None:
    with pytest.raises(NotAResponse):
        read_responses(xml)
