"""The content of a ticket, independent of any printer, and its JSON form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

Language = Literal["en", "fr", "es"]


class MarkKind(StrEnum):
    """Printed in these capitals in every language, beside the translated word."""

    COPY = "COPY"
    POSSIBLE_DUPLICATE = "POSSIBLE DUPLICATE"
    REROUTED = "REROUTED"
    CHANGED = "CHANGED"
    CANCELLED = "CANCELLED"
    TEST = "TEST"


class Fulfilment(StrEnum):
    DELIVERY = "delivery"
    OWN_DELIVERY = "own_delivery"
    COLLECTION = "collection"


@dataclass(frozen=True)
class Mark:
    """`detail` is a bare value: the number of the copy, the station it was rerouted from, the revision."""

    kind: MarkKind
    detail: str = ""


@dataclass(frozen=True)
class Modifier:
    """`sign` "+" adds `text` to the item, "-" leaves it out."""

    sign: Literal["+", "-"]
    text: str
    quantity: int = 1


@dataclass(frozen=True)
class Item:
    """`quantity` is already multiplied out of its bundle."""

    quantity: int
    name: str
    modifiers: tuple[Modifier, ...] = ()
    note: str = ""
    allergy: str = ""


@dataclass(frozen=True)
class Course:
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Also:
    """Another station that works on the same order, with the number of its items."""

    station: str
    items: int


@dataclass(frozen=True)
class Footer:
    """Known only when an attempt starts; `at` is the city's local time."""

    job_id: str
    attempt: int
    at: datetime
    printer: str


@dataclass(frozen=True)
class TicketContent:
    """What one station must read. `placed_at` and `pickup_at` are in the city's time zone.

    Stored without `footer`; the worker adds it, and the marks of its attempt, with `dataclasses.replace`.
    """

    station: str
    number: str
    placed_at: datetime
    pickup_at: datetime
    fulfilment: Fulfilment
    courses: tuple[Course, ...]
    station_index: int = 1
    station_total: int = 1
    marks: tuple[Mark, ...] = ()
    customer: str = ""
    deliverer: str = ""
    allergies: tuple[str, ...] = ()
    note: str = ""
    also: tuple[Also, ...] = ()
    qr_url: str = ""
    footer: Footer | None = None
    language: Language = "en"

    def to_json(self) -> dict[str, Any]:
        """Plain dicts, lists and strings; instants in ISO 8601 with their offset."""
        fields = asdict(self)
        fields["placed_at"] = self.placed_at.isoformat()
        fields["pickup_at"] = self.pickup_at.isoformat()
        if self.footer is not None:
            fields["footer"]["at"] = self.footer.at.isoformat()
        return fields

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "TicketContent":
        """The inverse of `to_json`; KeyError, TypeError or ValueError when `fields` is not its work."""
        footer = fields["footer"]
        return cls(
            **{
                **fields,
                "placed_at": datetime.fromisoformat(fields["placed_at"]),
                "pickup_at": datetime.fromisoformat(fields["pickup_at"]),
                "fulfilment": Fulfilment(fields["fulfilment"]),
                "courses": tuple(_course(course) for course in fields["courses"]),
                "marks": tuple(Mark(MarkKind(mark["kind"]), mark["detail"]) for mark in fields["marks"]),
                "allergies": tuple(fields["allergies"]),
                "also": tuple(Also(**also) for also in fields["also"]),
                "footer": footer and Footer(**{**footer, "at": datetime.fromisoformat(footer["at"])}),
            }
        )


def _course(fields: Mapping[str, Any]) -> Course:
    return Course(name=fields["name"], items=tuple(_item(item) for item in fields["items"]))


def _item(fields: Mapping[str, Any]) -> Item:
    return Item(**{**fields, "modifiers": tuple(Modifier(**modifier) for modifier in fields["modifiers"])})
