"""Documents of the stockroom: adjustment, count, transfer, opening balance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from wares import values
from wares.contract.document_type import HEADER_KEYS, STOCK_LINE_KEYS, Behaviours, DocumentType, refuse_control
from wares.documents.keys import plain_number
from wares.errors import Issue, Refused
from wares.model import Context, Document, Intent, Leg, OpenItem, Plan, PlannedMove, Row, RowKind, Side
from wares.runtime.text import plain_code, plain_text
from wares.values import extend


class _StockDocument(DocumentType):
    """A document of goods only; a line may state the counter account of its value."""

    key, title, prefix = "", "", ""
    side = Side.STOCK
    direction = 1
    priced = False
    needs_item = True
    stock_role = "inventory_adjustment"
    header_keys = HEADER_KEYS | {"account"}
    line_keys = STOCK_LINE_KEYS | {"unit_cost", "amount", "account"}

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        stated = {row.line.number: _stated(row, ctx) for row in document.rows if row.line.base_quantity > 0}
        return {number: value for number, value in stated.items() if value is not None}

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        by_number = {row.line.number: row for row in document.rows}
        return tuple([self._to_account(move, by_number[move.line], ctx) for move in super().moves(document, ctx, do)])

    def _to_account(self, move: PlannedMove, row: Row, ctx: Context) -> PlannedMove:
        code, account = row.line.given.account, ctx.header.account
        if code is not None:
            account = ctx.masters.account(code, f"{row.line.path}.account")
        if account is None:
            return move
        refuse_control(account, f"{row.line.path}.account")
        return move._replace(counter_account=account)


def _stated(row: Row, ctx: Context) -> int | None:
    given = row.line.given
    if given.amount is not None:
        return given.amount
    if given.unit_cost is not None:
        return _within(extend(row.line.quantity, given.unit_cost, ctx.decimals), row)
    return None


def _within(value: int, row: Row) -> int:
    if value > values.MAX_MONEY:
        raise Refused.because("TOO_LARGE", "the value of the line is more than Wares can keep", path=row.line.path)
    return value


class Adjustment(_StockDocument):
    """Stock gained or lost, against inventory_adjustment or a stated account. Goods found without a stated cost get the pool's."""

    key, title, prefix = "adjustment", "stock adjustment", "ADJ"

    def quantity_problem(self, quantity: int) -> str | None:
        """Return a problem for 0 only: stock is gained or lost."""
        return None if quantity else "must not be 0"


class Count(_StockDocument):
    """Stores the counted quantity. The fold computes the difference from the books, again whenever an earlier document arrives."""

    key, title, prefix = "count", "stock count", "CNT"
    line_keys = (STOCK_LINE_KEYS - {"quantity", "unit", "unit_factor"}) | {"unit_cost", "account", "counted"}

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        seen: set[tuple[int, int]] = set()
        for row in document.rows:
            line = row.line
            assert line.item is not None
            if line.given.counted is None:
                yield Issue("NOT_COUNTED", f"{line.item.sku} has no counted quantity", f"{line.path}.counted")
            if (line.item.id, line.location.id) in seen:
                yield Issue("COUNTED_TWICE", f"{line.item.sku} is counted twice at {line.location.code}", line.path)
            seen.add((line.item.id, line.location.id))

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        moves = []
        for row in document.rows:
            line = row.line
            assert line.item is not None
            move = PlannedMove(
                line.item, 0, line.location, Intent.COUNTED, line.given.unit_cost, self.stock_role,
                counted=line.given.counted, lot=line.given.lot or "", line=line.number,
            )  # fmt: skip
            moves.append(self._to_account(move, row, ctx))
        return tuple(moves)


class Transfer(_StockDocument):
    """Moves goods to another location: quantity only if the company is one cost area; with a cost area for each location they take
    their layers along (`Intent.TRANSFER_IN`)."""

    key, title, prefix = "transfer", "stock transfer", "TRF"
    header_keys = HEADER_KEYS | {"to_location"}
    line_keys = STOCK_LINE_KEYS

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        target = ctx.header.to_location
        if target is None:
            yield Issue("NO_TARGET", "a transfer needs to_location", "to_location")
        for row in document.rows:
            if target is not None and row.line.location.id == target.id:
                yield Issue("SAME_LOCATION", f"the goods are at {target.code} already", row.line.path)

    def moves(self, document: Document, ctx: Context, do: Behaviours) -> tuple[PlannedMove, ...]:
        target = ctx.header.to_location
        assert target is not None
        moves = []
        for row in document.rows:
            line = row.line
            assert line.item is not None
            out = PlannedMove(line.item, -line.base_quantity, line.location, Intent.QUANTITY_ONLY, counter=None,
                              lot=line.given.lot or "", line=line.number)  # fmt: skip
            moves += [out, out._replace(quantity=line.base_quantity, location=target)]
        return tuple(moves)


