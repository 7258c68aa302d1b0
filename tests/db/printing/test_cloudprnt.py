"""Star printers that ask over HTTP: whatever is lost on the way, at most one unmarked ticket is on paper."""

import io
import json
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from printing.models import Attempt, Printer
from printing.services.doubt import put_in_order
from printing.services.printers import pause_printer
from tests.db.printing.cloud import CloudKitchen, knock
from tests.db.printing.kitchen import time_passes

pytestmark = pytest.mark.django_db(transaction=True)

COPY = ("POSSIBLE DUPLICATE",)


def poll(place: CloudKitchen, **said: Any) -> dict[str, Any]:
    status, body = knock("POST", place.url, json.dumps({"statusCode": "200%20OK"} | said).encode())
    assert status == 200
    answer = json.loads(body)
    assert isinstance(answer, dict)
    return answer


def test_a_ticket_is_offered_fetched_printed_and_confirmed() -> None:
    place = CloudKitchen()
    order = place.cook()
    place.star.turn()
    assert (place.states(order), place.marks()) == (["printed"], [()])
    assert order.number in place.star.tickets[0].text
    job = place.newest()
    assert (job.level, job.printer.state, job.printer.mac) == (3, "ready", "00:11:62:00:00:01")
    place.turns(3)
    assert place.marks() == [()]
    printer = Printer.objects.get(pk=place.printer.pk)
    assert (printer.about["ClientType"], printer.media_types) == ("Simulated", ["text/plain"])


@pytest.mark.parametrize("fault", ["double_poll", "no_token", "twice_delete", "late_delete"])
def test_what_printers_do_by_habit_prints_once(fault: str) -> None:
    place = CloudKitchen(faults=[fault])
    first, second = place.cook(), place.cook()
    for _ in range(6):
        place.turns(1, each_s=3)
    assert (place.states(first), place.states(second)) == (["printed"], ["printed"])
    assert place.marks() == [(), ()]
    assert first.number in place.star.tickets[0].text


def test_a_poll_whose_answer_was_lost_is_answered_with_the_same_ticket() -> None:
    place = CloudKitchen(faults=["lost_post"])
    order = place.cook()
    place.turns(2, each_s=2)
    assert (place.states(order), place.marks()) == (["queued"], [])
    place.star.clear()
    place.turns(1, each_s=2)
    assert (place.states(order), place.marks()) == (["printed"], [()])
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("fault", ["lost_get", "lost_delete"])
def test_nobody_knows_whether_it_printed_so_one_marked_copy_follows(fault: str) -> None:
    place = CloudKitchen(faults=[fault])
    order = place.cook()
    place.turns(1, each_s=1)
    assert place.states(order) == ["sending"]
    place.star.clear()
    place.turns(2, each_s=5)
    assert place.states(order) == ["sending"], "inside the claim window nothing is offered"
    place.turns(5)
    assert place.states(order) == ["superseded", "printed"]
    assert place.marks() == ([COPY] if fault == "lost_get" else [(), COPY])


def test_a_result_that_comes_late_calls_the_copy_off() -> None:
    place = CloudKitchen(faults=["lost_delete"])
    order = place.cook()
    place.star.turn()
    place.star.clear()
    place.turns(2, each_s=16)
    time_passes(11)
    put_in_order(printer_id=place.printer.pk)
    assert place.states(order) == ["superseded", "queued"]
    token = Attempt.objects.order_by("pk")[0].token
    assert poll(place)["jobToken"] != token
    assert knock("DELETE", f"{place.url}?mac=&code=200%20OK&token={token}", b"")[0] == 200
    place.turns(4)
    assert place.states(order) == ["printed", "cancelled"]
    assert place.marks() == [()]


def test_a_fault_in_the_middle_of_a_ticket_is_followed_by_a_marked_one_with_a_new_token() -> None:
    place = CloudKitchen(faults=["halfway"])
    order = place.cook()
    place.turns(2, each_s=1)
    assert place.states(order) == ["unconfirmed"]
    assert Printer.objects.get(pk=place.printer.pk).state == "paper"
    old = Attempt.objects.get().token
    assert knock("GET", f"{place.url}?mac=&type=text/plain&token={old}", b"")[0] == 404
    place.star.clear()
    place.turns(4)
    assert place.states(order) == ["superseded", "printed"]
    assert place.marks() == [(), COPY]


@pytest.mark.parametrize(("fault", "state"), [("paper_out", "paper"), ("cover", "cover"), ("jam", "fault")])
def test_a_stopped_printer_is_offered_nothing_and_prints_once_when_it_is_well(fault: str, state: str) -> None:
    place = CloudKitchen(faults=[fault])
    order = place.cook()
    place.turns(3, each_s=5)
    assert Printer.objects.get(pk=place.printer.pk).state == state
    assert not Attempt.objects.exists()
    place.star.clear()
    place.turns(1, each_s=5)
    assert (place.states(order), place.marks()) == (["printed"], [()])


def test_a_printer_at_work_says_so_and_keeps_its_ticket() -> None:
    place = CloudKitchen(faults=["busy"])
    order = place.cook()
    place.turns(1, each_s=1)
    place.turns(1, each_s=20)
    assert (place.states(order), place.marks()) == (["printed"], [()])


