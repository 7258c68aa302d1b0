"""When a dead child starts again."""

import io
import os
import shutil
from pathlib import Path

from delivery.ground.supervisor.keeper import HEALTHY_S, Keeper
from delivery.ground.supervisor.output import ProcessLog, Terminal
from delivery.ground.supervisor.process import Child

FALSE = shutil.which("false") or ""


def _wait_for_death(keeper: Keeper) -> None:
    assert keeper.process
    os.waitid(os.P_PID, keeper.process.pid, os.WEXITED | os.WNOWAIT)


def test_back_off_doubles_up_to_five_seconds_and_never_ends(tmp_path: Path) -> None:
    shown = io.StringIO()
    terminal = Terminal(shown)
    keeper = Keeper(Child("relay", (FALSE,)), ProcessLog("relay", tmp_path, terminal), terminal)
    now = 100.0
    delays = [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert keeper.check(now)
    for delay in delays:
        _wait_for_death(keeper)
        assert keeper.check(now)
        assert keeper.process is None
        assert not keeper.check(now + delay - 0.01)
        now += delay
        assert keeper.check(now)
    _wait_for_death(keeper)
    keeper.check(now)
    terminal.close()
    lines = shown.getvalue().splitlines()
    assert lines[:-1] == [f"relay stopped (exit 1), starts again in {delay:.1f} s" for delay in delays]


def test_a_child_that_cannot_start_is_tried_again(tmp_path: Path) -> None:
    shown = io.StringIO()
    terminal = Terminal(shown)

    def full() -> None:
        raise OSError("no space left")

    keeper = Keeper(Child("relay", (FALSE,), before_start=full), ProcessLog("relay", tmp_path, terminal), terminal)
    assert not keeper.check(1.0)
    assert not keeper.is_ready()
    terminal.close()
    assert shown.getvalue() == "relay cannot start (no space left), starts again in 0.2 s\n"


def test_a_long_life_forgets_earlier_deaths(tmp_path: Path) -> None:
    shown = io.StringIO()
    terminal = Terminal(shown)
    keeper = Keeper(Child("relay", (FALSE,)), ProcessLog("relay", tmp_path, terminal), terminal)
    assert keeper.check(0.0)
    _wait_for_death(keeper)
    keeper.check(0.0)
    keeper.check(1.0)
    _wait_for_death(keeper)
    assert keeper.process
    keeper.check(keeper.process.started_at + HEALTHY_S + 1)
    terminal.close()
    assert [line[-5:] for line in shown.getvalue().splitlines()] == ["0.2 s", "0.2 s"]
