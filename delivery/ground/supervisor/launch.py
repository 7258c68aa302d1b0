"""Becomes another program that cannot outlive the supervisor: `python -I -S launch.py ...`, stdlib only.

Arguments: PARENT_PID DEATH_SIGNAL IDENTITY PROGRAM [ARGUMENT ...]; IDENTITY: `self`, `namespace`, `UID:GID`.
A script, not a `preexec_fn`: the supervisor has threads, and Python code between fork and exec may hang.
"""

import ctypes
import os
import signal
import sys

# linux/prctl.h and linux/sched.h
PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000

INHERITED = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGQUIT,
    signal.SIGPIPE,
    signal.SIGCHLD,
)


def become(arguments: list[str]) -> None:
    """Take the identity, tie this process to its parent, execute the program. Raises OSError."""
    parent, death_signal, identity, *argv = arguments
    # What the supervisor was started with (nohup, a background job) must not reach its children.
    for number in INHERITED:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    take_identity(identity)
    if sys.platform == "linux":
        # After the change of user: the kernel forgets the signal when the credentials change.
        call("prctl", PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != int(parent):
            sys.exit("the supervisor died first")
    os.execv(argv[0], argv)


def take_identity(identity: str) -> None:
    """`namespace`: an own user namespace without a map, where root is nobody but still owns its files."""
    if identity == "namespace":
        call("unshare", CLONE_NEWUSER)
    elif identity != "self":
        uid, gid = identity.split(":")
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))


def call(name: str, *arguments: int) -> None:
    """Call a function of libc; its error as OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    become(sys.argv[1:])
