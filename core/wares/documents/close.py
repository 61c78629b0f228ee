"""Close: the end of open chains of documents."""

from __future__ import annotations

from collections.abc import Iterable

from wares.contract.document_type import HEADER_KEYS, Behaviours, DocumentType
from wares.documents.sales import cost_transfers
from wares.errors import Issue
from wares.model import RECEIVED_NOT_BILLED, Context, Document, Leg, Origin, Plan, PlannedMove, Row, Side, ValueFact
from wares.values import share, split


class Close(DocumentType):
    """Ends the chain of a document or line: its open quantities no longer wait for a later document.

    Goods received and never billed stay in stock at the billed cost: Dr received_not_billed Cr inventory (expense if untracked).
    Goods delivered and never invoiced become cost of goods sold; the cost of goods returned and never credited leaves it. Goods
    billed and never received, or sent back and never credited, are written off. Goods invoiced and not delivered are cancelled; a
    credit note gives the money back.
    """

    key, title, prefix = "close", "close", "CL"
    side = Side.LEDGER
    priced = False
    header_keys = HEADER_KEYS - {"party", "due", "reference", "currency", "rate", "location"}
    line_keys = frozenset({"from", "memo", "description"})
    fulfils = dict.fromkeys(
        ("receipt", "delivery", "invoice", "cash_sale", "bill", "cash_purchase", "customer_return", "supplier_return"),
        "close",
    )  # fmt: skip

    def quantity_left(self, origin: Origin) -> int:
        """Return all that the origin leaves open, whatever it waits for."""
        return origin.waiting[0]

    def roles(self) -> frozenset[str]:
        return super().roles() | {RECEIVED_NOT_BILLED, "write_off", "cogs"}

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        for row in document.rows:
            if row.line.origin is None:
                yield Issue(
                    "NEEDS_FROM",
                    "a close names the document that it ends",
                    f"{row.line.path}.from",
                    'give "from": "R-1" or "R-1#2"',
                )

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        """Plan each line with the whole open quantity and amount of its origin."""
        plan = super().plan(document, ctx, do)
        waiting = {row.line.number: _origin(row).waiting[1] for row in document.rows}
        return plan._replace(
            facts=tuple(fact for row in document.rows for fact in _unbilled(row)),
            links=tuple(link._replace(amount=waiting[link.line]) for link in plan.links),
        )

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        return tuple(move for row in document.rows for move in _never_invoiced(row, ctx, do))

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        return tuple(leg for row in document.rows for leg in _legs(row, ctx, do))


def _origin(row: Row) -> Origin:
    assert row.line.origin is not None
    return row.line.origin


def _unbilled(row: Row) -> Iterable[ValueFact]:
    """Yield the value facts that take the unbilled estimate off the goods of a receipt: unbilled goods cost nothing."""
    origin = _origin(row)
    if origin.document_type != "receipt":
        return
    parts = split(-origin.waiting[1], [abs(move.quantity) for move in origin.moves])
    for move, part in zip(origin.moves, parts, strict=True):
        if part:
            yield ValueFact(move.id, part, "close", RECEIVED_NOT_BILLED, row.line.number)


def _never_invoiced(row: Row, ctx: Context, do: Behaviours) -> Iterable[PlannedMove]:
    """Yield the moves that take the cost of a delivery (and of the contents of its kits) out of delivered_not_invoiced."""
    origin, line = _origin(row), row.line
    came_back = origin.document_type == "customer_return"
    if origin.document_type != "delivery" and not came_back:
        return
    yield from cost_transfers(origin, line.base_quantity, line, ctx, do, came_back=came_back)
    for content in origin.contents:
        part = share(content.quantity, line.quantity, origin.quantity)
        yield from cost_transfers(content, part, line, ctx, do, came_back=came_back)


def _legs(row: Row, ctx: Context, do: Behaviours) -> Iterable[Leg]:
    """Yield the legs that clear received_not_billed of a service received, goods billed or goods sent back."""
    origin, line = _origin(row), row.line
    amount = origin.waiting[1]
    if not amount or origin.document_type not in ("receipt", "bill", "cash_purchase", "supplier_return"):
        return
    if origin.document_type != "receipt":
        yield Leg(-amount, RECEIVED_NOT_BILLED, None, line.number, line.item)
        yield Leg(amount, "write_off", None, line.number, line.item)
    elif not origin.moves:
        account = ctx.masters.account_by_id(origin.account_id) if origin.account_id else None
        role = do.type_of(line.item).purchase_role if line.item is not None else "expense"
        yield Leg(amount, RECEIVED_NOT_BILLED, None, line.number, line.item)
        yield Leg(-amount, role, account, line.number, line.item)
