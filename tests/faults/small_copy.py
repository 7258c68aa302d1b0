"""`python -m tests.faults.small_copy [WORD ...]`: the real supervisor and servers with children made for its tests.

Words: `stubborn` gives a worker that ignores SIGTERM and 60 s to do so, `impatient` the same with half a second,
`broken_step` a preparation that fails.
"""

import signal
import sys

from delivery import env
from delivery.ground.supervisor.folder import port_is_free
from delivery.ground.supervisor.process import Child
from delivery.ground.supervisor.run import Plan, Step, supervise

WAIT = "import signal; signal.pause()"
# Starts a process of its own, which must not outlive it.
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).wait()"
IGNORE = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ignoring')\nwhile True: signal.pause()"


def _python(code: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code, *arguments)


def main(words: list[str]) -> int:
    """Run until a signal."""
    port = env.port()
    code = IGNORE if {"stubborn", "impatient"} & set(words) else PARENT
    worker = Child("worker", _python(code), grace_s=60.0 if "stubborn" in words else 0.5)
    web = Child(
        "web",
        (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", "templates"),
        is_ready=lambda: not port_is_free(port),
        stop_signal=signal.SIGTERM,
    )
    steps = [Step("prepare", "Preparing", _python(f"raise SystemExit({int('broken_step' in words)})"))]
    floors = [[Child("relay", _python(WAIT))], [worker], [web]]
    plan = Plan(port=port, steps=steps, floors=floors, greeting=lambda: ["all is ready"])
    return supervise(data_dir=env.data_dir(), plan=plan)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
