"""What the composition root hands down: filled once by `delivery.wiring`, read by relay, deadlines, live and access."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from delivery.ground.access import Actor, Rule
    from delivery.ground.events import Event, Recorded


@dataclass(frozen=True, slots=True)
class TopicRow:
    """The full present row of one entity for the audience of one topic; payload None says that it is gone."""

    topic: str
    entity: str
    version: int
    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Duty:
    """What a deadline calls: `service(aggregate_pk=...)`, or `service()` when it belongs to no aggregate.

    Attributes:
        people: it waits for a person, so an outage of ours shifts it.
        moved: kind of the deadline that then shows the new time, for what people see of it.
        every: a periodic duty of no aggregate; the relay arms it at its start and again after each run.
    """

    service: Callable[..., Any]
    people: bool = False
    moved: str = ""
    every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A fact or a deadline that needs a person: its handler failed too often, or it came out of order.

    Attributes:
        what: name of the handler or kind of the deadline. error: what it said, without personal data.
        gave_up: it is parked until somebody acts (`manage.py parked`); False: it is still being tried.
    """

    city_id: int | None
    aggregate_kind: str
    aggregate_id: int
    what: str
    error: str
    gave_up: bool


@dataclass(frozen=True, slots=True)
class TopicFamily:
    """All topics `name.<public id>`: how to read one whole, who may join, and which city's stream feeds it.

    `hold_s`: on a busy topic, rows gather for that many seconds into one frame (0.25: four frames a second).
    """

    name: str
    snapshot: Callable[[str], Sequence[TopicRow]]
    may_join: Callable[["Actor", str], bool]
    city_of: Callable[[str], int | None]
    hold_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A number for Prometheus that the rows know: `read` gives its value per value of `label`, one query at most."""

    name: str
    help: str
    label: str
    read: Callable[[], Mapping[str, float]]


Reaction = Callable[[Sequence["Recorded[Any]"]], None]
Projection = Callable[[Sequence["Recorded[Any]"]], Iterable[TopicRow]]
RoleSource = Callable[["Actor"], Iterable[str]]
# The ASGI scope of a socket -> who opened it (session or device cookie, Bearer header or subprotocol); None: nobody.
ActorOfScope = Callable[[Mapping[str, Any]], "Actor | None"]
# Connected actors -> a value per actor that changes with any right of theirs; one who may not be connected is left out.
RightsOf = Callable[[Sequence["Actor"]], Mapping["Actor", object]]
# The secret of a program -> who asks with it; None: no living key has it.
ActorOfKey = Callable[[str], "Actor | None"]
# Primary keys of keys -> a value per living one that changes with its rights.
RightsOfKeys = Callable[[Collection[int]], Mapping[int, object]]


@dataclass
class Wired:
    reactions: Mapping[type["Event"], Sequence[Reaction]] = field(default_factory=dict)
    topics: Mapping[type["Event"], Sequence[Projection]] = field(default_factory=dict)
    deadlines: Mapping[str, Duty] = field(default_factory=dict)
    families: Mapping[str, TopicFamily] = field(default_factory=dict)
    # Told in the relay's own transaction, so that an alarm is opened with the trouble or not at all.
    on_trouble: Callable[[Trouble], None] | None = None
    # Reactions so urgent that their first failure is trouble; of the others only giving up is.
    urgent: Collection[Reaction] = ()
    access: Mapping[str, "Rule"] = field(default_factory=dict)
    role_sources: Sequence[RoleSource] = ()
    readings: Sequence[Reading] = ()
    actor_of_scope: ActorOfScope | None = None
    rights_of: RightsOf | None = None
    actor_of_key: ActorOfKey | None = None
    rights_of_keys: RightsOfKeys | None = None


wired = Wired()
