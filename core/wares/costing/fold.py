"""Folding one move into its pool: the parts that are the same for every cost method.

Goods that were issued before they were there (negative stock) leave at an estimate and are owed; receipts cover the oldest first.
Revaluations and method changes act on the pool as a whole. The cost method decides everything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from types import GeneratorType
from typing import Any, NamedTuple

from wares.costing.layer import Layer, Owed
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.errors import Issue, Refused, WrongAnswer
from wares.model import Consumption, FoldMove, Intent, NegativeStock, TransferredLayer, UnitValue, Valued
from wares.values import extend, share, unit_value

Methods = Mapping[str, CostMethod]


class Cover(NamedTuple):
    """Part of an earlier issue that this receipt covers."""

    move_id: int  # the issue
    quantity: int  # millionths
    value: int  # its real cost, minor units
    estimate: int  # the cost it was posted at, minor units


class Folded(NamedTuple):
    """The result of a move."""

    value: int  # in the pool, signed, minor units
    variance: int = 0  # the amount paid or got outside beyond it, minor units
    taken: tuple[Consumption, ...] = ()  # layers consumed
    covers: tuple[Cover, ...] = ()  # earlier issues covered


NOTHING = Folded(0)


def fold_move(method: CostMethod, state: PoolState, move: FoldMove, short: NegativeStock, fallback: int | None) -> Folded:
    """Fold one move of goods. `fallback` is the item's unit cost, for an estimate where the pool knows none.

    Raises Refused NO_COST when an issue must be estimated and no cost is known.
    """
    if move.quantity < 0 and short and -move.quantity > state.quantity:
        return _issue_short(method, state, move, short, fallback)
    if move.quantity > 0 and state.owed:
        folded = _receive_owed(method, state, move)
    else:
        valued = _ask(method, state, move)
        folded = Folded(valued.value, valued.variance, valued.taken)
    if move.quantity > 0 or move.value is not None:
        _learn(method, state, move, folded.value, fallback)
    return folded


def unit_without_price(method: CostMethod, state: PoolState, fallback: int | None) -> UnitValue | None:
    """Return the exact unit value of goods that come in without a price: the standard rate, the value of a unit on hand, else the
    last known, else `fallback` (the item's unit cost, millionths); None if nothing is known."""
    if method.fixed_rate and state.rate is not None:
        return UnitValue.of_cost(state.rate, state.decimals)
    if state.quantity > 0 and method.layered:
        return state.unit_of_layers()
    return state.known or _of_item(state, fallback)


def _of_item(state: PoolState, fallback: int | None) -> UnitValue | None:
    return None if fallback is None else UnitValue.of_cost(fallback, state.decimals)


def _learn(method: CostMethod, state: PoolState, move: FoldMove, value: int, fallback: int | None) -> None:
    """Set the last known unit value after a receipt, or after goods that went back at the cost of their receipt.

    Where layers keep their own value it is that of the receipt; where the pool is valued as a whole, that of the whole. Goods
    without a price of their own leave it as it was.
    """
    if move.unit is not None:
        _know_item(state, fallback)
    elif not method.layered and state.quantity > max(move.quantity, 0):
        state.know(state.quantity, state.value)
    elif move.quantity > 0:
        state.know(move.quantity, value)


def _know_item(state: PoolState, fallback: int | None) -> None:
    """Take the item's cost for the last known unit value where nothing is known."""
    if state.known is None and fallback is not None:
        state.know(*UnitValue.of_cost(fallback, state.decimals))


def fold_issues(method: CostMethod, state: PoolState, moves: Sequence[FoldMove]) -> list[Valued]:
    """Fold issues that the pool has enough for, none of them going back to anything. WrongAnswer as for one move."""
    if len(moves) == 1:
        return [_ask(method, state, moves[0])]
    answers: Any = method.fold(state, moves)
    valued = list(answers) if isinstance(answers, Iterable) else [answers]
    if len(valued) != len(moves):
        raise WrongAnswer(method, "fold", f"one Valued for each of {len(moves)} moves", valued[-1] if valued else None)
    if not _are_right(valued):
        for each in valued:
            _check(method, each)
    return valued


def _are_right(answers: list[Any]) -> bool:
    """True if every answer would pass `_check`: all at once, which is faster."""
    if {*map(type, answers)} != {Valued}:
        return False
    _, values, taken, variances = zip(*answers, strict=True)
    parts = [*chain.from_iterable(taken)]
    if not parts or {*map(type, parts)} != {Consumption}:
        return False
    _, quantities, worth = zip(*parts, strict=True)
    return {*map(type, chain(values, variances, quantities, worth))} == {int}


def _ask(method: CostMethod, state: PoolState, move: FoldMove) -> Valued:
    """Return the method's answer for one move. Raises WrongAnswer unless it is a Valued in whole numbers."""
    answers: Any = method.fold(state, (move,))
    valued: Any
    if type(answers) is GeneratorType:
        valued = next(answers, None)
    else:
        valued = next(iter(answers), None) if isinstance(answers, Iterable) else answers
    _check(method, valued)
    answer: Valued = valued
    return answer


def _check(method: CostMethod, valued: object) -> None:
    if type(valued) is not Valued or type(valued.value) is not int or type(valued.variance) is not int:
        raise WrongAnswer(method, "fold", "one Valued in whole minor units for each move", valued)
    for taken in valued.taken:
        if type(taken) is not Consumption or type(taken.quantity) is not int or type(taken.value) is not int:
            raise WrongAnswer(method, "fold", "the layers taken as Consumptions of whole numbers", taken)


def _issue_short(method: CostMethod, state: PoolState, move: FoldMove, short: NegativeStock, fallback: int | None) -> Folded:
    held = max(state.quantity, 0)
    folded = NOTHING
    if held:
        valued = _ask(method, state, move._replace(quantity=-held))
        folded = Folded(valued.value, valued.variance, valued.taken)
    missing = -move.quantity - held
    estimate = 0 if short is NegativeStock.AT_NOTHING else _estimate(method, state, missing, fallback)
    state.owed.append(Owed(move.move_id, missing, estimate))
    state.quantity -= missing
    state.value -= estimate
    state.rebase()
    if short is not NegativeStock.AT_NOTHING:
        _know_item(state, fallback)
    return folded._replace(value=folded.value - estimate)


def _estimate(method: CostMethod, state: PoolState, quantity: int, fallback: int | None) -> int:
    if method.fixed_rate:
        return extend(quantity, state.rate or 0, state.decimals)
    unit = state.known or _of_item(state, fallback)
    if unit is None:
        raise Refused.because("NO_COST", "nothing says what goods cost that are not there yet", hint="set the item's cost")
    return unit.of(quantity)


def _receive_owed(method: CostMethod, state: PoolState, move: FoldMove) -> Folded:
    """Cover the owed issues, oldest first, at this receipt's cost; the rest comes in as always.

    Goods that come back while their own issue is still owed cover that first, at its estimate: they had never been there.
    """
    value = move.value or 0
    covers: list[Cover] = []
    used, worth, variance = 0, 0, 0
    own = next((owed for owed in state.owed if owed.move_id == move.layer), None)
    if own is not None and own.quantity < move.quantity:
        used, worth = own.quantity, own.estimate
        covers.append(_cover(state, own, own.quantity, own.estimate))
    before, rest = worth, move.quantity - used
    while state.owed and used < move.quantity:
        owed = own if own is not None and own.quantity else state.owed[0]
        part = min(owed.quantity, move.quantity - used)
        estimate = share(owed.estimate, part, owed.quantity)
        upto = rest - move.quantity + used + part
        first = _first(move.carried, upto) if move.carried else share(value - before, upto, rest)
        cost = before + first - worth - variance
        if method.fixed_rate and owed is not own:
            # the standard cost is that of the estimate (the present one, where nothing was posted yet); the difference is variance
            standard = estimate or extend(part, state.rate or 0, state.decimals)
            variance += cost - standard
            cost = standard
        covers.append(_cover(state, owed, part, cost))
        used += part
        worth += cost
    state.rebase()
    inside = worth
    if used < move.quantity:
        left = move._replace(quantity=move.quantity - used, value=value - worth - variance)
        valued = _ask(method, state, left._replace(carried=_beyond(move.carried, used)))
        inside, variance = worth + valued.value, variance + valued.variance
    if used < move.quantity and not move.carried:
        layer = state.created[-1]
        layer.quantity, layer.value, layer.taken = move.quantity, layer.value + worth, worth
    else:
        layer = Layer(move.move_id, move.at, move.sequence, used, worth, 0, worth, used, worth)
        state.created.append(layer)
    state.changed[move.move_id] = (layer, move)
    return Folded(inside, variance, (), tuple(covers))


def _first(parts: tuple[TransferredLayer, ...], quantity: int) -> int:
    """Return the value of the first `quantity` of these layers from another pool, oldest first."""
    value = 0
    for part in parts:
        some = min(part.quantity, quantity)
        value += share(part.value, some, part.quantity)
        quantity -= some
    return value


def _beyond(parts: tuple[TransferredLayer, ...], quantity: int) -> tuple[TransferredLayer, ...]:
    """Return the layers after the first `quantity`."""
    left = []
    for part in parts:
        some = min(part.quantity, quantity)
        quantity -= some
        if some < part.quantity:
            rest = part.value - share(part.value, some, part.quantity)
            left.append(part._replace(quantity=part.quantity - some, value=rest))
    return tuple(left)


def _cover(state: PoolState, owed: Owed, part: int, cost: int) -> Cover:
    estimate = share(owed.estimate, part, owed.quantity)
    owed.quantity -= part
    owed.estimate -= estimate
    state.quantity += part
    state.value += estimate
    if not owed.quantity:
        state.owed.remove(owed)
    return Cover(owed.move_id, part, cost, estimate)


def fold_value(methods: Methods, method: str, state: PoolState, intent: Intent, stated: int, to: str | None) -> tuple[int, str]:
    """Fold a move without goods; return the difference in value and the method that folds the pool from here on."""
    if intent is Intent.METHOD_CHANGED:
        assert to is not None
        if to != method:  # a late fact may have changed it before
            change_method(methods[method], methods[to], state, stated)
        return 0, to
    of = methods[method]
    if of.fixed_rate and intent is Intent.REVALUED_TO:
        state.rate = stated
    unit_cost, amount = (stated, None) if intent is Intent.REVALUED_TO else (None, stated)
    return state.revalue(unit_cost=unit_cost, amount=amount, decimals=state.decimals, layered=of.layered), method


def unfit_revaluation(state: PoolState, method: CostMethod, intent: Intent, stated: int, sku: str) -> Issue | None:
    """Return the reason why a pool cannot be revalued so: nothing is on hand, or its value would fall below zero. A standard rate
    may be set at any time."""
    if method.fixed_rate:
        if intent is Intent.REVALUED_BY:
            return Issue("STANDARD_NEEDS_RATE", f"{sku} has a standard cost", hint="give unit_cost, not amount")
    elif state.quantity <= 0:
        return Issue("NOTHING_TO_REVALUE", f"no {sku} is on hand to be revalued", hint="receive it first, or choose another day")
    elif intent is Intent.REVALUED_BY and state.value + stated < 0:
        return Issue("BELOW_ZERO", f"the stock of {sku} is worth less than that", hint="lower the amount")
    return None


def change_method(old: CostMethod, new: CostMethod, state: PoolState, fallback: int | None) -> None:
    """Change the cost method of a pool. The pool's value stays; later issues are valued by the new method. A standard rate begins
    at the pool's unit value, or at `fallback` (the item's unit cost) if the pool is empty."""
    if new.layered and not old.layered:
        state.relayer()
    if new.fixed_rate:
        state.rate = unit_value(state.value, state.quantity, state.decimals) if state.quantity > 0 else fallback
    state.reverse(new.newest_first)
    state.rebase()
    if state.quantity > 0:
        state.know(state.quantity, state.value)
