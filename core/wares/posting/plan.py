"""Planning a priced document: its type says which moves, legs, links and facts it makes. Pure: no pool changes, no row is
written."""

from __future__ import annotations

from typing import NamedTuple

from wares.documents.exchange import InBase, in_base, with_currency
from wares.documents.record import RecordInput
from wares.errors import Refused
from wares.model import Context, Document, Header, Plan
from wares.plugin_manager.answers import issues_of, plan_of
from wares.plugin_manager.calls import Calls


class Planned(NamedTuple):
    """A document with all its effects, before its moves have values."""

    given: RecordInput
    header: Header
    ctx: Context
    document: Document
    plan: Plan
    based: InBase | None = None
    """The document in the company's currency, if its own is another."""


def plan(given: RecordInput, ctx: Context, document: Document, calls: Calls) -> Planned:
    """Validate a priced document and plan its effects. Raises Refused with the Issues of its type and of every veto together."""
    header, kind = ctx.header, ctx.header.type
    issues = [*issues_of(kind, "validate", kind.validate(document, ctx)), *calls.before_post(document, ctx)]
    if issues:
        raise Refused(issues)
    if header.exchange is None:
        return Planned(given, header, ctx, document, plan_of(kind, document, ctx, calls))
    based = in_base(document, ctx, calls)
    in_currency = with_currency(plan_of(kind, based.document, based.ctx, calls), document, based)
    return Planned(given, header, ctx, document, in_currency, based)
