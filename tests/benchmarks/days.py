"""Plays public days with the engine and prints the means beside published results.

    python -m tests.benchmarks.days [quick | table4 | all | DAY...] [--mode MODE]... [--rows FILE]

The days and their referee lie in MDRP_DIR (else `shared/mdrp` beside the repository); they have no licence and are not
shipped, so without them there is nothing to play. `--rows` appends each day's metrics as JSON lines and passes over
what stands there already.
"""

import argparse
import json
import os
import shlex
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

Metrics = dict[str, float]

ROOT = Path(__file__).resolve().parents[2]
MDRP_DIR = Path(os.environ.get("MDRP_DIR") or ROOT.parent / "shared" / "mdrp")
ENGINE = [sys.executable, str(ROOT / "manage.py"), "engine"]
MODES = ("plain", "estimated-ready", "interleave")
QUICK = [
    "0o50t100s1p100",
    "0r50t75s2p125",
    "0o100t100s1p125",
    "2o50t100s1p125",
    "2r50t75s2p100",
    "4o50t100s1p100",
    "4o100t100s2p125",
    "4r50t75s1p125",
    "6o50t100s1p125",
    "6r50t100s2p100",
    "8o50t100s1p100",
    "8o100t75s1p125",
]
TABLE_4 = [
    f"0{kind}50t{pace}s{shift}p{cooking}"
    for kind in "or"
    for pace in (100, 75)
    for shift in "12"
    for cooking in (100, 125)
]
COLUMNS = ("undelivered_pct", "ctd_mean", "ctd_p90", "overage_mean", "rtp_mean", "cost_per_order", "penalised_ctd")
TITLES = ("undelivered %", "CtD", "p90", "overage", "RtP", "cost", "penalised")
BESIDE = {
    "paper, default, 240 days": (0.25, 32.74, 49.3, 2.77, 1.93, 11.42, 32.88),
    "paper, estimated ready times, 240 days": (0.62, 34.03, 50.6, 3.40, 2.90, 11.32, None),
    "FoodMatch, interleaves, 240 days": (0.49, 32.60, 47.8, 2.31, 2.15, 11.25, 32.88),
    "yardstick (rolling assignment), 120 even days": (0.05, 32.46, 48.5, 2.61, 1.64, 11.39, 32.49),
    "trial engine, 120 even days": (0.03, 31.52, 46.5, 2.07, 1.11, 11.00, 31.54),
    "floor (alone, when ready), 120 even days": (0.0, 30.31, None, None, 0.0, None, None),
    "nearest deliverer, quick days": (2.564, 39.09, 59.35, 6.41, 8.49, 10.79, None),
    "paper, table 4": (0.0, 31.88, None, None, 1.40, None, None),
    "exact with foresight, table 4": (0.0, 30.67, None, None, 0.66, None, None),
}


def play_public(day: str, engine: Sequence[str], mode: str = "plain", timeout: float = 1800) -> Metrics:
    """The metrics of the public referee, which exits 1 when a rule was broken. `day` is a folder or a public day."""
    instance = day if Path(day).is_dir() else f"{MDRP_DIR}/mdrplib_dev.tar.xz:{day}"
    command = [sys.executable, str(MDRP_DIR / "referee.py"), instance, "--engine", shlex.join(engine), "--json"]
    command += [] if mode == "plain" else [f"--{mode}"]
    played = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    if played.returncode:
        raise RuntimeError(f"{day} {mode}: {played.stderr}{played.stdout}")
    metrics: Metrics = json.loads(played.stdout)
    return metrics


def play_days(days: Sequence[str], mode: str, rows: Path | None, workers: int) -> list[Metrics]:
    """Each day's metrics; those that stand in `rows` are not played again."""
    known: dict[str, Metrics] = {}
    if rows is not None and rows.exists():
        lines = map(json.loads, rows.read_text().splitlines())
        known = {line["day"]: line for line in lines if line["mode"] == mode}

    def play(day: str) -> Metrics:
        if day not in known:
            known[day] = play_public(day, ENGINE, mode)
            if rows is not None:
                with rows.open("a") as file:
                    file.write(json.dumps({"day": day, "mode": mode, **known[day]}) + "\n")
        return known[day]

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(play, days))


def mean(days: Sequence[Metrics], column: str) -> float:
    return sum(day[column] for day in days) / len(days)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def print_table(rows: Iterable[tuple[str, Sequence[float | None]]]) -> None:
    """Markdown, to be pasted into docs/dispatch.md."""
    say(f"| run | {' | '.join(TITLES)} |")
    say(f"| --- |{' --- |' * len(TITLES)}")
    for name, values in rows:
        say(f"| {name} | {' | '.join('' if value is None else f'{value:.2f}' for value in values)} |")


def days_of(names: Sequence[str]) -> list[str]:
    """The days of a set, or the named ones."""
    if list(names) == ["all"]:
        with tarfile.open(MDRP_DIR / "mdrplib_dev.tar.xz") as archive:
            return sorted({name.split("/")[0] for name in archive.getnames()})
    return {"quick": QUICK, "table4": TABLE_4}.get(" ".join(names), list(names))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("days", nargs="*", default=["quick"])
    parser.add_argument("--mode", action="append", choices=MODES)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) // 2))
    given = parser.parse_args()
    if not MDRP_DIR.is_dir():
        say(f"no public days in {MDRP_DIR}: nothing to play")
        return
    days = days_of(given.days)
    table: list[tuple[str, Sequence[float | None]]] = list(BESIDE.items())
    for mode in given.mode or MODES:
        played = play_days(days, mode, given.rows, given.workers)
        table.append(
            (
                f"**this engine, {mode}, {len(days)} days ({' '.join(given.days)[:20]})**",
                [mean(played, c) for c in COLUMNS],
            )
        )
        say(f"{mode}: decision p95 {max(day['tick_p95_ms'] for day in played):.0f} ms on the slowest day")
        say(f"{mode}: {sum(day['delivered_over_max'] for day in played):.0f} delivered after 90 minutes")
        say(f"{mode}: {sum(day['plans_refused'] for day in played):.0f} plans refused")
    print_table(table)


if __name__ == "__main__":
    main()
