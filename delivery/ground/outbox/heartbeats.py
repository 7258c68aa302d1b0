"""Signs of life of processes, on PostgreSQL's clock; /readyz and `doctor` read them."""

import json
from typing import Any

from django.db import connection


def beat(process: str, **detail: Any) -> None:
    """Say that `process` works now. `detail`: JSON values, shown to operators."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ground_heartbeat (process, at, detail) VALUES (%s, clock_timestamp(), %s)
            ON CONFLICT (process) DO UPDATE SET at = excluded.at, detail = excluded.detail
            """,
            [process, json.dumps(detail)],
        )
