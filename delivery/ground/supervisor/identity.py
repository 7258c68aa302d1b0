"""As whom the servers run: PostgreSQL refuses root, so root becomes somebody else and keeps its files."""

import os
import pwd
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True)
class Identity:
    """`word` is what launch.py understands; `owner_uid` owns the files that the server writes."""

    word: str
    owner_uid: int
    owner_gid: int

    @property
    def is_other_user(self) -> bool:
        """Whether files must be handed to the server's user before it can read them."""
        return self.word not in {"self", "namespace"}


def same_user() -> Identity:
    """The user of this process."""
    return Identity("self", os.geteuid(), os.getegid())


def user_namespace() -> Identity:
    """Root, seen by the server as nobody: files stay root's, also below a 0700 home."""
    return Identity("namespace", 0, 0)


def nobody() -> Identity:
    """The machine's unprivileged user. Raises KeyError when the machine has none."""
    entry = pwd.getpwnam("nobody")
    return Identity(f"{entry.pw_uid}:{entry.pw_gid}", entry.pw_uid, entry.pw_gid)


def choose() -> Identity:
    """This user; for root its user namespace where the kernel allows one, else nobody."""
    if os.geteuid() != 0:
        return same_user()
    return user_namespace() if _namespace_works() else nobody()


def command(identity: Identity, argv: list[str], death_signal: int) -> list[str]:
    """The command line that runs `argv` as `identity`; `death_signal` reaches it when this process dies."""
    # -I and -S: nothing of the environment or of site-packages is imported, so this costs some 20 ms.
    prefix = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), str(int(death_signal))]
    return [*prefix, identity.word, *argv]


def _namespace_works() -> bool:
    if sys.platform != "linux":
        return False
    question = [sys.executable, "-I", "-S", "-c", "import os; raise SystemExit(os.geteuid() == 0)"]
    attempt = command(user_namespace(), question, signal.SIGKILL)
    return subprocess.run(attempt, capture_output=True, check=False).returncode == 0
