"""One city's stream in one process: batches in order, handed to the topics that somebody here follows."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Protocol

import structlog

from delivery.ground.live.store import Batches, StoredRow, last_per_entity

log = structlog.get_logger(__name__)

WAITING_BATCHES = 1_000


@dataclass(slots=True)
class Frame:
    """The rows of one topic after `start` up to `to`, and the text (one string) that all its followers share."""

    topic: str
    start: int
    to: int
    rows: Sequence[StoredRow]
    _texts: dict[str, str] = field(default_factory=dict)

    def text(self, epoch: str) -> str:
        """The frame as JSON text, encoded once: followers of a topic differ in their epoch only while it changes."""
        text = self._texts.get(epoch)
        if text is None:
            rows = [row.as_wire() for row in last_per_entity(self.rows)]
            span = {"topic": self.topic, "epoch": epoch, "from": self.start, "to": self.to, "snapshot": False}
            text = self._texts[epoch] = json.dumps({**span, "rows": rows}, separators=(",", ":"))
        return text

    def after(self, seq: int) -> "Frame":
        """The part that a follower at `seq` lacks."""
        return Frame(self.topic, seq, self.to, [row for row in self.rows if row.seq > seq])


class TopicFollower(Protocol):
    def take(self, frame: Frame) -> None: ...

    def resync(self, topic: str) -> None: ...


@dataclass(slots=True)
class TopicFeed:
    """A topic that this process follows. `hold_s`: rows gather for that long into one frame; 0 sends at once."""

    topic: str
    hold_s: float
    call_later: Callable[[float, Callable[[], None]], object]
    clock: Callable[[], float]
    followers: set[TopicFollower] = field(default_factory=set)
    held: list[StoredRow] = field(default_factory=list)
    seq: int | None = None
    may_send_at: float = 0.0
    is_timed: bool = False

    def add(self, rows: Sequence[StoredRow]) -> None:
        """Rows in the order of the log, each once. Any other number cannot be mended here: everybody reads anew."""
        first = rows[0].seq if self.seq is None else self.seq + 1
        if [row.seq for row in rows] != list(range(first, first + len(rows))):
            log.error("topic_log_is_broken", topic=self.topic, after=self.seq, found=rows[0].seq)
            self.resync_all()
            return
        self.seq = rows[-1].seq
        self.held.extend(rows)
        if self.clock() >= self.may_send_at:
            self.flush()
        elif not self.is_timed:
            self.is_timed = True
            self.call_later(self.may_send_at - self.clock(), self.flush)

    def flush(self) -> None:
        self.is_timed = False
        if not self.held:
            return
        frame = Frame(self.topic, self.held[0].seq - 1, self.held[-1].seq, self.held)
        self.held = []
        self.may_send_at = self.clock() + self.hold_s
        for follower in tuple(self.followers):
            follower.take(frame)

    def resync_all(self) -> None:
        self.held, self.seq = [], None
        for follower in tuple(self.followers):
            follower.resync(self.topic)


@dataclass(slots=True)
class CityFeed:
    """Where this process stands in a city's gapless batches; `read_missing` starts a read that ends in `read`."""

    city_id: int
    read_missing: Callable[["CityFeed"], None]
    batch: int | None = None
    topics: dict[str, TopicFeed] = field(default_factory=dict)
    waiting: dict[int, Sequence[StoredRow] | None] = field(default_factory=dict)
    asked_for: frozenset[int] | None = None

    def begin(self, batch: int) -> None:
        """Everything up to `batch` is in any read that starts from now on."""
        self.batch = batch
        self._drop_waiting(up_to=batch)
        self._advance()

    def hear(self, batch: int, rows: Sequence[StoredRow] | None) -> None:
        """A batch was published; rows None: it is known by number only. Old and doubled ones change nothing."""
        if self.batch is not None and batch <= self.batch:
            return
        if len(self.waiting) >= WAITING_BATCHES:
            self.waiting.clear()
        self.waiting[batch] = rows
        self._advance()

    def see(self, batch: int) -> None:
        """The database says that `batch` is the last one; a lost last publish is found here."""
        if self.batch is not None and batch > self.batch:
            self._ask()

    def read(self, found: Batches) -> None:
        """Take what a read of the missing batches found."""
        asked_for, self.asked_for = self.asked_for or frozenset(), None
        if self.batch is not None and found.batch > self.batch:
            after, self.batch = self.batch, found.batch
            if found.rows is None:
                self._give_up(after)
            else:
                self._dispatch(row for batch, row in found.rows if batch > after)
        # A batch is published after its commit: one that was heard before this read and is not in it never was.
        self._drop_waiting(up_to=found.batch, but_not=asked_for)
        self._advance()

    def failed(self) -> None:
        """The read failed; the next look at the database asks again."""
        self.asked_for = None

    def resync_all(self) -> None:
        for topic in tuple(self.topics.values()):
            topic.resync_all()

    def _ask(self) -> None:
        if self.asked_for is None:
            self.asked_for = frozenset(self.waiting)
            self.read_missing(self)

    def _give_up(self, after: int) -> None:
        log.warning("live_feed_far_behind", city=self.city_id, after=after)
        self.resync_all()

    def _drop_waiting(self, *, up_to: int, but_not: frozenset[int] = frozenset()) -> None:
        self.waiting = {batch: rows for batch, rows in self.waiting.items() if batch > up_to and batch not in but_not}

    def _advance(self) -> None:
        if self.batch is None:
            return
        while (rows := self.waiting.get(self.batch + 1)) is not None:
            del self.waiting[self.batch + 1]
            self.batch += 1
            self._dispatch(rows)
        if self.waiting:
            self._ask()

    def _dispatch(self, rows: Iterable[StoredRow]) -> None:
        for name, of_topic in _by_topic(rows):
            topic = self.topics.get(name)
            if topic is not None:
                topic.add(of_topic)


def _by_topic(rows: Iterable[StoredRow]) -> Iterator[tuple[str, list[StoredRow]]]:
    ordered = sorted(rows, key=attrgetter("topic", "seq"))
    for name, group in groupby(ordered, key=attrgetter("topic")):
        yield name, list(group)
