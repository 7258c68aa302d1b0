"""The order of drop-offs within one bundle."""

from itertools import permutations

from dispatch.engine.cost import Board, Bundle

EXHAUSTIVE_LIMIT = 5  # 120 sequences; larger bundles keep the sequence that insertion built


def best_sequence(board: Board, deliverer: int, bundle: Bundle) -> Bundle:
    """The cheapest drop-off order when the deliverer starts with this bundle; ties keep the given one."""
    if len(bundle) < 2 or len(bundle) > EXHAUSTIVE_LIMIT:
        return bundle
    return min((bundle, *permutations(sorted(bundle))), key=lambda sequence: board.chain_cost(deliverer, (sequence,)))
