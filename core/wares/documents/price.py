"""Pricing rows in order: each row sees the row above, with the calculations attached so far, and its subtotal group."""

from __future__ import annotations

from collections.abc import Callable

from wares.contract.item_type import origin_price
from wares.documents.expand import Expanded
from wares.errors import Issue, Refused
from wares.model import Above, Context, Document, Line, PriceContext, Pricing, Row, RowKind
from wares.values import MAX_MONEY, iso_day

PriceLine = Callable[[Line, PriceContext], Pricing]


def price(expanded: list[Expanded], ctx: Context, price_line: PriceLine) -> Document:
    """Price every line; return the document: its rows in order, and the sum of their rounded amounts. Raises Refused with all
    Issues together."""
    sheet = _Sheet(ctx, price_line)
    issues: list[Issue] = []
    for each in expanded:
        try:
            sheet.add(each)
        except Refused as refusal:
            issues.extend(refusal.issues)
    if issues:
        raise Refused(issues)
    amounts = [row.pricing.amount for row in sheet.rows]
    total = sum(amounts)
    if max(map(abs, (total, *amounts))) > MAX_MONEY:
        raise Refused.because("TOO_LARGE", f"the document of {iso_day(ctx.header.day)} sums to more than Wares can keep")
    return Document(ctx.header, tuple(sheet.rows), total)


_HEADER = Pricing(0, kind=RowKind.HEADER)
_UNPRICED = Pricing(0)


class _Sheet:
    """The rows priced so far, with the row above and the subtotal group of the next one."""

    def __init__(self, ctx: Context, price_line: PriceLine) -> None:
        self.ctx = ctx
        self.price_line = price_line
        self.priced = ctx.header.type.priced
        self.rows: list[Row] = []
        self.above: Above | None = None
        self.group_sum = 0
        self.group: list[str] = []
        self.closed = False  # true if a subtotal has closed the group; the next row starts a new one

    def add(self, each: Expanded) -> None:
        line = each.line
        if line.content:
            self.rows.append(Row(line, Pricing(0, line.given.unit_price, RowKind.CONTENT)))  # the rate of its plan
        elif each.replaced:
            self.rows.append(Row(line, _HEADER))
        elif not self.priced:
            self.rows.append(Row(line, _UNPRICED))
        else:
            self._place(line, self._price(line))

    def _price(self, line: Line) -> Pricing:
        origin = line.origin
        if origin is not None and origin.kind == RowKind.CALCULATION:
            pricing, stated = origin_price(line), line.given.amount
            if stated is not None:
                pricing = pricing._replace(amount=-stated if origin.amount < 0 else stated)
            return pricing._replace(kind=RowKind.CALCULATION, into_cost=not origin.goods_amount and bool(origin.amount))
        group_sum = 0 if self.closed else self.group_sum
        rows = () if self.closed else tuple(self.group)
        return self.price_line(line, PriceContext(self.ctx, self.above, group_sum, rows))

    def _place(self, line: Line, pricing: Pricing) -> None:
        kind = pricing.kind
        if kind == RowKind.CALCULATION:
            above = self.above
            if above is None and line.origin is not None and not pricing.into_cost:  # a charge that is credited alone
                self.rows.append(Row(line, pricing))
                return
            if above is None:
                sku = line.item.sku if line.item is not None else "the line"
                raise Refused.because("FIRST_ROW", f"{sku} acts on the row above, and there is none", path=line.path)
            self.rows.append(Row(line, pricing, above.number, above.rows))
            self.above = above._replace(running=above.running + pricing.amount)
            if not self.closed:
                self.group_sum += pricing.amount
            return
        self.rows.append(Row(line, pricing))
        if kind == RowKind.SUBTOTAL:
            if self.closed:
                self.group_sum, self.group = 0, []
            self.above = Above(line.number, self.group_sum, self.group_sum, tuple(self.group))
            self.closed = True
            return
        if self.closed:
            self.group_sum, self.group, self.closed = 0, [], False
        self.above = Above(line.number, pricing.amount, pricing.amount, (line.number,))
        self.group_sum += pricing.amount
        self.group.append(line.number)
