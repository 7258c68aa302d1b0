"""The engine as a process against referees: our own small one, and the public one with its data where they are.

The public folder (`MDRP_DIR`, else `shared/mdrp` beside the repository) has no licence, so it is never shipped.
"""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks import small_town
from tests.benchmarks.small_referee import Day, Message

ROOT = Path(__file__).resolve().parents[2]
MDRP_DIR = Path(os.environ.get("MDRP_DIR") or ROOT.parent / "shared" / "mdrp")
ENGINE = [sys.executable, str(ROOT / "manage.py"), "engine"]
NEAREST = [sys.executable, str(MDRP_DIR / "nearest_engine.py")]
PUBLIC_DAYS = [f"{MDRP_DIR}/mdrplib_dev.tar.xz:{name}" for name in ("0r50t75s2p125", "4r50t75s1p125")]


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


def play_public(instance: str, engine: list[str]) -> dict[str, float]:
    """The metrics of the public referee, which exits 1 when a rule was broken."""
    command = [sys.executable, str(MDRP_DIR / "referee.py"), instance, "--engine", shlex.join(engine), "--json"]
    played = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert played.returncode == 0, played.stderr + played.stdout
    metrics: dict[str, float] = json.loads(played.stdout)
    return metrics


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


@pytest.mark.parametrize("given", ['{"type": "end"}\n', ""])
def test_the_command_ends_with_its_input(given: str) -> None:
    done = subprocess.run(ENGINE, input=given, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_bad_line_ends_the_command_with_two() -> None:
    done = subprocess.run(ENGINE, input="nonsense\n", capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "line 1:" in done.stderr
