"""Documents that change the value of goods, not their quantity: landed cost, revaluation, change of method, reclassification."""

from __future__ import annotations

from collections.abc import Iterable

from wares.contract.document_type import HEADER_KEYS, Behaviours, DocumentType, refuse_control
from wares.errors import Issue, Refused
from wares.model import (
    Context,
    Document,
    Intent,
    Leg,
    NewAccount,
    Origin,
    OriginMove,
    Plan,
    PlannedMove,
    Row,
    RowKind,
    Side,
    ValueFact,
)
from wares.values import iso_day, split, times

BASES = ("value", "quantity", "weight", "volume", "equal")


class LandedCost(DocumentType):
    """Adds freight, duty and similar costs to receipts at their instant: Dr inventory Cr landed_cost_clearing; with a party also
    Dr landed_cost_clearing Cr payable. A negative amount is a refund. IAS 2.10-11."""

    key, title, prefix = "landed_cost", "landed cost", "LC"
    side = Side.PURCHASE
    has_lines = False
    priced = False
    counter_role = "payable"
    header_keys = (HEADER_KEYS - {"lines"}) | {"amount", "by", "apply_to"}
    applies_to_lines = True
    any_currency = True
    signed_amount = True

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        header = ctx.header
        if not header.amount:
            yield Issue("BAD_VALUE", "a landed cost needs an amount other than 0", "amount")
        if header.record.get("by", "value") not in BASES:
            yield Issue("BAD_VALUE", f"by is {header.record.get('by')!r}", "by", f"use one of {', '.join(BASES)}")
        if not header.apply_to:
            yield Issue("MISSING_KEY", "a landed cost names the receipts to which it belongs", "apply_to", 'give [{"from": "R-1"}]')

        for index, (receipt, _, _) in enumerate(header.apply_to):
            if receipt.day > header.day:
                message = f"the goods of {receipt.number} came on {iso_day(receipt.day)}, after the landed cost"
                hint = "date the landed cost when the goods came, or later"
                yield Issue("BEFORE_ORIGIN", message, f"apply_to[{index}].from", hint)

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        header = ctx.header
        receipts = _receipts(ctx)
        by = str(header.record.get("by", "value"))
        given = header.amount or 0
        amount = header.in_base(given)
        parts = split(amount, [_weight(move, line, by, ctx) for line, move in receipts])
        facts = tuple(
            ValueFact(move.id, part, "landed_cost", "landed_cost_clearing", "")
            for (_, move), part in zip(receipts, parts, strict=True)
            if part
        )
        legs: tuple[Leg, ...] = ()
        if header.party is not None:
            owed = Leg(-amount, "payable", of_party=True, memo=header.memo, currency_amount=-given)
            legs = (Leg(amount, "landed_cost_clearing"), owed)
        return Plan(facts=facts, legs=legs, total=given if header.party else 0, base_total=amount if header.party else 0)


def _receipts(ctx: Context) -> list[tuple[Origin, OriginMove]]:
    """Return the receipt moves of the lines in `apply_to`. Refused NOT_RECEIVED for a line without any."""
    found: dict[int, tuple[Origin, OriginMove]] = {}
    for index, (document, _, number) in enumerate(ctx.header.apply_to):
        path = f"apply_to[{index}].from"
        lines = list(document.lines.values()) if number is None else [document.lines[number]]
        incoming = [
            (line, move) for line in lines if line.kind == RowKind.ROW for move in line.moves
            if move.quantity > 0 and move.intent == Intent.STATED
        ]  # fmt: skip
        if not incoming:
            named = f"{document.number}#{number}" if number else document.number
            raise Refused.because(
                "NOT_RECEIVED", f"{named} has received no goods", path=path, hint="name a receipt or a bill that received goods"
            )
        found |= {move.id: (line, move) for line, move in incoming}
    return list(found.values())


def _weight(move: OriginMove, line: Origin, by: str, ctx: Context) -> int:
    item = ctx.masters.item_by_id(move.item_id)
    if by == "value":
        return move.value
    if by == "equal":
        return 1
    if by == "quantity":
        return move.quantity
    unit = item.weight if by == "weight" else item.volume
    if unit is None:
        raise Refused.because(
            f"NO_{by.upper()}", f"{item.sku} of {line.number} has no {by}", path="by", hint=f"set the {by} of {item.sku}"
        )
    return times(move.quantity, unit)


