"""The laws of cost methods: pure folds, exact to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.model import FoldMove, Valued
from wares.testing.laws import LawBroken, require
from wares.values import SCALE

Steps = Sequence[tuple[int, int]]
"""The moves of a pool as (quantity in units, value in cents): quantity > 0 is a receipt, quantity < 0 an issue of at most the
quantity on hand."""


def moves_of(steps: Steps) -> list[FoldMove]:
    """Return the steps as the core gives them to a method; each issue is cut to the quantity on hand."""
    moves: list[FoldMove] = []
    held = 0
    for index, (quantity, cents) in enumerate(steps):
        count = quantity if quantity > 0 else -min(-quantity, held)
        held += count
        if count:
            value = cents if count > 0 else None
            moves.append(FoldMove(1000 + index, count * SCALE, value, index * 1_000_000, index << 20))
    return moves


def opening_of(method: CostMethod) -> PoolState:
    """Return an empty pool with the settings of the method."""
    return PoolState(newest_first=getattr(method, "newest_first", False), rate=1_230_000 if method.fixed_rate else None)


def totals(state: PoolState) -> tuple[int, int]:
    """Return the quantity and the value of the pool."""
    return state.quantity, state.value


def fold(method: CostMethod, state: PoolState, moves: Iterable[FoldMove]) -> list[Valued]:
    """Return the method's values of the moves. Raises LawBroken if the method raises."""
    try:
        return list(method.fold(state, moves))
    except Exception as error:
        raise LawBroken(f"{method.key}: it raises {error!r}") from error


def fold_one(method: CostMethod, state: PoolState, move: FoldMove) -> Valued:
    """Return the value of one move, taken as the core takes it: the code after the `yield` is not run."""
    try:
        return next(iter(method.fold(state, (move,))))
    except Exception as error:
        raise LawBroken(f"{method.key}: folded move by move it raises {error!r}") from error


def every_move_is_valued_once(method: CostMethod, steps: Steps) -> None:
    """Check that the method yields one Valued for each move, in order, with the id of the move."""
    moves = moves_of(steps)
    answers = fold(method, opening_of(method), iter(moves))
    require(all(isinstance(each, Valued) for each in answers), f"{method.key}: it yields {answers}, not Valued alone")
    found, wanted = [each.move_id for each in answers], [move.move_id for move in moves]
    require(found == wanted, f"{method.key}: it values the moves {found} instead of {wanted}")


def values_sum_to_the_pool(method: CostMethod, steps: Steps) -> None:
    """Check after each move that the value of the pool is the receipts less the issues and not below zero, that a receipt is valued
    at its cost (a fixed rate puts the difference into variance), and that the layers taken sum to the issue."""
    state = opening_of(method)
    quantity = value = 0
    for move in moves_of(steps):
        (answer,) = fold(method, state, (move,))
        quantity, value = quantity + move.quantity, value + answer.value
        sums = (quantity, value)
        require(totals(state) == sums, f"{method.key}: the moves sum to {sums}, the pool has {totals(state)}")
        require(value >= 0, f"{method.key}: after {move} the pool is worth {value}")
        if move.value is not None:
            cost = answer.value + getattr(answer, "variance", 0)
            require(cost == move.value, f"{method.key}: goods for {move.value} come in at {cost}")
        else:
            _require_parts(method, move, answer)


def _require_parts(method: CostMethod, move: FoldMove, answer: Valued) -> None:
    require(answer.value <= 0, f"{method.key}: an issue adds {answer.value}")
    taken = sum(part.quantity for part in answer.taken)
    require(taken == -move.quantity, f"{method.key}: an issue of {-move.quantity} takes {taken} from layers")
    worth = sum(part.value for part in answer.taken)
    require(worth == -answer.value, f"{method.key}: an issue at {-answer.value} takes {worth} from layers")


