"""Tables of the outbox. `ground_event` and `ground_topic_row` are partitioned by time: see the migration."""

from django.db import models
from django.db.models import Q

SLOTS = 64


def slot_of(city_id: int | None) -> int:
    """The relay slot of a city's facts, 1 to 63; facts of no city have slot 0. Never changes its meaning."""
    return 0 if city_id is None else 1 + city_id % (SLOTS - 1)


class EventRow(models.Model):
    """A fact. `seq` is the version it gave its aggregate; `relayed_at` is null until the relay has carried it."""

    id = models.BigAutoField(primary_key=True)
    slot = models.SmallIntegerField()
    city_id = models.BigIntegerField(null=True)
    aggregate_kind = models.TextField()
    aggregate_id = models.BigIntegerField()
    aggregate_public_id = models.UUIDField()
    seq = models.IntegerField()
    kind = models.TextField()
    payload = models.JSONField()
    occurred_at = models.DateTimeField()
    by = models.TextField()
    request_id = models.TextField()
    relayed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ground_event"
        indexes = [models.Index(fields=["slot", "id"], condition=Q(relayed_at__isnull=True), name="ground_event_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.aggregate_kind} {self.aggregate_id} #{self.seq}"


class Topic(models.Model):
    """How far a topic has come. Another `epoch` tells screens that `seq` means nothing to them any more."""

    name = models.TextField(primary_key=True)
    city_id = models.BigIntegerField()
    epoch = models.UUIDField()
    seq = models.BigIntegerField()

    class Meta:
        db_table = "ground_topic"

    def __str__(self) -> str:
        return f"{self.name} #{self.seq}"


class CityStream(models.Model):
    """How many batches of topic rows a city has had; counted without gaps. City 0: topics of no city."""

    city_id = models.BigIntegerField(primary_key=True)
    batch = models.BigIntegerField()

    class Meta:
        db_table = "ground_city_stream"

    def __str__(self) -> str:
        return f"city {self.city_id} #{self.batch}"


class TopicEntry(models.Model):
    """The full row of one entity for the audience of a topic; payload null: it is gone. Kept 48 hours."""

    pk = models.CompositePrimaryKey("topic", "seq")
    topic = models.TextField()
    seq = models.BigIntegerField()
    city_id = models.BigIntegerField()
    batch = models.BigIntegerField()
    entity = models.TextField()
    version = models.BigIntegerField()
    payload = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "ground_topic_row"
        indexes = [
            models.Index(fields=["topic", "seq"], name="ground_topic_row_topic_seq"),
            models.Index(fields=["city_id", "batch"], name="ground_topic_row_city_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} #{self.seq} {self.entity}"


class Retry(models.Model):
    """A fact that one handler could not take yet. It holds back later facts of its aggregate for that handler."""

    slot = models.SmallIntegerField()
    event_id = models.BigIntegerField()
    occurred_at = models.DateTimeField()
    aggregate_kind = models.TextField()
    aggregate_id = models.BigIntegerField()
    seq = models.IntegerField()
    handler = models.TextField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    parked_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "ground_retry"
        constraints = [
            models.UniqueConstraint(
                fields=["aggregate_kind", "aggregate_id", "handler", "seq"], name="retry_is_once_per_fact_and_handler"
            )
        ]
        indexes = [models.Index(fields=["slot", "next_try_at"], name="ground_retry_due")]

    def __str__(self) -> str:
        return f"{self.handler} {self.event_id}"


class Deadline(models.Model):
    """A duty with a time. Periodic duties of no aggregate have kind "" and id 0.

    `due_at` is what people see; `try_at` moves on alone when firing failed. `armed_at`: since when it stands.
    """

    aggregate_kind = models.TextField(blank=True)
    aggregate_id = models.BigIntegerField()
    kind = models.TextField()
    generation = models.BigIntegerField(default=1)
    due_at = models.DateTimeField()
    people = models.BooleanField()
    armed_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    parked_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        db_table = "ground_deadline"
        constraints = [
            models.UniqueConstraint(
                fields=["aggregate_kind", "aggregate_id", "kind"], name="deadline_is_one_per_aggregate_and_kind"
            )
        ]
        indexes = [models.Index(fields=["try_at"], condition=Q(parked_at__isnull=True), name="ground_deadline_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.aggregate_kind} {self.aggregate_id}"


class Heartbeat(models.Model):
    """When a process last said that it works, on PostgreSQL's clock."""

    process = models.TextField(primary_key=True)
    at = models.DateTimeField()
    detail = models.JSONField()

    class Meta:
        db_table = "ground_heartbeat"

    def __str__(self) -> str:
        return self.process
