"""Checks of the answers of plugins, before they are used.

For behaviour hooks a function says whether the answer is right. For objects that are asked directly a wrong answer raises
WrongAnswer, and `Blame.naming` around the unit of work names the plugin that registered the object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wares.errors import Issue, WrongAnswer
from wares.model import (
    Absorbed,
    Account,
    CostPlan,
    DocumentKind,
    Expansion,
    Leg,
    Link,
    NewLine,
    OpenItem,
    Opens,
    Plan,
    PlannedMove,
    Pricing,
    ValueFact,
    takes_up_costs,
)
from wares.values import Record

_INT_OR_NONE = (int, type(None))
_NONE = ()
"""The one empty tuple, which most objects answer."""


def is_expansion(value: object) -> bool:
    """True for an Expansion of NewLines in whole millionths."""
    if type(value) is not Expansion:
        return False
    if not value.contents and not value.rows:
        return True
    return all(type(new) is NewLine and type(new.quantity) is int for new in (*value.contents, *value.rows))


def is_pricing(value: object) -> bool:
    """True for a Pricing in whole minor units."""
    return type(value) is Pricing and type(value.amount) is int


def is_cost_plan(value: object) -> bool:
    """True for a CostPlan of whole numbers whose absorbed costs, if any, have goods that take them up."""
    if type(value) is not CostPlan:
        return False
    for move in value.moves:
        if type(move) is not PlannedMove or type(move.quantity) is not int or type(move.stated) not in _INT_OR_NONE:
            return False
    return not value.absorbed or (all(map(_is_absorbed, value.absorbed)) and any(map(takes_up_costs, value.moves)))


def _is_absorbed(cost: object) -> bool:
    return type(cost) is Absorbed and type(cost.amount) is int and cost.amount >= 0 and isinstance(cost.role, str)


def is_account(value: object) -> bool:
    """True for an Account."""
    return type(value) is Account


def issues_of(thing: object, method: str, found: object) -> list[Issue]:
    """Return the Issues that `validate` answered with; None counts as none. Raises WrongAnswer."""
    if found is None or found is _NONE:
        return []
    if not isinstance(found, Iterable):
        raise WrongAnswer(thing, method, "Issues", found)
    issues = list(found)
    for issue in issues:
        if not isinstance(issue, Issue):
            raise WrongAnswer(thing, method, "Issues", issue)
    return issues


def records_of(thing: object, method: str, found: object) -> list[Record]:
    """Return the records that an object answered with. Raises WrongAnswer."""
    if not isinstance(found, Iterable) or isinstance(found, str | bytes | Mapping):
        raise WrongAnswer(thing, method, "records, each a mapping", found)
    records = list(found)
    for record in records:
        if not isinstance(record, Mapping):
            raise WrongAnswer(thing, method, "records, each a mapping", record)
    return records


def require_plan(kind: DocumentKind, plan: Plan) -> None:
    """Raise WrongAnswer unless the plan of a document consists of tuples of its types, in whole numbers."""
    if type(plan) is not Plan or type(plan.total) is not int or type(plan.legs) is not tuple or type(plan.moves) is not tuple:
        raise WrongAnswer(kind, "plan", "a Plan of tuples, with a total in whole minor units", plan)
    for leg in plan.legs:
        if type(leg) is not Leg or type(leg.amount) is not int or not isinstance(leg.role, str):
            raise WrongAnswer(kind, "plan", "legs: Legs in whole minor units, each with a role", leg)
    for move in plan.moves:
        if type(move) is not PlannedMove or type(move.quantity) is not int or type(move.stated) not in _INT_OR_NONE:
            raise WrongAnswer(kind, "plan", "moves: PlannedMoves of whole millionths", move)
        if move.absorbed and not (takes_up_costs(move) and all(map(_is_absorbed, move.absorbed))):
            raise WrongAnswer(kind, "plan", "moves with absorbed costs only where goods come in at a stated value", move)
    _require_rest(kind, plan)


def _require_rest(kind: DocumentKind, plan: Plan) -> None:
    for part, wanted, numbers in (
        (plan.links, Link, ("origin_id", "quantity", "amount")),
        (plan.opens, Opens, ("quantity", "amount")),
        (plan.facts, ValueFact, ("move_id", "amount")),
        (plan.open_items, OpenItem, ()),
    ):
        if type(part) is not tuple:
            raise WrongAnswer(kind, "plan", f"a tuple of {wanted.__name__}s", part)
        for each in part:
            if type(each) is not wanted or any(type(getattr(each, number)) is not int for number in numbers):
                raise WrongAnswer(kind, "plan", f"{wanted.__name__}s of whole numbers", each)
    _require_pairs(kind, plan.applications, plan.goods_amounts)


def _require_pairs(kind: DocumentKind, applications: Iterable[object], goods_amounts: object) -> None:
    for pair in applications:
        if not isinstance(pair, tuple) or len(pair) != 2 or type(pair[0]) is not int or type(pair[1]) is not int:
            raise WrongAnswer(kind, "plan", "applications: pairs of (document id, minor units)", pair)
    if not isinstance(goods_amounts, Mapping) or any(type(value) is not int for value in goods_amounts.values()):
        raise WrongAnswer(kind, "plan", "goods_amounts: row number to whole minor units", goods_amounts)
