"""Bytes that printers send back, sorted by the bits of the vendors' tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printing.drivers.replies import (
    AutomaticStatus,
    OrderedStatus,
    Other,
    ProcessId,
    RealtimeStatus,
    Reply,
    ReplyParser,
)


def read(*pieces: bytes) -> list[Reply]:
    parser = ReplyParser()
    return [reply for piece in pieces for reply in parser.feed(piece)]


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        (b"\x12", RealtimeStatus(0x12)),
        (b"\x72", RealtimeStatus(0x72)),
        (b"\x00", OrderedStatus(0x00)),
        (b"\x0f", OrderedStatus(0x0F)),
        (b"\x10\x00\x00\x00", AutomaticStatus(b"\x10\x00\x00\x00")),
        (b"\x3c\x08\x0f\x00", AutomaticStatus(b"\x3c\x08\x0f\x00")),
        (b"\x37\x22AB 7\x00", ProcessId(b"AB 7")),
        (b"_EPSON\x00", Other(b"_EPSON\x00")),
        (b"\x37\x21\x00", Other(b"\x37\x21\x00")),
        (b"\x11", Other(b"\x11")),
    ],
)
def test_each_kind_of_reply(data: bytes, reply: Reply) -> None:
    assert read(data) == [reply]
    assert read(*(bytes([byte]) for byte in data)) == [reply]


def test_one_stream_of_everything() -> None:
    data = b"\x12\x10\x00\x00\x00\x12\x37\x22\x7e\x20AB\x00\x00\x18\x00\x0c\x00"
    assert read(data) == [
        RealtimeStatus(0x12),
        AutomaticStatus(b"\x10\x00\x00\x00"),
        RealtimeStatus(0x12),
        ProcessId(b"\x7e AB"),
        OrderedStatus(0x00),
        AutomaticStatus(b"\x18\x00\x0c\x00"),
    ]


def test_what_an_automatic_status_says() -> None:
    (status,) = read(b"\x38\x08\x0c\x00")
    assert isinstance(status, AutomaticStatus)
    assert (status.offline, status.cover_open, status.error, status.paper_end) == (True, True, True, True)


def test_a_broken_status_does_not_swallow_the_process_id() -> None:
    assert read(b"\x10\x00\x37\x22ABCD\x00")[-1] == ProcessId(b"ABCD")


@given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6))
def test_it_does_not_matter_how_the_bytes_are_split(data: bytes, cuts: list[int]) -> None:
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    assert read(data) == read(*(data[a:b] for a, b in zip(edges, edges[1:], strict=False)))
