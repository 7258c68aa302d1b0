"""Epson printers that ask: what an answer held may be on paper, so it is never answered twice without a mark."""

from urllib.parse import urlencode

import pytest

from printing.models import Attempt, Printer
from tests.db.printing.cloud import EpsonKitchen, knock

pytestmark = pytest.mark.django_db(transaction=True)

COPY = ("POSSIBLE DUPLICATE",)


def ask(place: EpsonKitchen, **form: str) -> tuple[int, bytes]:
    return knock("POST", place.url, urlencode(form).encode())


def test_a_ticket_is_asked_for_printed_and_reported() -> None:
    place = EpsonKitchen()
    order = place.cook()
    place.turns(3, each_s=1)
    assert (place.states(order), place.marks()) == (["printed"], [()])
    assert order.number in place.epson.tickets[0].text
    assert ask(place, ConnectionType="GetRequest", ID="x") == (200, b"")


@pytest.mark.parametrize("fault", ["late_result", "twice_result"])
def test_a_result_counts_late_and_twice(fault: str) -> None:
    place = EpsonKitchen(faults=[fault])
    order = place.cook()
    place.turns(3, each_s=8)
    assert (place.states(order), place.marks()) == (["printed"], [()])


@pytest.mark.parametrize(("fault", "paper"), [("lost_answer", [COPY]), ("lost_result", [(), COPY])])
def test_what_nobody_knows_is_copied_once_and_marked(fault: str, paper: list[tuple[str, ...]]) -> None:
    place = EpsonKitchen(faults=[fault])
    order = place.cook()
    place.turns(1, each_s=1)
    place.epson.faults.clear()
    place.turns(6)
    assert (place.states(order), place.marks()) == (["superseded", "printed"], paper)


def test_a_result_after_the_copy_was_made_calls_it_off() -> None:
    place = EpsonKitchen(faults=["lost_result"])
    order = place.cook()
    place.epson.turn()
    token = Attempt.objects.get().token
    place.turns(1, each_s=31)
    assert place.states(order) == ["unconfirmed"]
    xml = f'<PrintResponseInfo Version="2.00"><ePOSPrint><Parameter><printjobid>{token}</printjobid></Parameter>'
    xml += '<PrintResponse><response success="true" code=""/></PrintResponse></ePOSPrint></PrintResponseInfo>'
    assert ask(place, ConnectionType="SetResponse", ID="x", ResponseFile=xml)[0] == 200
    place.turns(3)
    assert (place.states(order), place.marks()) == (["printed"], [()])


@pytest.mark.parametrize(("fault", "state"), [("cover", "cover"), ("paper_out", "paper")])
def test_a_stopped_printer_says_so(fault: str, state: str) -> None:
    place = EpsonKitchen(faults=[fault])
    order = place.cook()
    place.epson.turn()
    assert (place.states(order), Printer.objects.get().state) == (["unconfirmed"], state)
    place.epson.faults.clear()
    place.turns(5)
    assert (place.states(order), place.marks()) == (["superseded", "printed"], [COPY])


def test_a_spooler_that_has_only_stored_a_ticket_is_not_believed() -> None:
    place = EpsonKitchen(faults=["spooler"])
    order = place.cook()
    place.epson.turn()
    assert (place.states(order), place.marks()) == (["sending"], []), "success meant: stored"
    place.turns(2, each_s=5)
    assert (place.states(order), place.marks()) == (["printed"], [()])


def test_a_spooler_that_forgets_leaves_the_ticket_in_doubt() -> None:
    place = EpsonKitchen(faults=["spooler", "forgets"])
    order = place.cook()
    place.turns(3, each_s=5)
    assert (place.states(order)[0], place.marks()) == ("unconfirmed", [])
    place.epson.faults.clear()
    Printer.objects.update(labels={})
    place.turns(5)
    assert (place.states(order), place.marks()) == (["superseded", "printed"], [COPY])


def test_nonsense_is_refused() -> None:
    place = EpsonKitchen()
    assert ask(place, ConnectionType="Else")[0] == 400
    assert ask(place, ConnectionType="SetResponse", ResponseFile="<a")[0] == 400
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    assert ask(place, ConnectionType="SetResponse", ResponseFile=bomb)[0] == 400
    assert knock("POST", place.url.replace("/sdp/", "/sdp/x"), b"")[0] == 404
    assert knock("GET", place.url, b"")[0] == 405
