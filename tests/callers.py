"""People and programs that call the API over HTTP."""

from typing import Any

from django.test import Client

from delivery.accounts import services as accounts
from delivery.accounts.models import Account
from delivery.ground.ids import new_token
from tests import world


class Caller:
    """Somebody with a Bearer token."""

    def __init__(self, token: str = "") -> None:
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str) -> tuple[int, Any]:
        reply = Client(headers=self.headers).get(f"/api/v1{path}")
        return reply.status_code, reply.json()

    def post(self, path: str, body: Any, key: str | None = None) -> tuple[int, Any]:
        headers = self.headers | {"Idempotency-Key": key or new_token()}
        reply = Client(headers=headers).post(f"/api/v1{path}", body, content_type="application/json")
        return reply.status_code, reply.json()


def person(name: str, **more: Any) -> tuple[Account, Caller]:
    account = world.account(name, **more)
    return account, Caller(accounts.issue_token(account=account, name="tests"))
