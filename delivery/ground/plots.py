"""What a page draws: numbers over places, as `templates/plot.html` writes and `static/plot.js` draws them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Number = float | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line or row of bars. `values`: one per place, None where nothing is known; `tone`: a name of tokens.css."""

    label: str
    values: Sequence[Number]
    tone: str
    kind: Literal["line", "bars"] = "line"
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """`places`: the words below each place, in the reader's language; `stacked`: bars stand on each other."""

    places: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    stacked: bool = False

    def for_script(self) -> dict[str, Any]:
        """What `drawPlot` takes."""
        drawn = [
            {
                "label": line.label,
                "values": list(line.values),
                "tone": line.tone,
                "kind": line.kind,
                "dashed": line.dashed,
            }
            for line in self.series
        ]
        return {"x": list(self.places), "series": drawn, "unit": self.unit, "stacked": self.stacked}

    def rows(self) -> Iterator[tuple[str, list[Number]]]:
        """The same as a table: each place with its values."""
        for number, place in enumerate(self.places):
            yield place, [line.values[number] for line in self.series]
