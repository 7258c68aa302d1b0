"""Bundles: which orders of one restaurant travel together, as ways to change a chain."""

from collections.abc import Iterator

from dispatch.engine.cost import Board
from dispatch.engine.trips import Bundle, Chain


def ways_to_add(board: Board, deliverer: int, chain: Chain, order: int) -> Iterator[Chain]:
    """Every chain with one order more: in a bundle of its restaurant at each turn, or as its own bundle."""
    restaurant = board.restaurant[order]
    for position, bundle in enumerate(chain):
        before, after = chain[:position], chain[position + 1 :]
        if board.is_mixed(bundle) or board.restaurant[bundle[0]] != restaurant:
            if board.rules.mixed_limit > 1:
                is_head = position < board.begun[deliverer]
                for mixed in ways_to_mix(board, deliverer, bundle, order, is_head=is_head):
                    yield (*before, mixed, *after)
        elif len(bundle) < board.rules.bundle_limit:
            for turn in range(len(bundle) + 1):
                yield (*before, (*bundle[:turn], order, *bundle[turn:]), *after)
    yield from ways_to_place(board, deliverer, chain, (order,))


def ways_to_place(board: Board, deliverer: int, chain: Chain, bundle: Bundle) -> Iterator[Chain]:
    """Every chain with the whole bundle at one position after what is begun."""
    for position in range(len(chain), board.begun[deliverer] - 1, -1):
        yield (*chain[:position], bundle, *chain[position:])


def ways_to_mix(board: Board, deliverer: int, trip: Bundle, order: int, *, is_head: bool) -> Iterator[Bundle]:
    """Every trip that has the order on board together with other food; a leg under way is never diverted."""
    codes = board.codes(trip)
    if sum(code >= 0 for code in codes) >= board.rules.mixed_limit:
        return
    first = 1 if is_head and board.deliverers[deliverer].amendable else 0
    for fetched in range(first, len(codes)):
        for brought in range(fetched, len(codes) + 1):
            if is_head or not fetched == brought == 0:
                yield (*codes[:fetched], ~order, *codes[fetched:brought], order, *codes[brought:])
