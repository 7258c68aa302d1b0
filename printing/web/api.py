"""Print on any printer of a fleet with one request, and ask what became of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import update_wrapper
from typing import Annotated, Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import AwareDatetime, Field

from delivery.accounts import limits
from delivery.ground.api import ApiRequest, Body, once
from delivery.ground.openapi import Answer
from printing.models import PrintJob
from printing.selectors import job_of, printers_named
from printing.services.requests import request_print
from printing.services.tickets import LATER

router = Router(tags=["print"])
P = ParamSpec("P")

# Ten requests a second over a minute; a ticket is a second of a printer's time, so they are counted too.
REQUESTS = limits.Limit("print requests", most=600, per=timedelta(minutes=1))
TICKETS = limits.Limit("tickets by API", most=6_000, per=timedelta(minutes=1))

Uid = Annotated[str, Field(min_length=1, max_length=80)]


class PrintBody(Body):
    """`to`: uids of printers, labels joined by AND ("city=lyon role=kitchen"), or "all" that the caller may use."""

    to: Annotated[list[Uid], Field(min_length=1, max_length=500)] | Annotated[str, Field(min_length=1, max_length=500)]
    content: Any
    not_after: AwareDatetime | None = None
    copies: int = Field(1, ge=1, le=10, strict=True)
    priority: int = Field(LATER, ge=1, le=9, strict=True)


class QueuedJob(Answer):
    id: UUID
    printer: str
    state: str


class QueuedAnswer(Answer):
    jobs: list[QueuedJob]


class JobAnswer(QueuedJob):
    """`level`: what the printer can confirm; `marks`: what the paper says beside its content."""

    reason: str
    state_at: datetime
    created_at: datetime
    printed_at: datetime | None
    not_after: datetime | None
    level: int | None
    copy_no: int = Field(alias="copy")
    marks: list[str]
    attempts: int
    superseded_by: UUID | None


def bounded(
    write: Callable[Concatenate[ApiRequest, P], HttpResponse],
) -> Callable[Concatenate[ApiRequest, P], HttpResponse]:
    """Counts each request before it is looked at, outside its transaction: 429 with Retry-After when it is too many."""

    def view(request: ApiRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        limits.count_try(REQUESTS, request.actor.ref)
        return write(request, *args, **kwargs)

    update_wrapper(view, write)  # ninja reads the signature of what is wrapped
    return view


@router.post("/print", url_name="print", response={201: QueuedAnswer})
@bounded
@once
def print_content(request: ApiRequest, body: PrintBody) -> tuple[int, dict[str, Any]]:
    printers = printers_named(request.actor, body.to)
    limits.count_try(TICKETS, request.actor.ref, weight=len(printers) * body.copies)
    jobs = request_print(
        printers=printers,
        content=body.content,
        copies=body.copies,
        priority=body.priority,
        not_after=body.not_after,
        by=request.actor.ref,
    )
    return 201, {"jobs": [_short(job) for job in jobs]}


@router.get("/print/jobs/{uuid:job_id}", url_name="print_job", response=JobAnswer, by_alias=True)
def print_job(request: ApiRequest, job_id: UUID) -> HttpResponse:
    """What became of it."""
    return JsonResponse(_full(job_of(request.actor, job_id)))


def _short(job: PrintJob) -> dict[str, Any]:
    return {"id": str(job.public_id), "printer": job.printer.uid, "state": job.state}


def _full(job: PrintJob) -> dict[str, Any]:
    successor = getattr(job, "superseded_by", None)
    return {
        **_short(job),
        "reason": job.state_reason,
        "state_at": job.state_at.isoformat(),
        "created_at": job.created_at.isoformat(),
        "printed_at": job.printed_at.isoformat() if job.printed_at else None,
        "not_after": job.not_after.isoformat() if job.not_after else None,
        "level": job.level,
        "copy": job.copy_no,
        "marks": [mark["kind"] for mark in job.marks],
        "attempts": job.attempts,
        "superseded_by": str(successor.public_id) if successor else None,
    }
