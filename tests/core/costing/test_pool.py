"""The layers of a pool whose older ones are read when they are reached."""

from __future__ import annotations

from wares.costing.pool import Layer, PoolState
from wares.model import FoldMove

UNIT = 1_000_000


def layer(move_id: int, quantity: int) -> Layer:
    return Layer(move_id, move_id, move_id, quantity * UNIT, quantity * 100, quantity * UNIT, 0, quantity * UNIT, quantity * 100)


def move(move_id: int, quantity: int) -> FoldMove:
    return FoldMove(move_id, quantity * UNIT, None, move_id, move_id)


def test_what_was_made_here_and_flushed_since_is_not_read_a_second_time() -> None:
    """Layers 1 and 2 are stored, 3 is made by this batch and then written by a flush: the table gives it too."""
    stored = [layer(1, 5), layer(2, 5)]

    def more(last: Layer | None) -> list[Layer]:
        return [each for each in stored if last is None or each.at > last.at]

    pool = PoolState(quantity=10 * UNIT, value=1000, layers=stored[:1], more=more)
    pool.receive(move(3, 4), 400)
    stored.append(layer(3, 4))  # the flush

    total, taken = pool.issue(move(4, -14), 14 * UNIT)

    assert [(part.layer, part.quantity // UNIT) for part in taken] == [(1, 5), (2, 5), (3, 4)]
    assert (total, pool.quantity, pool.value) == (1400, 0, 0)
    assert list(pool.layers()) == []