def last_unit_takes_the_rest(method: CostMethod, steps: Steps) -> None:
    """Check that the issue of the last unit takes the last cent."""
    state = opening_of(method)
    moves = moves_of(steps)
    fold(method, state, iter(moves))
    if state.quantity:
        last = FoldMove(9999, -state.quantity, None, 10**12, 10**9)
        fold(method, state, (last,))
    require(totals(state) == (0, 0), f"{method.key}: nothing is left, yet the pool has {totals(state)}")


def what_comes_after_does_not_matter(method: CostMethod, steps: Steps) -> None:
    """Check that a move is valued before the next one is read, and that later moves do not change its value."""
    moves = moves_of(steps)
    whole = fold(method, opening_of(method), iter(moves))
    for length in range(len(moves)):
        part = fold(method, opening_of(method), iter(moves[:length]))
        require(part == whole[:length], f"{method.key}: later moves change {part} to {whole[:length]}")
    asked = _Asked(moves)
    for answered, _ in enumerate(method.fold(opening_of(method), asked), start=1):
        require(asked.count <= answered, f"{method.key}: it reads {asked.count} moves before it values move {answered}")


class _Asked:
    """An iterable of moves that counts those read."""

    def __init__(self, moves: Sequence[FoldMove]) -> None:
        self.moves = moves
        self.count = 0

    def __iter__(self) -> Iterator[FoldMove]:
        for move in self.moves:
            self.count += 1
            yield move


def one_by_one_is_in_one_go(method: CostMethod, steps: Steps) -> None:
    """Check that the pool is complete when a move's value is yielded, so that a fold move by move gives the same, and that the
    method object keeps no state between pools."""
    moves = moves_of(steps)
    at_once, apart, other = (opening_of(method) for _ in range(3))
    whole = fold(method, at_once, iter(moves))
    single = []
    for move in moves:
        single.append(fold_one(method, apart, move))
        fold_one(method, other, FoldMove(move.move_id + 5000, 7 * SCALE, 1234, move.at, move.sequence))
    require(single == whole, f"{method.key}: one by one the moves are {single}, in one go {whole}")
    require(totals(apart) == totals(at_once), f"{method.key}: one by one the pool has {totals(apart)}, in one go {totals(at_once)}")


def who_goes_by_age_takes_by_age(method: CostMethod, steps: Steps) -> None:
    """Check that with `by_age` issues take the oldest layers (or the newest), whatever their cost: recosting relies on it."""
    if not method.by_age:
        return
    require(method.layered, f"{method.key}: it is by_age but not layered, so its layers do not carry its value")
    state, left = opening_of(method), dict[int, int]()
    for move in moves_of(steps):
        (answer,) = fold(method, state, (move,))
        for layer in [] if move.quantity > 0 else [part.layer for part in answer.taken]:
            first = max(left) if method.newest_first else min(left)
            require(layer == first, f"{method.key}: it is by_age, yet takes from layer {layer} before {first}")
            left[layer] -= sum(part.quantity for part in answer.taken if part.layer == layer)
            left = {move_id: quantity for move_id, quantity in left.items() if quantity}
        if move.quantity > 0:
            left[move.move_id] = move.quantity


def a_fold_can_be_taken_back(method: CostMethod, steps: Steps) -> None:
    """Check that the method changes the pool only through the pool's own methods, so that a rollback restores it."""
    state = opening_of(method)
    for move in moves_of(steps):
        before = (totals(state), layers_of(state))
        mark = state.mark()
        (first,) = fold(method, state, (move,))
        state.rollback(mark)
        after = (totals(state), layers_of(state))
        require(after == before, f"{method.key}: rolled back, the pool has {after} instead of {before}")
        (second,) = fold(method, state, (move,))
        require(first == second, f"{method.key}: after a rollback {move} is {second}, it was {first}")


def layers_of(state: PoolState) -> list[tuple[int, int, int]]:
    """Return (move id, remaining quantity, value taken) of each open layer."""
    return [(layer.move_id, layer.remaining, layer.taken) for layer in state.open if layer.remaining]
