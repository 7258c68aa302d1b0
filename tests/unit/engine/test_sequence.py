from dispatch.engine.cost import Board
from dispatch.engine.sequence import best_sequence
from tests.unit.engine.town import deliverer, demand, problem


def test_the_nearer_door_comes_first() -> None:
    orders = [demand("far", to=(9, 0)), demand("near", to=(2, 0)), demand("middle", to=(5, 0))]
    ana = deliverer("ana")
    board = Board(problem(orders, [ana]), orders, [ana])
    assert best_sequence(board, 0, (0, 1, 2)) == (1, 2, 0)


def test_equal_sequences_keep_the_one_given() -> None:
    orders = [demand("a"), demand("b")]
    ana = deliverer("ana")
    board = Board(problem(orders, [ana]), orders, [ana])
    assert best_sequence(board, 0, (1, 0)) == (1, 0)
