"""Planning one document purely: record → expand → price → plan. Nothing here changes a pool or writes a row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from wares.documents.exchange import InBase, in_base, with_currency
from wares.documents.expand import expand
from wares.documents.head import Found, resolve_header
from wares.documents.lines import resolve_lines
from wares.documents.price import price
from wares.documents.record import RecordInput
from wares.errors import Issue, Refused
from wares.model import Context, Document, Header, Line, Location, Masters, Plan
from wares.plugin_manager.answers import issues_of, plan_of
from wares.plugin_manager.calls import Calls
from wares.storage.unit import Head


class OpenLine(NamedTuple):
    """A line of a party and item that waits for a later document."""

    line_id: int
    waits_for: str
    name: str  # "D-1#2"
    quantity: int


OpenLines = Mapping[tuple[int, int], Mapping[int, OpenLine]]
"""(party id, item id) → line id → what is open."""


class Planned(NamedTuple):
    """A document with all that it does, before its moves have values."""

    given: RecordInput
    header: Header
    ctx: Context
    document: Document
    plan: Plan
    based: InBase | None = None  # a document in another currency: as it stands in the company's


def plan_document(
    given: RecordInput,
    *,
    masters: Masters,
    calls: Calls,
    main: Location,
    origins: Found,
    open_lines: OpenLines,
    settings: Mapping[str, str],
    facts: Mapping[str, Mapping[str, Any]],
    head: Head,
) -> Planned:
    """Plan one document against what was read. Raises Refused with every Issue of the first stage that found one."""
    header = resolve_header(given, masters, main, origins, head.currency, head.decimals, head.closed_through)
    ctx = Context(header=header, masters=masters, settings=settings, facts=facts)
    lines = resolve_lines(given, header, masters, origins)
    refuse_overlooked(lines, header, open_lines)
    rows, total = price(expand(lines, ctx, calls.expand_line, calls.type_of), ctx, calls.price_line)
    document = Document(header, rows, total)
    kind = header.type
    issues = [*issues_of(kind, "validate", kind.validate(document, ctx)), *calls.before_post(document, ctx)]
    if issues:
        raise Refused(issues)
    if header.exchange is not None:
        based = in_base(document, ctx, calls)
        plan = with_currency(plan_of(kind, based.document, based.ctx, calls), document, based)
        return Planned(given, header, ctx, document, plan, based)
    return Planned(given, header, ctx, document, plan_of(kind, document, ctx, calls))


def refuse_overlooked(lines: tuple[Line, ...], header: Header, open_lines: OpenLines) -> None:
    """A line without `from` must not pass over goods of its party and item that wait for just such a document."""
    kinds = set(header.type.fulfils.values())
    if not open_lines or header.party is None or header.type.sign < 0:
        return
    issues = []
    for line in lines:
        if line.item is None or line.origin is not None or line.given.stands_alone:
            continue
        for waiting in open_lines.get((header.party.id, line.item.id), {}).values():
            if waiting.waits_for in kinds and waiting.quantity > 0:
                hint = f'give "from": "{waiting.name}", or "from": null if this line stands alone'
                message = f"{line.item.sku} of {waiting.name} waits for a {header.type.title}"
                issues.append(Issue("OPEN_QUANTITY", message, f"{line.path}.from", hint))
                break
    if issues:
        raise Refused(issues)


def canonical(record: Mapping[str, Any]) -> str:
    """A record as canonical JSON: what an idempotency key is compared by, and what is stored."""
    try:
        return _canonical.encode(record)
    except TypeError:  # keys of several types have no order; JSON knows texts only
        return _canonical.encode(_with_text_keys(record))


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str, ensure_ascii=False)


def _with_text_keys(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _with_text_keys(each) for key, each in value.items()}
    return [_with_text_keys(each) for each in value] if isinstance(value, list | tuple) else value
