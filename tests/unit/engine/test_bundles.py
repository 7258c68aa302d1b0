from dispatch.engine.bundles import ways_to_add
from dispatch.engine.cost import Board
from dispatch.engine.problem import Rules
from dispatch.engine.trips import without_order
from tests.unit.engine.town import deliverer, demand, locked_bundle, problem


def board_of(rules: Rules | None = None, *, begun: bool = False) -> Board:
    """Orders 0, 1, 2 of the thai kitchen and 3 of the pizzeria; the one deliverer may have begun order 0."""
    orders = [demand("a"), demand("b"), demand("c"), demand("d", restaurant="pizza")]
    ana = deliverer("ana", locked=locked_bundle(orders[0]) if begun else (), amendable=begun)
    return Board(problem(orders, [ana], rules=rules), orders, [ana])


def test_an_order_joins_a_bundle_of_its_restaurant_at_each_turn_or_goes_alone() -> None:
    assert list(ways_to_add(board_of(), 0, ((0, 1),), 2)) == [
        ((2, 0, 1),),
        ((0, 2, 1),),
        ((0, 1, 2),),
        ((0, 1), (2,)),
        ((2,), (0, 1)),
    ]


def test_an_order_of_another_restaurant_never_joins() -> None:
    assert list(ways_to_add(board_of(), 0, ((0,),), 3)) == [((0,), (3,)), ((3,), (0,))]


def test_a_full_bundle_takes_no_more() -> None:
    assert list(ways_to_add(board_of(Rules(bundle_limit=1)), 0, ((0,),), 1)) == [((0,), (1,)), ((1,), (0,))]


def test_nothing_is_placed_before_a_begun_pickup() -> None:
    assert list(ways_to_add(board_of(begun=True), 0, ((0,),), 3)) == [((0,), (3,))]


def test_taking_out_the_last_order_takes_out_the_bundle() -> None:
    assert without_order(((0, 1), (3,)), 3) == ((0, 1),)
    assert without_order(((0, 1), (3,)), 0) == ((1,), (3,))
