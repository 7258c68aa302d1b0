"""Numbers for a drawing and for the table beside it are the same numbers."""

import json

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from delivery.ground.plots import Plot, Series


@pytest.fixture
def plot() -> Plot:
    late = Series("Late", [2, None, 1204.55], "tomato", kind="bars")
    return Plot(["Mon", "Tue", "Wed"], [late, Series("Usual", [3, 3, 3], "ash", dashed=True)], unit="min")


def test_the_script_gets_every_value_by_place(plot: Plot) -> None:
    drawn = json.loads(json.dumps(plot.for_script()))
    assert drawn["x"] == ["Mon", "Tue", "Wed"]
    assert drawn["series"][0] == {
        "label": "Late",
        "values": [2, None, 1204.55],
        "tone": "tomato",
        "kind": "bars",
        "dashed": False,
    }
    assert (drawn["unit"], drawn["stacked"]) == ("min", False)


def test_the_table_has_a_row_for_each_place(plot: Plot) -> None:
    assert list(plot.rows()) == [("Mon", [2, 3]), ("Tue", [None, 3]), ("Wed", [1204.55, 3])]


def test_the_page_holds_the_table_in_the_readers_language(plot: Plot) -> None:
    with translation.override("fr"):
        page = render_to_string("plot.html", {"plot": plot, "title": "Minutes", "where": "Day"})
    assert '<th scope="row">Tue</th><td>–</td><td>3</td>' in page
    assert "1\u202f204,6" in page
    assert '<script type="application/json">' in page
