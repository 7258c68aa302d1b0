"""The port to a payment provider, and the one of the demo."""

import hashlib
from dataclasses import dataclass
from typing import Protocol

REFUSED_AMOUNT = 40_200  # 402.00: the demo's provider refuses exactly this amount, whatever the currency


@dataclass(frozen=True, slots=True)
class Authorization:
    """A provider's definite answer; `ref` is its own id of the payment, empty when refused."""

    is_granted: bool
    ref: str = ""


class Provider(Protocol):
    """Who holds the customer's money. A repeated `attempt_key` is the same payment at the provider."""

    name: str

    def authorize(self, *, attempt_key: str, amount: int, currency: str) -> Authorization:
        """Reserve `amount` minor units. Raises Unavailable when there is no definite answer."""
        ...


class DemoProvider:
    """In this process, without money: grants everything except REFUSED_AMOUNT; captures and voids need no call."""

    name = "demo"

    def authorize(self, *, attempt_key: str, amount: int, currency: str) -> Authorization:
        if amount == REFUSED_AMOUNT:
            return Authorization(is_granted=False)
        digest = hashlib.sha256(f"{attempt_key} {amount} {currency}".encode()).hexdigest()
        return Authorization(is_granted=True, ref=f"demo_{digest[:24]}")


class Counted:
    """Cash: nothing is reserved, the deliverer counts it at the door."""

    name = "cash"

    def authorize(self, *, attempt_key: str, amount: int, currency: str) -> Authorization:
        return Authorization(is_granted=True)
