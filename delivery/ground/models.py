"""Where Django finds the models of the ground floor."""

from delivery.ground.idempotency import IdempotencyKey
from delivery.ground.outbox.models import CityStream, Deadline, EventRow, Heartbeat, Retry, Topic, TopicEntry

__all__ = ["CityStream", "Deadline", "EventRow", "Heartbeat", "IdempotencyKey", "Retry", "Topic", "TopicEntry"]
