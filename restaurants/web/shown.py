"""A state as people see it: colour, drawing and word, never a colour alone."""

from typing import NamedTuple


class Shown(NamedTuple):
    tone: str
    icon: str
    words: str
