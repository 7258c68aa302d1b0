"""What a follower is shown: nothing twice removed, nothing that a snapshot left out."""

from typing import Any

from delivery.demo.line import _Known


def frame(*rows: dict[str, Any], start: int = 0, to: int = 1, snapshot: bool = False) -> dict[str, Any]:
    return {"topic": "city.1", "epoch": "e", "from": start, "to": to, "snapshot": snapshot, "rows": list(rows)}


def row(entity: str, version: int, **more: Any) -> dict[str, Any]:
    return {"entity": entity, "version": version, **more}


def test_late_news_does_not_raise_the_dead() -> None:
    known = _Known()
    list(known.take(frame(row("alarm:1", 1), snapshot=True)))
    assert [each["version"] for each in known.take(frame(row("alarm:1", 3, gone=True), start=1, to=2))] == [3]
    assert list(known.take(frame(row("alarm:1", 2), start=2, to=3))) == []


def test_what_a_snapshot_leaves_out_is_gone() -> None:
    known = _Known()
    list(known.take(frame(row("order:1", 1), row("order:2", 1), snapshot=True)))
    shown = list(known.take(frame(row("order:2", 1), to=9, snapshot=True)))
    assert [(each["entity"], each.get("gone", False)) for each in shown] == [("order:1", True), ("order:2", False)]


def test_the_same_version_with_other_words_is_shown() -> None:
    """A ticket's printer may change its state while the ticket keeps its version."""
    known = _Known()
    list(known.take(frame(row("ticket:1", 2, printer_state="ready"), snapshot=True)))
    assert len(list(known.take(frame(row("ticket:1", 2, printer_state="paper"), start=1, to=2)))) == 1


def test_a_gap_is_noticed() -> None:
    known = _Known()
    assert known.has_gap_before(frame(start=4, to=5))  # before anything was shown
    list(known.take(frame(snapshot=True, to=5)))
    assert not known.has_gap_before(frame(start=5, to=6))
    assert known.has_gap_before(frame(start=7, to=8))
    assert not known.has_gap_before({"pong": 1})
