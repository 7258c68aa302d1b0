"""Mistakes of the programmer: no caller can act on them, so they are no Problems."""


class NotLocked(Exception):
    """A fact or a deadline for a row that this transaction has not locked: its order would be left to chance."""

    def __init__(self, kind: str, pk: int | None) -> None:
        super().__init__(f"{kind} {pk} is not locked in this transaction: use objects.lock(), or outbox.insert()")
