"""The paper proof: whatever breaks, nobody can hold two unmarked tickets of one intent in his hand, or none in silence.

`make proof PART=paper` runs 5,000 orders on 50 printers, `make test` enough of them for 300 tickets. Judged from paper.
"""

import os
import re
import sys
from collections import Counter

import pytest

from printing.models import ON_PAPER, PrintJob, Ticket
from printing.simulator import Ticket as Paper
from printing.simulator import running
from tests.faults.paper_faults import POINTS, RoughWorld

pytestmark = pytest.mark.django_db(transaction=True)

FULL = os.environ.get("PROOF") == "full"
SEED = int(os.environ.get("SEED", "20261123"))
PRINTERS, ORDERS, EACH_ROUND = (50, 5000, 50) if FULL else (10, 240, 12)
LAST_ROUNDS = 60
FOOTER = re.compile(r"^job ([0-9a-f]{8})\b", re.MULTILINE)


def test_the_paper_of_many_broken_printers(capsys: pytest.CaptureFixture[str]) -> None:
    rough = RoughWorld(seed=SEED, printers=PRINTERS)
    with running(*rough.simulators):
        rough.open()
        late = 0
        for _ in range(ORDERS // EACH_ROUND):
            for _ in range(EACH_ROUND):
                rough.order()
            rough.break_things()
            rough.work()
            rough.let_time_pass()
            late += len(silent_tickets(rough))
        rough.repair_everything()
        for _ in range(LAST_ROUNDS):
            rough.work()
            rough.let_time_pass()
            if rough.is_at_rest():
                break
        assert rough.is_at_rest()
        assert late == 0, "a ticket was neither on paper nor asked about after 30 s"
        judge(rough)
        with capsys.disabled():
            sys.stdout.write(summary(rough))


def judge(rough: RoughWorld) -> None:
    paper = rough.paper()
    number_of = {job.ticket_id: job.ticket.order.number for job in all_jobs() if job.ticket.order}
    by_tail = {str(job.public_id)[-8:]: job for job in all_jobs()}
    unmarked: Counter[int] = Counter()
    whole: set[int] = set()
    for printer_id, pieces in paper.items():
        order_of_tickets = []
        for piece in pieces:
            jobs = [by_tail[tail] for tail in FOOTER.findall(piece.text)]
            assert len(jobs) <= 1, f"two tickets on one piece of paper:\n{piece.text}"
            if not jobs:
                continue  # a half; what it says is checked below
            numbers = numbers_on(piece, rough)
            assert numbers == {number_of[jobs[0].ticket_id]}, f"{numbers} on one piece of paper:\n{piece.text}"
            whole.add(jobs[0].ticket_id)
            if not piece.marks:
                unmarked[jobs[0].ticket_id] += 1
                order_of_tickets.append(jobs[0].pk)
        assert order_of_tickets == sorted(order_of_tickets), f"printer {printer_id} prints out of order"
        assert all(len(numbers_on(piece, rough)) <= 1 for piece in pieces)
    assert [ticket for ticket, count in unmarked.items() if count > 1] == []
    sure = PrintJob.objects.filter(state__in=ON_PAPER, level=3)
    assert [job for job in sure if str(job.public_id)[-8:] not in tails(paper)] == [], "confirmed without paper"
    missing = Ticket.objects.exclude(pk__in=whole)
    unasked = [ticket for ticket in missing if not ticket.jobs.filter(overdue_at__isnull=False).exists()]
    assert unasked == [], "no paper and no open question"


def all_jobs() -> list[PrintJob]:
    return list(PrintJob.objects.select_related("ticket__order"))


def tails(paper: dict[int, list[Paper]]) -> set[str]:
    return {tail for pieces in paper.values() for piece in pieces for tail in FOOTER.findall(piece.text)}


def numbers_on(piece: Paper, rough: RoughWorld) -> set[str]:
    known = {order.number for order in rough.orders.values()}
    return {line.strip() for line in piece.text.splitlines() if line.strip() in known}


def silent_tickets(rough: RoughWorld) -> list[PrintJob]:
    """Jobs past their time that nobody has been told of, though no printer has their paper."""
    on_paper = tails(rough.paper())
    open_jobs = PrintJob.objects.filter(state__in=["queued", "blocked", "sending", "unconfirmed"], overdue_at=None)
    late = open_jobs.filter(supersedes=None).extra(where=["paper_by < now() - interval '10 seconds'"])
    return [job for job in late if str(job.public_id)[-8:] not in on_paper]


def summary(rough: RoughWorld) -> str:
    pieces = [piece for printer in rough.paper().values() for piece in printer]
    marked = Counter(mark for piece in pieces for mark in piece.marks)
    deaths = ", ".join(f"{point} {rough.deaths.died_at[point]}" for point in POINTS)
    states = dict(Counter(PrintJob.objects.values_list("state", flat=True)))
    return (
        f"\nseed {SEED}: {len(rough.orders)} orders, {Ticket.objects.count()} tickets on {PRINTERS} printers\n"
        f"paper: {len(pieces)} pieces, marked {dict(marked)}\njobs: {states}\nworkers killed: {deaths}\n"
    )
