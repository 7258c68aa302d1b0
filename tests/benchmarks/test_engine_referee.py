"""The engine as a process against referees: our own small one, and the public one with its data where they are.

The public folder has no licence, so it is never shipped.
"""

import json
import subprocess
import sys

import pytest

from tests.benchmarks import small_town
from tests.benchmarks.days import ENGINE, MDRP_DIR, play_public
from tests.benchmarks.small_referee import Day, Message

NEAREST = [sys.executable, str(MDRP_DIR / "nearest_engine.py")]
PUBLIC_DAYS = ["0r50t75s2p125", "4r50t75s1p125"]


def play_small(engine: list[str]) -> Day:
    """Plays the small town against an engine process, which must end by itself with 0."""
    day = Day(small_town.FOLDER)
    with subprocess.Popen(engine, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        lines_in, lines_out = process.stdin, process.stdout

        def ask(message: Message) -> Message:
            lines_in.write(json.dumps(message) + "\n")
            lines_in.flush()
            answer: Message = json.loads(lines_out.readline())
            return answer

        day.play(ask)
        lines_in.write('{"type": "end"}\n')
        lines_in.flush()
        assert process.wait(timeout=5) == 0
    return day


def test_the_small_town_is_what_its_script_makes() -> None:
    for name, table in small_town.tables().items():
        assert (small_town.FOLDER / name).read_text() == small_town.text_of(table)


def test_the_small_town_is_delivered_whole_and_in_time() -> None:
    day = play_small(ENGINE)
    waits = day.click_to_door()
    assert len(waits) == len(day.orders)
    assert sum(waits) / len(waits) < 36


def test_the_same_day_is_played_the_same_way_twice() -> None:
    first, second = play_small(ENGINE), play_small(ENGINE)
    assert (first.picked_at, first.dropped_at) == (second.picked_at, second.dropped_at)


if MDRP_DIR.is_dir():

    @pytest.mark.parametrize("instance", [str(small_town.FOLDER), *PUBLIC_DAYS])
    def test_the_engine_beats_the_nearest_deliverer(instance: str) -> None:
        ours, nearest = play_public(instance, ENGINE), play_public(instance, NEAREST)
        assert ours["plans_refused"] == 0
        assert ours["undelivered_pct"] <= nearest["undelivered_pct"]
        for metric in ("ctd_mean", "ctd_p90", "overage_mean", "rtp_mean", "penalised_ctd"):
            assert ours[metric] <= nearest[metric], metric

    @pytest.mark.parametrize("mode", ["estimated-ready", "interleave"])
    def test_no_rule_is_broken_when_less_is_known_or_more_is_allowed(mode: str) -> None:
        played = play_public(PUBLIC_DAYS[0], ENGINE, mode)
        assert played["plans_refused"] == 0
        assert played["undelivered_pct"] == 0


@pytest.mark.parametrize("given", ['{"type": "end"}\n', ""])
def test_the_command_ends_with_its_input(given: str) -> None:
    done = subprocess.run(ENGINE, input=given, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_bad_line_ends_the_command_with_two() -> None:
    done = subprocess.run(ENGINE, input="nonsense\n", capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "line 1:" in done.stderr
