"""The terms of a cost that are about people: what an order costs with each deliverer, beyond the guests' minutes."""

from collections.abc import Sequence

from dispatch.engine.problem import Deliverer, Rules

LONGEST_WAIT_MIN = 60.0  # who has waited longer is not served before who has waited as long as this


def order_prices(deliverers: Sequence[Deliverer], rules: Rules) -> list[float]:
    """Per deliverer the price of one order, in minutes: pay beyond the guarantee, and what is fair.

    An order is given away once, so only differences count: the cheapest fair share is 0.
    """
    fair = [_fair_price(deliverer, rules) for deliverer in deliverers]
    least = min(fair, default=0.0)
    return [
        rules.pay_weight * min(max(deliverer.pay_share, 0.0), 1.0) + price - least
        for deliverer, price in zip(deliverers, fair, strict=True)
    ]


def _fair_price(deliverer: Deliverer, rules: Rules) -> float:
    ahead = min(max(deliverer.paid_ahead, -1.0), 1.0)
    waited = min(max(deliverer.waited_min, 0.0), LONGEST_WAIT_MIN)
    return rules.fair_pay_weight * ahead - rules.fair_wait_weight * waited
