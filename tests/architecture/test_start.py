"""Seven processes start with every `manage.py up`: what only one of them works with, the others must not load."""

import os
import subprocess
import sys

import pytest

from delivery import env

# The engine's arithmetic, the geometry of addresses, what draws tickets.
HEAVY = ("numpy", "scipy", "shapely", "escpos", "PIL", "qrcode")
LOADED = f"import django, sys; django.setup(); print(*(name for name in {HEAVY} if name in sys.modules))"


def loaded(program: str) -> list[str]:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "delivery.settings"}
    command = [sys.executable, "-c", program]
    return subprocess.check_output(command, cwd=env.BASE_DIR, env=environment, text=True).split()


def test_a_process_loads_nothing_that_only_another_needs() -> None:
    assert loaded(LOADED) == []


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("dispatch.planning", "scipy"),
        ("printing.worker", "escpos"),
        ("delivery.storefront.address", "shapely"),
    ],
)
def test_those_who_need_it_load_it(module: str, name: str) -> None:
    program = LOADED.replace("django.setup();", f"django.setup(); import {module};")
    assert name in loaded(program)
