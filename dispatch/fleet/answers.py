"""The shapes that deliverers get about their working day, for the description of the API."""

from datetime import datetime
from uuid import UUID

from delivery.ground.openapi import Answer


class ShiftAnswer(Answer):
    """A planned shift has `starts_at` and `ends_at`; `started_at` and `ended_at` are what happened."""

    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class EndedShift(ShiftAnswer):
    """`pay`: what the shift has earned, in minor units of `currency`."""

    pay: int
    currency: str


class ResumedOffers(Answer):
    id: UUID
    version: int
    offers_paused: bool
