"""A document in another currency than the company's.

The document is recorded, expanded and priced in its own currency, with its own decimals. Then it is converted once into the
company's currency, and its type plans it there without knowing of currencies; afterwards legs and links get the amounts in the
document's currency again.

Rows are converted at the document's rate and rounded once: their sum is the rounded total. A credit converts each part at the rate
at which that part was recorded. A document that charges goods recorded before clears their recorded amount as far as the prices
agree in the document's currency; a difference in price is converted at their rate. The difference to the document's own rate is
exchange gain or loss. IAS 21.21-22, 21.28.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from wares.contract.document_type import Behaviours, total_leg
from wares.contract.item_type import origin_part
from wares.documents.goods import cleared_part, held, went_back
from wares.model import CONTROL_ROLES, Context, Document, Exchange, Leg, Line, Link, LinkKind, Origin, Plan, Side
from wares.values import share

Amounts = dict[str, int]
"""Row number → amount."""


class InBase(NamedTuple):
    """A document in the company's currency."""

    document: Document
    """The document for its type to plan: rows at their carrying amounts, with the charges that belong to cost spread."""
    ctx: Context
    """The context with the converted header."""
    amounts: Mapping[str, int]
    """Row number → amount at the document's rate, in minor units of the company's currency; they sum to the total."""
    worth: Mapping[str, int]
    """Row number → value as goods, in minor units of the document's own currency."""


def in_base(document: Document, ctx: Context, do: Behaviours) -> InBase:
    """Return the document converted to the company's currency; its header must have an exchange."""
    header = document.header
    exchange = header.exchange
    assert exchange is not None
    own = {row.line.number: row.pricing.amount for row in document.rows}
    worth = own | dict(header.type.goods_values(document, ctx, do))
    before = {
        row.line.number: row.line for row in document.rows if row.line.origin is not None and row.line.origin.base is not None
    }
    if not header.type.priced:  # goods without prices: the type gives their value in either currency
        amounts = carried = dict.fromkeys(own, 0)
    elif header.type.sign < 0:
        back = {number: line for number, line in before.items() if not went_back(line)}
        amounts = {number: _taken_back(line, own[number], exchange) for number, line in back.items()}
        amounts |= _at_rate({number: own[number] for number in own if number not in back}, exchange)
        carried = {number: _goods_back(line, worth[number], amounts[number], exchange) for number, line in back.items()}
        carried |= {number: _held(line, worth[number], exchange) for number, line in before.items() if number not in back}
    else:
        amounts = _at_rate(own, exchange)
        carried = {number: _cleared(line, worth[number], exchange) for number, line in before.items()}
    carried = carried | _at_rate({number: worth[number] for number in own if number not in before}, exchange)
    header = replace(header, decimals=exchange.base_decimals)
    rows = tuple(
        row._replace(line=_line_in_base(row.line, ctx), pricing=row.pricing._replace(amount=carried[row.line.number]))
        for row in document.rows
    )
    return InBase(Document(header, rows, sum(amounts.values())), replace(ctx, header=header), amounts, worth)


def _at_rate(amounts: Amounts, exchange: Exchange) -> Amounts:
    return dict(zip(amounts, exchange.parts(list(amounts.values())), strict=True))


def _origins(line: Line) -> tuple[Origin, Origin]:
    """Return the origin of the line, in its own currency and in the company's."""
    origin = line.origin
    assert origin is not None
    assert origin.base is not None
    return origin, origin.base


def _taken_back(line: Line, amount: int, exchange: Exchange) -> int:
    """Return the recorded part of the origin's amount at its recorded rate, plus any excess credited at the document's rate."""
    return origin_part(_of_base(line)) + exchange.base(amount - origin_part(line))


def _goods_back(line: Line, worth: int, amount: int, exchange: Exchange) -> int:
    """Return the same for the carrying amount of goods, which may differ: with charges, or cleared at the rate of a receipt."""
    origin, base = _origins(line)
    if (origin.goods_amount, base.goods_amount) == (origin.amount, base.amount):
        return amount
    part, part_in_base = (
        share(of, line.done + line.quantity, origin.quantity) - share(of, line.done, origin.quantity)
        for of in (origin.goods_amount, base.goods_amount)
    )
    if not origin.goods_amount:
        return part_in_base + exchange.base(worth - part)
    return part_in_base + share(worth - part, base.goods_amount, origin.goods_amount)


