"""Draws docs/dispatch.svg from docs/dispatch-days.csv: click to door, day by day, and the means beside others'.

python -m tests.benchmarks.plot_days
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
WIDTH, HEIGHT, LEFT, BOTTOM = 720, 360, 50, 320
LEAST, MOST = 24.0, 44.0  # minutes on both axes
TONES = {"estimated-ready": "#b45309", "interleave": "#0f766e"}
WORDS = {"estimated-ready": "ready times only estimated", "interleave": "restaurants mixed"}


def read_days() -> dict[str, dict[str, float]]:
    """Mode -> day -> mean minutes from click to door."""
    days: dict[str, dict[str, float]] = defaultdict(dict)
    with (DOCS / "dispatch-days.csv").open() as file:
        for row in csv.DictReader(file):
            days[row["mode"]][row["day"]] = float(row["ctd_mean"])
    return days


def across(minutes: float) -> float:
    return LEFT + (minutes - LEAST) / (MOST - LEAST) * (WIDTH - LEFT - 20)


def up(minutes: float) -> float:
    return BOTTOM - (minutes - LEAST) / (MOST - LEAST) * (BOTTOM - 20)


def marks(days: dict[str, dict[str, float]]) -> Iterator[str]:
    """Axes, the diagonal, one dot per day and mode, a legend."""
    yield f'<path d="M{across(LEAST):.0f} {up(LEAST):.0f}L{across(MOST):.0f} {up(MOST):.0f}" stroke="#999"/>'
    for tick in range(int(LEAST), int(MOST) + 1, 4):
        yield f'<text x="{across(tick):.0f}" y="{BOTTOM + 18}" text-anchor="middle">{tick}</text>'
        yield f'<text x="{LEFT - 8}" y="{up(tick) + 4:.0f}" text-anchor="end">{tick}</text>'
        yield f'<path d="M{LEFT} {up(tick):.0f}H{WIDTH - 20}" stroke="#eee"/>'
    for turn, (mode, tone) in enumerate(TONES.items()):
        for day, minutes in sorted(days[mode].items()):
            x, y = across(days["plain"][day]), up(minutes)
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{tone}"><title>{day}</title></circle>'
        yield f'<circle cx="{LEFT + 20}" cy="{30 + 20 * turn}" r="4" fill="{tone}"/>'
        yield f'<text x="{LEFT + 30}" y="{34 + 20 * turn}">{WORDS[mode]} ({len(days[mode])} days)</text>'
    yield f'<text x="{WIDTH - 20}" y="{BOTTOM + 36}" text-anchor="end">minutes from click to door, plain</text>'


def main() -> None:
    body = "\n".join(marks(read_days()))
    (DOCS / "dispatch.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n'
    )


if __name__ == "__main__":
    main()
