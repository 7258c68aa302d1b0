"""Why a copy could not start."""


class StartFailed(Exception):
    """One line for the person at the terminal: what is wrong and what to do about it."""
