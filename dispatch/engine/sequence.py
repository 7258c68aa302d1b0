"""The order of drop-offs within one trip."""

from collections.abc import Iterator
from itertools import permutations

from dispatch.engine.cost import Board
from dispatch.engine.trips import Bundle

EXHAUSTIVE_LIMIT = 5  # 120 sequences; larger bundles keep the sequence that insertion built


def best_sequence(board: Board, deliverer: int, trip: Bundle) -> Bundle:
    """The cheapest drop-off order when the deliverer starts with this trip; ties keep the given one."""
    if not board.is_mixed(trip):
        others = permutations(sorted(trip)) if 1 < len(trip) <= EXHAUSTIVE_LIMIT else ()
        return min((trip, *others), key=lambda sequence: board.chain_cost(deliverer, (sequence,)))
    fixed = 1 if board.deliverers[deliverer].amendable else 0
    return min((trip, *_with_one_moved(trip, fixed)), key=lambda codes: board.chain_cost(deliverer, (codes,)))


def _with_one_moved(trip: Bundle, fixed: int) -> Iterator[Bundle]:
    """The trip with one drop-off elsewhere behind its pickup, and behind what is fixed."""
    for turn, code in enumerate(trip):
        if code >= 0:
            others = (*trip[:turn], *trip[turn + 1 :])
            first = others.index(~code) + 1 if ~code in others else fixed
            yield from ((*others[:at], code, *others[at:]) for at in range(first, len(trip)) if at != turn)
