"""One linear assignment: who takes which chain's tail, all at once.

Moving one order at a time cannot see that three deliverers should swap; the assignment can.
"""

import math

import numpy as np
from scipy.optimize import linear_sum_assignment

from dispatch.engine.chains import LEAST_GAIN, Itineraries
from dispatch.engine.trips import orders_of

IMPOSSIBLE = 1e7  # far above any day's cost: linear_sum_assignment wants finite numbers


def reassign_tails(state: Itineraries) -> bool:
    """Deals the un-begun part of every chain to the deliverers at the lowest total; True when that helped."""
    board = state.board
    tails = {}
    for deliverer, chain in enumerate(state.chains):
        if state.costs[deliverer] < math.inf and chain[board.begun[deliverer] :]:
            tails[deliverer] = chain[board.begun[deliverer] :]
    takers = sorted({*tails, *(taker for tail in tails.values() for taker in state.candidates[orders_of(tail[0])[0]])})
    takers = [taker for taker in takers if state.costs[taker] < math.inf]
    if len(takers) < 2 or not tails:
        return False
    column = {taker: number for number, taker in enumerate(takers)}
    heads = {taker: state.chains[taker][: board.begun[taker]] for taker in takers}
    base = {taker: board.chain_cost(taker, heads[taker]) for taker in takers}
    table = []
    for owner, tail in tails.items():
        row = [IMPOSSIBLE] * len(takers)
        orders = [order for bundle in tail for order in orders_of(bundle)]
        for taker in (owner, *state.candidates[orders[0]]):
            if taker in column and (taker == owner or board.is_allowed(taker, orders)):
                row[column[taker]] = min(board.chain_cost(taker, heads[taker] + tail) - base[taker], IMPOSSIBLE)
        table.append(row)
    costs = np.asarray(table)
    rows, columns = linear_sum_assignment(costs)
    owners = list(tails)
    before = sum(costs[row, column[owner]] for row, owner in enumerate(owners))
    if costs[rows, columns].sum() >= before - LEAST_GAIN:
        return False
    for owner in owners:
        state.put(owner, heads[owner])
    for row, taken in zip(rows.tolist(), columns.tolist(), strict=True):
        taker = takers[taken]
        state.put(taker, heads[taker] + tails[owners[row]])
    return True
