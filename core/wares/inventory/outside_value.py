"""The value of goods that enter a pool from outside: one rule for new documents and for the replay of late facts.

`verify` works the same out by itself, on purpose: it would not find a mistake in this file otherwise.
"""

from __future__ import annotations

from typing import NamedTuple, NoReturn, Protocol, TypeVar

from wares.costing.fold import unit_without_price
from wares.costing.method import CostMethod
from wares.costing.pool import PoolState
from wares.errors import Issue
from wares.model import GOODS_AT_ORIGIN_COST, OUTPUTS, Intent, UnitValue
from wares.values import extend

Move = TypeVar("Move", contravariant=True)


class OutsideValue(NamedTuple):
    """The value of a move and the first layer that it refers to, as `wares.model.FoldMove` takes them."""

    value: int | None  # minor units; None where the cost method decides
    layer: int | None = None  # the first move of goods that go back or come back, whose layer leaves (is covered) first
    unit: UnitValue | None = None  # the exact unit value of goods without a price of their own


BY_COST_METHOD = OutsideValue(None)
"""The value of an issue: its pool alone decides it."""


class Shares(Protocol[Move]):
    """The parts of the values of other moves that a move takes over."""

    def share_of_inputs(self, move: Move) -> int:
        """Return an output's share of the issues of its group and of the costs absorbed beside them."""
        ...

    def share_of_origin(self, move: Move) -> int:
        """Return a move's share of the value of its origin."""
        ...


class ValueRefusals(Protocol[Move]):
    """The refusals of a move that has no value: each names its item (in the texts of this module) and its line or document."""

    def below_zero(self, move: Move) -> NoReturn:
        """Raise Refused for a receipt below zero (`below_zero_issue`)."""
        ...

    def no_cost(self, move: Move) -> NoReturn:
        """Raise Refused for goods without any cost (`no_cost_issue`)."""
        ...


def outside_value(
    move: Move,
    state: PoolState,
    *,
    method: CostMethod,
    intent: Intent,
    quantity: int,
    stated: int | None,
    origin_id: int | None,
    fallback: int | None,
    shares: Shares[Move],
    refusals: ValueRefusals[Move],
) -> OutsideValue:
    """Return the value of a move as far as it comes from outside its pool, and the layer that it refers to.

    Goods without a price are worth their stated unit cost, else the pool's unit value, else the last known one, else the item's
    cost, which is `fallback` (`unit_without_price`). Raises BELOW_ZERO and NO_COST by `refusals`.
    """
    if intent is Intent.BY_METHOD:
        return BY_COST_METHOD
    if intent is Intent.STATED:
        if (stated or 0) < 0:
            refusals.below_zero(move)
        return OutsideValue(stated or 0)
    if intent in OUTPUTS:
        return OutsideValue(shares.share_of_inputs(move))
    if intent is Intent.TRANSFER_OUT:
        return OutsideValue(None, origin_id)
    if intent in GOODS_AT_ORIGIN_COST:
        return OutsideValue(shares.share_of_origin(move), origin_id)
    if quantity < 0:  # a count that found less
        return BY_COST_METHOD
    if stated is not None:
        return OutsideValue(extend(quantity, stated, state.decimals))
    unit = unit_without_price(method, state, fallback)
    if unit is None:
        refusals.no_cost(move)
    return OutsideValue(unit.of(quantity), unit=unit)


def below_zero_issue(sku: str, *, path: str = "", where: str = "") -> Issue:
    """Return the issue of a receipt that would be worth less than nothing."""
    message, hint = f"{sku} would be received for less than nothing", "lower what is taken off its cost"
    return Issue("BELOW_ZERO", message, path=path, hint=hint, where=where)


def no_cost_issue(sku: str, *, line_path: str = "") -> Issue:
    """Return the issue of goods whose cost neither the line, the pool nor the item knows."""
    path = f"{line_path}.unit_cost" if line_path else ""
    return Issue("NO_COST", f"nothing says what {sku} costs", path=path, hint="give unit_cost (0 is a cost)")