class _ValueDocument(DocumentType):
    key, title, prefix = "", "", ""
    side = Side.STOCK
    priced = False
    needs_item = True

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        seen: set[tuple[int, str | None]] = set()
        for row in document.rows:
            line = row.line
            assert line.item is not None
            if (line.item.id, line.given.lot) in seen:
                yield Issue("ITEM_TWICE", f"the document has {line.item.sku} twice", line.path)
            seen.add((line.item.id, line.given.lot))


class Revaluation(_ValueDocument):
    """Sets the unit cost of the goods on hand (for standard items: the rate from then on), or adds an amount spread by value:
    inventory against revaluation, or against a stated account."""

    key, title, prefix = "revaluation", "revaluation", "REV"
    stock_role = "revaluation"
    header_keys = HEADER_KEYS | {"account"}
    line_keys = frozenset({"item", "unit_cost", "amount", "lot", "memo", "description", "account"})
    signed_amount = True

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        return tuple([self._move(row, ctx) for row in document.rows])

    def _move(self, row: Row, ctx: Context) -> PlannedMove:
        line, given = row.line, row.line.given
        assert line.item is not None
        if (given.unit_cost is None) == (given.amount is None):
            raise Refused.because(
                "MISSING_KEY", f"{line.item.sku} needs either unit_cost or amount", path=line.path, hint="give one of them"
            )
        intent, stated = Intent.REVALUED_TO, given.unit_cost
        if given.amount is not None:
            intent, stated = Intent.REVALUED_BY, given.amount
        account = ctx.header.account
        if given.account is not None:
            account = ctx.masters.account(given.account, f"{line.path}.account")
            refuse_control(account, f"{line.path}.account")
        return PlannedMove(
            line.item, 0, line.location, intent, stated, self.stock_role, lot=given.lot or "", counter_account=account,
            line=line.number,
        )  # fmt: skip


class MethodChange(_ValueDocument):
    """Changes the cost method of the item's stock from its instant on; the value stays. IAS 8 governs the disclosure."""

    key, title, prefix = "method_change", "change of cost method", "MC"
    line_keys = frozenset({"item", "cost_method", "memo", "description"})

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        return tuple([_method_move(row) for row in document.rows])


def _method_move(row: Row) -> PlannedMove:
    line = row.line
    assert line.item is not None
    method = line.given.cost_method
    if method is None:
        raise Refused.because("MISSING_KEY", f"{line.item.sku} needs a cost_method", path=f"{line.path}.cost_method")
    return PlannedMove(
        line.item, 0, line.location, Intent.METHOD_CHANGED, line.item.cost or 0, counter=None, method=method, line=line.number
    )


class Reclassification(_ValueDocument):
    """Moves the value of an item's stock to another inventory account, Dr new Cr old; without `account` to the account of the
    mapping rules. From its day on the item's stock uses that account. It cannot be voided; another reclassification reverses it."""

    key, title, prefix = "reclassification", "reclassification", "RCL"
    header_keys = HEADER_KEYS - {"party", "due", "reference", "currency", "rate"}
    line_keys = frozenset({"item", "account", "memo", "description"})

    def void_problem(self, number: str) -> Issue:
        """Return NOT_VOIDABLE: the stock may have moved on since."""
        message = f"{number} is a {self.title}, which is not taken back"
        return Issue("NOT_VOIDABLE", message, hint=f"record another {self.title}", where=number)

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        return Plan(new_accounts=tuple(_new_account(row, ctx) for row in document.rows))

    def roles(self) -> frozenset[str]:
        return frozenset({"inventory"})


def _new_account(row: Row, ctx: Context) -> NewAccount:
    line = row.line
    assert line.item is not None
    code = line.given.account
    return NewAccount(line.number, line.item, ctx.masters.account(code, f"{line.path}.account") if code is not None else None)


VALUE_TYPES = (LandedCost(), Revaluation(), MethodChange(), Reclassification())
