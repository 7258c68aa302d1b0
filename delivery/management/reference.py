"""The pages of docs/reference/, made from the tables that run: facts, topics, deadlines and states.

`manage.py reference` writes them; a test holds them to the tables.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from delivery import env, wiring
from delivery.ground.events import Event
from delivery.orders import transitions as orders
from dispatch import transitions as stops

FOLDER = env.BASE_DIR / "docs" / "reference"
MADE = "Made from the code by `manage.py reference`; change the code, not this page."
WORLD = f"{env.BASE_DIR}/"


def pages() -> dict[Path, str]:
    """Path -> text of each page."""
    texts = {"events": _events(), "topics": _topics(), "deadlines": _deadlines(), "states": _states()}
    return {FOLDER / f"{name}.md": text for name, text in texts.items()}


def write() -> None:
    """Put every page where it belongs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in pages().items():
        path.write_text(text)


def _events() -> str:
    facts = sorted(
        (fact for fact in Event.kinds.values() if fact.__module__.endswith(".events")),
        key=lambda fact: (fact.__module__, inspect.getsourcelines(fact)[1]),
    )
    rows = [
        (
            f"[`{fact.__name__}`]({_link(fact)})",
            _said(fact),
            ", ".join(f"`{field.name}`" for field in fields(fact)),
            _names(wiring.REACTIONS.get(fact, ())),
            _names(wiring.TOPICS.get(fact, ())),
        )
        for fact in facts
    ]
    head = ("fact", "means", "carries", "causes, in the relay's transaction", "rows of topics")
    about = "Each fact is one row of the event log, written in the transaction of what it tells."
    return _page("Facts", about, _table(head, rows))


def _topics() -> str:
    rows = [
        (
            f"`{family.name}.<id>`",
            f"[`{family.snapshot.__name__}`]({_link(family.snapshot)})",
            f"[`{family.may_join.__name__}`]({_link(family.may_join)})",
            f"every {family.hold_s:g} s" if family.hold_s else "at once",
        )
        for family in wiring.FAMILIES
    ]
    head = ("topic", "read whole by", "who may join", "sent")
    about = (
        "A screen joins a topic, gets it whole, then each row that changes, in order and without a gap. Which fact "
        "moves which rows: [events](events.md)."
    )
    return _page("Topics", about, _table(head, rows))


def _deadlines() -> str:
    rows = [
        (
            f"`{kind}`",
            f"[`{duty.service.__name__}`]({_link(duty.service)})",
            _said(duty.service),
            f"every {_seconds(duty.every)}" if duty.every else "when due",
            "yes" if duty.people else "",
        )
        for kind, duty in sorted(wiring.DEADLINES.items())
    ]
    head = ("deadline", "calls", "which", "when", "waits for a person, so an outage of ours moves it")
    about = "Deadlines are rows on PostgreSQL's clock: they outlive restarts, and each names its next step."
    return _page("Deadlines", about, _table(head, rows))


def _states() -> str:
    about = "Every legal step. What is not drawn is refused with 409 and the present state."
    return _page(
        "States",
        about,
        f"## Order\n\n{_diagram(orders.TABLE)}\n\n## Stop\n\n{_diagram(stops.STOPS)}",
    )


def _diagram(table: Mapping[tuple[Any, Any], Any]) -> str:
    first = next(iter(table))[0]
    ends = [after for after in dict.fromkeys(table.values()) if not any(before == after for before, _ in table)]
    steps = [f"    {before} --> {after}: {action}" for (before, action), after in table.items()]
    last = [f"    {end} --> [*]" for end in ends]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {first}", *steps, *last, "```"])


def _page(title: str, about: str, body: str) -> str:
    return f"# {title}\n\n{about} {MADE}\n\n{body}\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _names(handlers: Iterable[Callable[..., Any]]) -> str:
    return _list(f"[{handler.__module__.split('.')[-2]}.{handler.__name__}]({_link(handler)})" for handler in handlers)


def _list(words: Iterable[str]) -> str:
    return ", ".join(words) or "-"


def _link(thing: Any) -> str:
    """From a page of docs/reference/ to the file; a line would go stale with each change above it."""
    return f"../../{str(inspect.getsourcefile(inspect.unwrap(thing))).removeprefix(WORLD)}"


def _said(thing: Any) -> str:
    """The first sentence of its own docstring; a dataclass without one has its signature there."""
    text = (thing.__doc__ or "").strip()
    return "" if text.startswith(f"{thing.__name__}(") else " ".join(text.split("\n\n")[0].split()).replace("|", "\\|")


def _seconds(length: timedelta) -> str:
    return f"{length.total_seconds():g} s"