def _cleared(line: Line, worth: int, exchange: Exchange) -> int:
    """Return the recorded amount of goods (or a service), with a difference in price at the rate of their recording."""
    origin, base = _origins(line)
    difference = worth - cleared_part(line, origin.goods_amount)
    return cleared_part(_of_base(line), base.goods_amount) + exchange._replace(rate=origin.rate).base(difference)


def _held(line: Line, worth: int, exchange: Exchange) -> int:
    """Return the recorded amount of goods sent back before, with a difference in price at the rate of their recording."""
    origin, _ = _origins(line)
    return held(_of_base(line)) + exchange._replace(rate=origin.rate).base(worth - held(line))


def _of_base(line: Line) -> Line:
    """Return the line with its origin in the company's currency."""
    if line.origin is None or line.origin.base is None:
        return line
    _, base = _origins(line)
    quantity, taken = base.done.get(LinkKind.CREDIT, (0, 0))
    if line.done != quantity and base.quantity:  # an earlier line of this document took a part too
        taken = share(base.amount, line.done, base.quantity)
    return line._replace(origin=base, done_amount=taken)


def _line_in_base(line: Line, ctx: Context) -> Line:
    given, exchange = line.given, ctx.header.exchange
    if ctx.side is Side.SALE and given.unit_cost is not None and exchange is not None:  # returned goods at a stated cost
        line = line._replace(given=given._replace(unit_cost=exchange.base_price(given.unit_cost)))
    return _of_base(line)


# --- afterwards ------------------------------------------------------------------------------------------------------


def with_currency(plan: Plan, document: Document, based: InBase) -> Plan:
    """Return the plan in the company's currency with the amounts in the document's currency and the exchange difference."""
    kind, exchange = document.header.type, document.header.exchange
    assert exchange is not None
    if not document.rows:
        return plan if plan.base_total is not None else plan._replace(base_total=exchange.base(plan.total))
    carried = {row.line.number: row.pricing.amount for row in based.document.rows}
    towards = kind.sign if kind.side is Side.SALE else -kind.sign  # the sign of the total's leg
    legs = [_row_in_currency(leg, document, based, carried) for leg in plan.legs]
    for index in reversed(range(len(legs))):
        leg = legs[index]
        if leg.role == kind.counter_role and leg.line is None and leg.amount == towards * based.document.total:
            legs[index] = leg._replace(currency_amount=towards * document.total)
            break
    if document.total and not based.document.total and kind.counter_role is not None:  # rounds to 0 in the company's currency
        legs.append(total_leg(0, based.ctx)._replace(currency_amount=towards * document.total))
    difference = sum(carried.values()) - based.document.total
    if difference and kind.counter_role is not None:
        legs.append(Leg(towards * difference, "fx_gain_loss", memo=document.header.memo))
    return plan._replace(
        legs=tuple(legs),
        links=tuple(_link_in_currency(link, document) for link in plan.links),
        goods_amounts={**carried, **plan.goods_amounts},
        total=document.total,
        base_total=based.document.total,
    )


def _row_in_currency(leg: Leg, document: Document, based: InBase, carried: Mapping[str, int]) -> Leg:
    """Return the leg with its amount in the document's currency, if it carries the whole amount of a row (income, an expense)."""
    amount = based.amounts.get(leg.line) if leg.line is not None else None
    if not amount or leg.role in CONTROL_ROLES or abs(leg.amount) != abs(amount) or carried[leg.line or ""] != amount:
        return leg
    own = document.row(leg.line or "").pricing.amount
    return leg._replace(currency_amount=own if leg.amount == amount else -own)


def _link_in_currency(link: Link, document: Document) -> Link:
    row = document.row(link.line)
    if row.line.origin is None or row.line.origin.base is None:
        return link
    return link._replace(currency_amount=document.header.type.clearing(link, row).amount)
