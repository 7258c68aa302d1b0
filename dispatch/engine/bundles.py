"""Bundles: which orders of one restaurant travel together, as ways to change a chain."""

from collections.abc import Iterator

from dispatch.engine.cost import Board, Bundle, Chain


def ways_to_add(board: Board, deliverer: int, chain: Chain, order: int) -> Iterator[Chain]:
    """Every chain with one order more: in a bundle of its restaurant at each turn, or as its own bundle."""
    restaurant = board.restaurant[order]
    for position, bundle in enumerate(chain):
        if board.restaurant[bundle[0]] == restaurant and len(bundle) < board.rules.bundle_limit:
            before, after = chain[:position], chain[position + 1 :]
            for turn in range(len(bundle) + 1):
                yield (*before, (*bundle[:turn], order, *bundle[turn:]), *after)
    yield from ways_to_place(board, deliverer, chain, (order,))


def ways_to_place(board: Board, deliverer: int, chain: Chain, bundle: Bundle) -> Iterator[Chain]:
    """Every chain with the whole bundle at one position after what is begun."""
    for position in range(len(chain), board.begun[deliverer] - 1, -1):
        yield (*chain[:position], bundle, *chain[position:])


def without_order(chain: Chain, order: int) -> Chain:
    """The chain with one order less; a bundle that becomes empty is gone."""
    shorter = (tuple(other for other in bundle if other != order) for bundle in chain)
    return tuple(bundle for bundle in shorter if bundle)
