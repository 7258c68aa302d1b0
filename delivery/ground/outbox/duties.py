"""The ground floor's own periodic duties; `delivery.wiring` lists them with all other deadlines."""

from collections.abc import Mapping
from datetime import timedelta

from delivery.ground import idempotency
from delivery.ground.outbox import partitions
from delivery.ground.registry import Duty

DUTIES: Mapping[str, Duty] = {
    "ground.make_partitions": Duty(partitions.make_partitions, every=timedelta(minutes=30)),
    "ground.drop_partitions": Duty(partitions.drop_partitions, every=timedelta(hours=1)),
    "ground.forget_keys": Duty(idempotency.purge, every=timedelta(minutes=1)),
}
