"""The chains of all deliverers while they are searched: insert, move to a better place, undo."""

import math
from collections.abc import Iterator

import numpy as np

from dispatch.engine.bundles import ways_to_add, ways_to_place
from dispatch.engine.cost import Board
from dispatch.engine.problem import Chains
from dispatch.engine.sequence import best_sequence
from dispatch.engine.trips import Bundle, Chain, as_trip, orders_of, without_order

CANDIDATES = 12  # deliverers tried per order by where they are, and as many by where their chain ends
LONGEST_CHAIN = 12  # trips that one deliverer is planned for
LEAST_GAIN = 1e-6  # an improvement smaller than this is rounding


class Itineraries:
    """One chain per deliverer; cost inf (a begun pickup became impossible) leaves a deliverer as she is."""

    def __init__(self, board: Board, previous: Chains) -> None:
        """Starts from the begun pickups and what is left of the previous chains."""
        self.board = board
        self.chains: list[Chain] = []
        self.owner: dict[int, int] = {}
        for number, head in enumerate(board.heads):
            self.chains.append((best_sequence(board, number, head),) if head else ())
            self.owner.update(dict.fromkeys(board.picked_on(head) if head else (), number))
        self.costs = [board.chain_cost(number, chain) for number, chain in enumerate(self.chains)]
        for number, deliverer in enumerate(board.deliverers):
            for names in previous.get(deliverer.id, ()):
                self._append(number, self._known(names))
        self.solo: list[list[float]] = board.solo.tolist()
        self.nearest = self._nearest()
        self.candidates: list[list[int]] = self.nearest

    def _known(self, names: tuple[str, ...]) -> Bundle:
        """A trip of the last plan, as far as its orders still wait to be given to somebody."""
        numbers = (self.board.number.get(name, math.inf) for name in names)
        left = [int(number) for number in numbers if number < len(self.board.demands) and number not in self.owner]
        if len(set(left)) == len(left):
            return tuple(left)
        return as_trip(tuple(order if order in left[:turn] else ~order for turn, order in enumerate(left)))

    def _append(self, deliverer: int, bundle: Bundle) -> None:
        if not bundle or self.costs[deliverer] == math.inf or not self.board.is_allowed(deliverer, orders_of(bundle)):
            return
        if not self.board.is_trip(bundle):
            return
        chain = (*self.chains[deliverer], bundle)
        if self.board.chain_cost(deliverer, chain) < math.inf:
            self.put(deliverer, chain)

    def put(self, deliverer: int, chain: Chain) -> None:
        """Gives the deliverer this chain; its orders are hers from now on."""
        self.chains[deliverer] = chain
        self.costs[deliverer] = self.board.chain_cost(deliverer, chain)
        for bundle in chain:
            self.owner.update(dict.fromkeys(self.board.picked_on(bundle), deliverer))

    def _nearest(self) -> list[list[int]]:
        """Per order the deliverers who deliver it soonest from where they are; of equals, the nearest."""
        board = self.board
        if not board.demands or not board.deliverers:
            return [[] for _ in board.demands]
        way = board.legs.matrix[np.asarray(board.start)][:, np.asarray(board.pickup)].T
        nearest: list[list[int]] = np.argsort(board.solo + 1e-3 * way, axis=1, kind="stable")[:, :CANDIDATES].tolist()
        return nearest

    def refresh_candidates(self) -> None:
        """Per order the deliverers worth trying: nearest, soonest after their chains, or of its restaurant."""
        board = self.board
        busy = [number for number, chain in enumerate(self.chains) if chain]
        from_end: list[list[int]] = [[] for _ in board.demands]
        if busy and board.demands:
            legs, pickup = board.legs.matrix, np.asarray(board.pickup)
            places, times = zip(*(board.chain_end(number, self.chains[number]) for number in busy), strict=True)
            arrives = np.asarray(times)[None, :] + legs[np.asarray(places)][:, pickup].T
            soonest = np.argsort(arrives, axis=1, kind="stable")[:, :CANDIDATES]
            from_end = np.asarray(busy)[soonest].tolist()
        serving: dict[str, list[int]] = {}
        for number in busy:
            for bundle in self.chains[number]:
                for order in board.picked_on(bundle):
                    serving.setdefault(board.restaurant[order], []).append(number)
        self.candidates = [
            list(dict.fromkeys((*self.nearest[order], *from_end[order], *serving.get(board.restaurant[order], ()))))
            for order in range(len(board.demands))
        ]

    def insertion(self, order: int, limit: float) -> tuple[float, int, Chain] | None:
        """The cheapest way to add an order for less than `limit`: extra cost, deliverer, her chain then."""
        best = None
        board, approach = self.board, self.board.approach
        end_approach = approach[board.dropoff[order]]
        for deliverer in self.candidates[order]:
            bound = self.solo[order][deliverer]
            if bound == math.inf or self.costs[deliverer] == math.inf:
                continue
            chain = self.chains[deliverer]
            if len(chain) >= LONGEST_CHAIN:
                continue
            end = board.dropoff[chain[-1][-1]] if chain else board.start[deliverer]
            bound += board.rules.approach_weight * min(0.0, end_approach - approach[end])
            if bound >= limit:
                continue
            for longer in ways_to_add(board, deliverer, chain, order):
                extra = board.chain_cost(deliverer, longer) - self.costs[deliverer]
                if extra < limit:
                    limit, best = extra, (extra, deliverer, longer)
        return best

    def insert_waiting(self) -> bool:
        """Gives each order without a deliverer to the cheapest one, soonest ready first; True when any."""
        waiting = [order for order in range(len(self.board.demands)) if order not in self.owner]
        placed = False
        for order in sorted(waiting, key=lambda order: (self.board.ready_at[order], order)):
            found = self.insertion(order, math.inf) or self._idle(order)
            if found:
                self.put(found[1], found[2])
                placed = True
        return placed

    def _idle(self, order: int) -> tuple[float, int, Chain] | None:
        """In a flood, when all candidates have as much as is planned: who has nothing at all."""
        idle = [(self.solo[order][number], number) for number, chain in enumerate(self.chains) if not chain]
        cost, deliverer = min(idle, default=(math.inf, 0))
        if cost == math.inf or self.board.chain_cost(deliverer, ((order,),)) == math.inf:
            return None
        return cost, deliverer, ((order,),)

    def move_orders(self) -> bool:
        """Takes each order out, soonest ready first, and puts it where it costs least; True when one moved."""
        moved = False
        for order in sorted(self.owner, key=lambda order: (self.board.ready_at[order], order)):
            if self.board.is_spent:
                break
            deliverer = self.owner[order]
            chain, cost = self.chains[deliverer], self.costs[deliverer]
            shorter = without_order(chain, order)
            if cost == math.inf or not self._may_lose(deliverer, order):
                continue
            self.put(deliverer, shorter)
            found = self.insertion(order, cost - self.costs[deliverer] - LEAST_GAIN)
            if found:
                self.put(found[1], found[2])
                moved = True
            else:
                self.put(deliverer, chain)
        return moved

    def _may_lose(self, deliverer: int, order: int) -> bool:
        """Whether the pickup to which the deliverer is under way keeps an order."""
        if not self.board.deliverers[deliverer].amendable:
            return True
        codes = self.board.codes(self.chains[deliverer][0])
        others = [code for code in codes if code not in (order, ~order)]
        return bool(others) and others[0] < 0 and self.board.restaurant[~others[0]] == self.board.restaurant[~codes[0]]

    def move_bundles(self) -> bool:
        """Takes each bundle of several orders out and puts it where it costs least; True when one moved."""
        moved = False
        for deliverer, bundle in list(self._movable_bundles()):
            chain, cost = self.chains[deliverer], self.costs[deliverer]
            if bundle not in chain or self.board.is_spent:
                continue
            self.put(deliverer, tuple(other for other in chain if other != bundle))
            found = self.placement(bundle, cost - self.costs[deliverer] - LEAST_GAIN)
            if found:
                self.put(found[1], found[2])
                moved = True
            else:
                self.put(deliverer, chain)
        return moved

    def _movable_bundles(self) -> Iterator[tuple[int, Bundle]]:
        for deliverer, chain in enumerate(self.chains):
            for bundle in chain[self.board.begun[deliverer] :]:
                if len(bundle) > 1:
                    yield deliverer, bundle

    def placement(self, bundle: Bundle, limit: float, besides: int | None = None) -> tuple[float, int, Chain] | None:
        """The cheapest way to place a whole bundle for less than `limit`, with any deliverer besides one."""
        best = None
        orders = orders_of(bundle)
        for deliverer in self.candidates[orders[0]]:
            if deliverer == besides or self.costs[deliverer] == math.inf:
                continue
            if not self.board.is_allowed(deliverer, orders):
                continue
            if len(self.chains[deliverer]) >= LONGEST_CHAIN:
                continue
            for chain in ways_to_place(self.board, deliverer, self.chains[deliverer], bundle):
                extra = self.board.chain_cost(deliverer, chain) - self.costs[deliverer]
                if extra < limit:
                    limit, best = extra, (extra, deliverer, chain)
        return best