def test_a_broken_download_is_offered_again_without_a_mark() -> None:
    place = CloudKitchen(faults=["timeout"])
    order = place.cook()
    place.turns(1, each_s=1)
    assert place.states(order) == ["queued"]
    place.star.clear()
    place.turns(1)
    assert (place.states(order), place.marks()) == (["printed"], [()])


def test_a_refused_media_type_is_not_offered_again() -> None:
    place = CloudKitchen(faults=["bad_media"], takes=["application/vnd.star.starprnt", "image/png"])
    order = place.cook()
    place.turns(1, each_s=1)
    assert place.states(order) == ["queued"]
    place.turns(2)
    assert (place.states(order), place.star.tickets[0].text) == (["printed"], f"[image {image_size(place)}]")


def image_size(place: CloudKitchen) -> str:
    with Image.open(io.BytesIO(place.star.tickets[0].raw)) as picture:
        assert picture.format == "PNG"
        return f"{picture.width}x{picture.height}"


def test_the_same_ticket_is_fetched_as_often_as_somebody_likes() -> None:
    place = CloudKitchen()
    place.cook()
    token = poll(place)["jobToken"]
    url = f"{place.url}?mac=00:11:62:00:00:01&type=text%2Fplain&token={token}"
    first = knock("GET", url, b"")
    assert first[0] == 200
    assert knock("GET", url, b"") == first
    assert knock("GET", url.replace("text%2Fplain", "image/bmp"), b"")[0] == 415
    assert knock("GET", url.replace(token, "unknown"), b"")[0] == 404
    assert poll(place)["jobReady"] is False, "it is in its hands"


@pytest.mark.parametrize(
    "said", ["code=OK", "code=200", "code=200%2520OK", "code=211%20Paper%20low", "code=200%20OK&delete"]
)
def test_every_way_to_say_that_it_is_done(said: str) -> None:
    place = CloudKitchen()
    order = place.cook()
    token = poll(place)["jobToken"]
    assert knock("GET", f"{place.url}?type=text/plain&token={token}", b"")[0] == 200
    method = "GET" if said.endswith("delete") else "DELETE"
    assert knock(method, f"{place.url}?{said}&token={token}", b"")[0] == 200
    assert place.states(order) == ["printed"]


def test_a_query_that_was_encoded_into_the_path_is_read() -> None:
    place = CloudKitchen()
    order = place.cook()
    assert poll(place)["jobReady"] is True
    encoded = "%3Fmac%3D00:11:62:00:00:01%26type%3Dtext%2Fplain"
    assert knock("GET", place.url + encoded, b"")[0] == 200
    assert knock("DELETE", place.url + "%3Fcode%3D200%26mac%3D00:11:62:00:00:01", b"")[0] == 200
    assert place.states(order) == ["printed"]


def test_polls_as_old_and_odd_clients_send_them() -> None:
    place = CloudKitchen()
    place.cook()
    for body in (b"", b"{}", b'{"statusCode":null,"printerMAC":null}', b"%7B%22statusCode%22%3A%22200%22%7D", b"a=1"):
        status, answer = knock("POST", place.url, body)
        assert (status, json.loads(answer)["jobReady"]) == (200, True), body
    for body in (b"[1]", b"{", b"\xff", b"[" * 100_000):
        assert knock("POST", place.url, body)[0] == 400, body[:10]


def test_the_secret_is_bound_to_the_first_printer_that_uses_it() -> None:
    place = CloudKitchen()
    place.cook()
    assert poll(place, printerMAC="00:11:62:AA:BB:CC")["jobReady"] is True
    other = json.dumps({"statusCode": "200", "printerMAC": "00:11:62:aa:bb:cd"}).encode()
    assert knock("POST", place.url, other)[0] == 403
    assert knock("GET", f"{place.url}?mac=001162aabbcd&type=text/plain", b"")[0] == 403
    assert knock("DELETE", f"{place.url}?mac=001162aabbcd&code=200", b"")[0] == 403
    assert poll(place, printerMAC="00:00:00:00:00:00")["jobReady"] is True, "no address is no other address"


def test_strangers_find_nothing_and_are_counted() -> None:
    place = CloudKitchen()
    url = place.url.replace("/poll", "x/poll")
    assert [knock("POST", url, b"{}")[0] for _ in range(31)] == [404] * 30 + [429]
    Printer.objects.update(transport="tcp")
    assert knock("POST", place.url, b"{}")[0] == 429


def test_a_paused_or_silent_printer() -> None:
    place = CloudKitchen()
    order = place.cook()
    pause_printer(printer=place.printer, by="tests")
    assert poll(place)["jobReady"] is False
    time_passes(40)
    put_in_order(printer_id=place.printer.pk)
    assert Printer.objects.get(pk=place.printer.pk).state == "offline"
    assert place.states(order) == ["queued"]


def test_the_setting_is_beside_the_poll_address() -> None:
    place = CloudKitchen()
    answer = Client().get(place.url.replace("/poll", "/cloudprnt-setting.json") + "?mac=001162000001")
    assert answer.json()["serverSupportProtocol"] == ["HTTP"]
    assert Client().get(place.url).status_code == 404
    assert Client().put(place.url).status_code == 405
