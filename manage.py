"""Entry point of every command."""

import os
import sys

from django.core.management import execute_from_command_line

from delivery import env

EXIT_NOT_RUNNING = 3
NEED_NO_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "engine",
    "help",
    "makemessages",
    "makemigrations",
    "print_sim",
    "reference",
    "test",
    "up",
    "vendor_js",
    "version",
}


def main(arguments: list[str]) -> int:
    """Run one command; 3 when it needs the database and nothing runs."""
    command = arguments[1] if len(arguments) > 1 else "help"
    is_question = command.startswith("-") or "--help" in arguments or "-h" in arguments
    if command not in NEED_NO_DATABASE and not is_question and env.database_url() is None:
        sys.stderr.write(f"{env.NotRunning()}\n")
        return EXIT_NOT_RUNNING
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery.settings")
    execute_from_command_line(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
