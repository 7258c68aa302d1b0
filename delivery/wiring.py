"""The map of the product: what each fact causes, which screens see it, what each deadline calls, who may open what.

Three tables (events -> reactions, events -> topics, deadlines -> services) and the lists that open doors.
"""

from collections.abc import Mapping, Sequence

from delivery.accounts import roles as account_roles
from delivery.cities import roles as city_roles
from delivery.devices import actors
from delivery.devices import roles as device_roles
from delivery.ground.access import Rule
from delivery.ground.events import Event
from delivery.ground.registry import Duty, Projection, Reaction, RoleSource, TopicFamily, wired
from dispatch.fleet import roles as fleet_roles
from restaurants import roles as restaurant_roles

REACTIONS: Mapping[type[Event], Sequence[Reaction]] = {}
TOPICS: Mapping[type[Event], Sequence[Projection]] = {}
DEADLINES: Mapping[str, Duty] = {}
FAMILIES: Sequence[TopicFamily] = ()
ACCESS: Sequence[Mapping[str, Rule]] = ()
ROLE_SOURCES: Sequence[RoleSource] = (
    account_roles.roles_of,
    city_roles.roles_of,
    restaurant_roles.roles_of,
    device_roles.roles_of,
    fleet_roles.roles_of,
)


def install() -> None:
    """Hand the tables to the ground floor; called once per process."""
    wired.reactions = REACTIONS
    wired.topics = TOPICS
    wired.deadlines = DEADLINES
    wired.families = {family.name: family for family in FAMILIES}
    wired.access = {name: rule for rules in ACCESS for name, rule in rules.items()}
    wired.role_sources = ROLE_SOURCES
    wired.actor_of_scope = actors.actor_of_scope
    wired.rights_of = actors.rights_of
