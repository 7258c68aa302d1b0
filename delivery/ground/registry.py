"""What the composition root hands down: filled once by `delivery.wiring`, read by relay, deadlines, live and access."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    """What a deadline calls. `people`: it waits for a person, so an outage of ours shifts it."""

    service: Callable[..., Any]
    people: bool = False


@dataclass(frozen=True, slots=True)
class TopicFamily:
    """All topics `name.<id>`: how to read one whole, who may join, and which city's stream feeds it."""

    name: str
    snapshot: Callable[[str], Sequence[TopicRow]]
    may_join: Callable[["Actor", str], bool]
    city_of: Callable[[str], int | None]


Reaction = Callable[[Sequence["Recorded[Any]"]], None]
Projection = Callable[[Sequence["Recorded[Any]"]], Iterable[TopicRow]]
RoleSource = Callable[["Actor"], Iterable[str]]
# The ASGI scope of a socket -> who opened it (session or device cookie, Bearer header or subprotocol); None: nobody.
ActorOfScope = Callable[[Mapping[str, Any]], "Actor | None"]
# Connected actors -> a value per actor that changes with any right of theirs; one who may not be connected is left out.
RightsOf = Callable[[Sequence["Actor"]], Mapping["Actor", object]]


@dataclass
class Wired:
    reactions: Mapping[type["Event"], Sequence[Reaction]] = field(default_factory=dict)
    topics: Mapping[type["Event"], Sequence[Projection]] = field(default_factory=dict)
    deadlines: Mapping[str, Duty] = field(default_factory=dict)
    families: Mapping[str, TopicFamily] = field(default_factory=dict)
    access: Mapping[str, "Rule"] = field(default_factory=dict)
    role_sources: Sequence[RoleSource] = ()
    actor_of_scope: ActorOfScope | None = None
    rights_of: RightsOf | None = None


wired = Wired()