class OpeningBalance(_StockDocument):
    """The state before the books begin: opening layers, account balances, unpaid invoices and bills, against opening_balance."""

    key, title, prefix = "opening_balance", "opening balance", "OB"
    has_lines = False
    stock_role = "opening_balance"
    any_currency = True
    header_keys = HEADER_KEYS | {"postings", "open_items"}

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        if ctx.header.exchange is not None and document.rows:
            hint = "bring them in with an opening balance without currency"
            yield Issue("OTHER_CURRENCY", "goods are valued in the currency of the books", "lines", hint)

    def moves_goods(self, row: Row, ctx: Context) -> bool:
        return row.pricing.kind == RowKind.ROW and row.line.item is not None

    def goods_values(self, document: Document, ctx: Context, do: Behaviours) -> Mapping[str, int]:
        stated = dict(super().goods_values(document, ctx, do))
        for row in document.rows:
            item = row.line.item
            if row.line.number not in stated and item is not None and item.cost is not None:
                stated[row.line.number] = _within(extend(row.line.base_quantity, item.cost, ctx.decimals), row)
        return stated

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        plan = super().plan(document, ctx, do)
        items = tuple(_open_items(ctx))
        if not (document.rows or items or ctx.header.record.get("postings")):
            raise Refused.because("NO_LINES", "an opening balance needs lines, postings or open_items", path="lines")
        return plan._replace(open_items=items)

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        legs = postings_legs(ctx.header.record.get("postings") or (), ctx, "opening_balance")
        rest = sum(leg.amount for leg in legs)
        return in_base([*legs, Leg(-rest, "opening_balance")] if rest else legs, ctx)


def postings_legs(postings: object, ctx: Context, role: str) -> list[Leg]:
    """Return the legs of `postings` (account with debit or credit). Raises Refused with every Issue."""
    issues: list[Issue] = []
    legs: list[Leg] = []
    for index, posting in enumerate(postings if isinstance(postings, list | tuple) else [None]):
        path = f"postings[{index}]"
        try:
            legs.append(_posting_leg(posting, path, ctx, role))
        except Refused as refusal:
            issues.extend(refusal.issues)
        except ValueError as error:
            issues.append(Issue("BAD_VALUE", str(error), path))
    if issues:
        raise Refused(issues)
    return legs


def in_base(legs: Sequence[Leg], ctx: Context) -> tuple[Leg, ...]:
    """Return balanced legs, given in the document's currency, in the company's currency: they stay balanced."""
    exchange = ctx.header.exchange
    if exchange is None:
        return tuple(legs)
    amounts = exchange.parts([leg.amount for leg in legs])
    return tuple(leg._replace(amount=amount, currency_amount=leg.amount) for leg, amount in zip(legs, amounts, strict=True))


def _posting_leg(posting: object, path: str, ctx: Context, role: str) -> Leg:
    if not isinstance(posting, Mapping) or "account" not in posting:
        raise ValueError('a posting is {"account", "debit" or "credit", "memo"}')
    for key in posting:
        if key not in ("account", "debit", "credit", "memo"):
            raise Refused.because("UNKNOWN_KEY", f"{key!r} is not a key of a posting", path=f"{path}.{key}")
    account = ctx.masters.account(_read(posting["account"], plain_code, f"{path}.account"), f"{path}.account")
    refuse_control(account, f"{path}.account")
    debit, credit = (values.minor(posting.get(side) or 0, ctx.decimals) for side in ("debit", "credit"))
    if debit < 0 or credit < 0 or (debit and credit) or not (debit or credit):
        raise ValueError("a posting has either a debit or a credit, above 0")
    memo = posting.get("memo")
    return Leg(debit - credit, role, account, memo=_read(memo, plain_text, f"{path}.memo") if memo else None)


def _read(value: object, parser: Callable[[object], str], path: str) -> str:
    try:
        return parser(value)
    except ValueError as error:
        raise Refused.because("BAD_VALUE", f"{path.rpartition('.')[2]}: {error}", path=path) from None


OPEN_ITEM_TYPES = ("invoice", "bill")


def _open_items(ctx: Context) -> Iterable[OpenItem]:
    given = ctx.header.record.get("open_items") or ()
    for index, item in enumerate(given if isinstance(given, list | tuple) else [None]):
        path = f"open_items[{index}]"
        if not isinstance(item, Mapping) or set(item) - {"type", "number", "party", "date", "amount"}:
            raise Refused.because("BAD_VALUE", "an open item is {type, number, party, date, amount}", path=path)
        missing = [key for key in ("type", "number", "party", "date", "amount") if not item.get(key)]
        if missing:
            raise Refused.because("MISSING_KEY", f"an open item needs {', '.join(missing)}", path=path)
        if item["type"] not in OPEN_ITEM_TYPES:
            raise Refused.because("BAD_VALUE", "an open item is an invoice or a bill", path=f"{path}.type")
        try:
            day, amount = values.day_from_text(str(item["date"])), values.minor(item["amount"], ctx.decimals)
        except ValueError as error:
            raise Refused.because("BAD_VALUE", str(error), path=path) from None
        if amount <= 0 or day > ctx.header.day:
            raise Refused.because("BAD_VALUE", "an open item has an amount above 0 and an earlier date", path=path)
        number = _read(item["number"], plain_number, f"{path}.number")
        party = ctx.masters.party(_read(item["party"], plain_code, f"{path}.party"), f"{path}.party")
        yield OpenItem(item["type"], number, party, day, amount)
