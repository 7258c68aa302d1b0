"""A ticket that a person wants again: a marked copy, or the same ticket at once when it was never sent."""

import pytest

from printing.errors import NoPrinter
from printing.models import PrintJob
from printing.services.again import print_again
from tests import world
from tests.db.printing.kitchen import Kitchen, kitchen

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_on_paper_comes_again_marked_as_a_copy() -> None:
    with kitchen() as place:
        order = place.cook()
        place.work()
        for number in (1, 2):
            [copy] = print_again(order_id=order.pk, by="device:a")
            place.work()
            copy.refresh_from_db()
            assert (copy.state, copy.copy_no, copy.requested_by) == ("printed", number, "device:a")
        assert place.paper() == [(), ("COPY",), ("COPY",)]


def test_what_was_never_sent_is_tried_at_once_and_comes_out_once() -> None:
    with kitchen(faults={"oven": ["paper_out"]}) as place:
        order = place.cook()
        place.work()
        assert place.work() == 0  # the printer rests
        place.simulators["oven"].clear()
        assert print_again(order_id=order.pk, by="device:a") == []
        assert place.work() == 1
        assert (place.states(order), place.paper()) == (["printed"], [()])
        assert PrintJob.objects.count() == 1


def test_without_a_printer_there_is_nothing_to_print_again() -> None:
    place = Kitchen(world.pizzeria(), {})
    order = place.cook()
    with pytest.raises(NoPrinter):
        print_again(order_id=order.pk, by="device:a")
