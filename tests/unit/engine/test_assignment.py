from dispatch.engine.assign import reassign_tails
from dispatch.engine.chains import Itineraries
from dispatch.engine.cost import Board
from tests.unit.engine.town import deliverer, demand, locked_bundle, problem

WEST, EAST = (0.0, 0.0), (10.0, 0.0)


def two_orders(*, forbidden: set[tuple[str, str]] | None = None) -> Itineraries:
    """Ana stands in the west and was given the eastern order, ben the other way round."""
    orders = [demand("west", ready=0), demand("east", restaurant="pizza", ready=0)]
    people = [deliverer("ana", at=WEST), deliverer("ben", at=EAST)]
    state = Itineraries(Board(problem(orders, people, forbidden=forbidden), orders, people), {})
    state.put(0, ((1,),))
    state.put(1, ((0,),))
    return state


def test_tails_are_swapped_when_that_helps_all_together() -> None:
    state = two_orders()
    assert reassign_tails(state)
    assert state.chains == [((0,),), ((1,),)]
    assert state.owner == {0: 0, 1: 1}
    assert not reassign_tails(state)


def test_a_forbidden_pair_is_not_swapped_in() -> None:
    state = two_orders(forbidden={("ana", "west")})
    assert not reassign_tails(state)
    assert state.chains == [((1,),), ((0,),)]


def test_a_begun_pickup_stays_where_it_is() -> None:
    orders = [demand("west", ready=0), demand("east", restaurant="pizza", ready=0)]
    people = [
        deliverer("ana", at=EAST, locked=locked_bundle(orders[1]), amendable=True),
        deliverer("ben", at=WEST),
    ]
    state = Itineraries(Board(problem(orders, people), orders, people), {})
    state.put(0, ((1,), (0,)))
    assert reassign_tails(state)
    assert state.chains == [((1,),), ((0,),)]
