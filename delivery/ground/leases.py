"""Leased jobs: rows that say what must still be done in the outside world, worked on by one holder at a time.

A worker claims due rows for longer than its work can take, and settles them under its token. A holder that dies
simply lets its lease run out; what then becomes of the row is the job's own rule.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now


class LeasedJob(models.Model):
    """What every leased job has. Instants are real; lease times are read on PostgreSQL's clock."""

    attempts = models.PositiveIntegerField(default=0)
    lease_owner = models.CharField(max_length=80, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    not_before = models.DateTimeField(null=True, blank=True)
    not_after = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


Job = TypeVar("Job", bound=LeasedJob)


def free_now() -> Q:
    """Rows that are due and that nobody holds."""
    return (Q(lease_until__isnull=True) | Q(lease_until__lt=Now())) & (
        Q(not_before__isnull=True) | Q(not_before__lte=Now())
    )


def claim(jobs: QuerySet[Job], *, owner: str, limit: int, lease: timedelta) -> Sequence[Job]:
    """Take up to `limit` free rows of `jobs` for `lease`; rows that another worker is claiming are passed by."""
    token = uuid4()
    with transaction.atomic():
        rows = list(jobs.filter(free_now()).select_for_update(skip_locked=True, of=("self",))[:limit])
        if rows:
            jobs.model._default_manager.filter(pk__in=[row.pk for row in rows]).update(
                lease_owner=owner,
                lease_token=token,
                lease_until=Now() + lease,
                attempts=models.F("attempts") + 1,
            )
    for row in rows:
        row.lease_owner, row.lease_token, row.attempts = owner, token, row.attempts + 1
    return rows


RELEASED = {"lease_owner": "", "lease_token": None, "lease_until": None}
