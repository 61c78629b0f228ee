"""Reading a document record: keys, numbers and dates checked, nothing looked up yet.

Every problem is an Issue with the path of the key; all of a record are reported together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from wares import values
from wares.contract.document_type import DocumentType
from wares.documents.keys import HEADER_PARSERS, LINE_KEYS, NOT_YET, Parser
from wares.errors import Issue, Refused
from wares.model import LineInput, Side
from wares.runtime.text import plain_code
from wares.storage.currencies import DECIMALS


class RecordInput(NamedTuple):
    """A document record, parsed: exact integers, no look-ups."""

    type: DocumentType
    number: str | None
    effective_at: int
    due: int | None
    party: str | None
    reference: str | None
    currency: str | None
    rate: int | None
    location: str | None
    to_location: str | None
    goods: str | None
    account: str | None
    memo: str | None
    key: str | None
    direction: str | None
    amount: int | None
    pending: bool
    revises: str | None
    apply_to: tuple[tuple[str, int | None], ...]
    attributes: Any
    lines: tuple[LineInput, ...]
    record: Mapping[str, Any]


def read_document(record: Mapping[str, Any], kind: DocumentType, decimals: int, today: int) -> RecordInput:
    """Parse one document record; `decimals` are the company currency's. Raises Refused with every Issue found; nothing is looked
    up."""
    issues: list[Issue] = []
    unknown = [key for key in record if key not in kind.header_keys and (key != "lines" or record[key])]
    for key in unknown:
        issues.append(Issue("UNKNOWN_KEY", f"{key!r} is not a key of a {kind.key}", path=str(key), hint=_keys(kind)))
    if record.get("record", "document") != "document":
        issues.append(Issue("BAD_VALUE", "this is the record of a document", path="record", hint="leave record out"))
    head: dict[str, Any] = {}
    for key, value in record.items():
        parser = HEADER_PARSERS.get(key)
        if parser is not None and value is not None and key not in unknown:
            _read(head, key, parser, value, key, issues)
    if "currency" in head:
        decimals = DECIMALS.get(head["currency"], decimals)
    effective_at = _instant(record.get("date"), today, issues)
    if "amount" in record and "amount" not in unknown:
        _read(head, "amount", lambda value: _money(value, decimals, kind), record["amount"], "amount", issues)
    goods = head.get("goods")
    if goods is not None and goods not in ("now", "later", "none"):
        issues.append(Issue("BAD_VALUE", f"goods is {goods!r}", path="goods", hint="use now, later or none"))
    apply_to = _applications(record.get("apply_to"), kind, decimals, issues)
    lines = _lines(record.get("lines"), kind, decimals, issues)
    attributes = _attributes(record.get("attributes"), kind, issues)
    if issues:
        raise Refused(issues)
    get = head.get
    return RecordInput(
        kind, get("number"), effective_at, get("due"), get("party"), get("reference"), get("currency"), get("rate"),
        get("location"), get("to_location"), goods, get("account"), get("memo"), get("key"), get("direction"),
        get("amount"), get("pending", False), get("revises"), apply_to, attributes, lines, record,
    )  # fmt: skip


def _read(into: dict[str, Any], field: str, parser: Parser, value: object, path: str, issues: list[Issue]) -> None:
    try:
        into[field] = parser(value)
    except ValueError as error:
        issues.append(Issue("BAD_VALUE", f"{path.rpartition('.')[2]}: {error}", path=path))


def _money(value: object, decimals: int, kind: DocumentType) -> int:
    amount = values.minor(value, decimals)
    if amount < 0 and not kind.signed_amount:
        raise ValueError("must not be negative")
    return amount


def _keys(kind: DocumentType) -> str:
    return "its keys are " + ", ".join(sorted(kind.header_keys - {"record"}))


def _instant(value: object, today: int, issues: list[Issue]) -> int:
    if value is None:
        return values.start_of(today)
    text = value if isinstance(value, str) else getattr(value, "isoformat", lambda: "")()
    try:
        return values.instant_of(text)
    except (ValueError, TypeError) as error:
        issues.append(Issue("BAD_DATE", str(error), path="date"))
        return 0


def _applications(value: object, kind: DocumentType, decimals: int, issues: list[Issue]) -> tuple[tuple[str, int | None], ...]:
    """What the document applies to: documents by `number` with an `amount`, or documents and lines by `from`."""
    if value is None:
        return ()
    by_line = kind.applies_to_lines
    name, keys = ("from", {"from"}) if by_line else ("number", {"number", "amount"})
    form = '{"from"}' if by_line else '{"number", "amount"}'
    applications: list[tuple[str, int | None]] = []
    for index, each in enumerate(value if isinstance(value, list | tuple) else [None]):
        path = f"apply_to[{index}]"
        if not isinstance(each, Mapping) or set(each) - keys or name not in each:
            issues.append(Issue("BAD_VALUE", f"apply_to: must be a list of {form}", path=path))
            continue
        found: dict[str, Any] = {}
        _read(found, "number", plain_code, each[name], f"{path}.{name}", issues)
        if each.get("amount") is not None:
            _read(found, "amount", lambda value: _money(value, decimals, kind), each["amount"], f"{path}.amount", issues)
        applications.append((found.get("number", ""), found.get("amount")))
    return tuple(applications)


def _attributes(value: object, kind: DocumentType, issues: list[Issue]) -> Any:
    from pydantic import ValidationError

    if not value and not kind.Attributes.model_fields:
        return None
    try:
        return kind.Attributes.model_validate(value or {})
    except ValidationError as error:
        for problem in error.errors():
            path = ".".join(["attributes", *map(str, problem["loc"])])
            issues.append(Issue("BAD_ATTRIBUTE", problem["msg"], path=path))
        return None


def _lines(value: object, kind: DocumentType, decimals: int, issues: list[Issue]) -> tuple[LineInput, ...]:
    if not kind.has_lines and value is None:
        return ()
    if not isinstance(value, list | tuple):
        issues.append(Issue("NO_LINES", f"a {kind.key} needs lines", path="lines", hint='give "lines": [...]'))
        return ()
    if not value and kind.has_lines:
        issues.append(Issue("NO_LINES", f"a {kind.key} needs at least one line", path="lines"))
    return tuple([_line(line, f"lines[{index}]", kind, decimals, issues) for index, line in enumerate(value)])


def _line(line: object, path: str, kind: DocumentType, decimals: int, issues: list[Issue]) -> LineInput:
    fields: dict[str, Any] = {"path": path}
    if not isinstance(line, Mapping):
        issues.append(Issue("BAD_VALUE", "a line must be an object", path=path))
        return LineInput(path)
    allowed = kind.line_keys
    for key, value in line.items():
        if key in NOT_YET:
            if value:
                issues.append(Issue("NOT_YET", f"{key!r} is not supported yet", path=f"{path}.{key}", hint="leave it out"))
        elif key not in allowed:
            hint = "its line keys are " + ", ".join(sorted(allowed))
            issues.append(Issue("UNKNOWN_KEY", f"{key!r} is not a line key of a {kind.key}", f"{path}.{key}", hint))
        elif value is None:
            fields["stands_alone"] = fields.get("stands_alone", False) or key == "from"
        elif key == "amount":
            _read(fields, "amount", lambda amount: values.minor(amount, decimals), value, f"{path}.amount", issues)
        elif (spec := LINE_KEYS.get(key)) is not None:
            try:
                fields[spec[0]] = spec[1](value)
            except ValueError as error:
                issues.append(Issue("BAD_VALUE", f"{key}: {error}", path=f"{path}.{key}"))
    _check_amounts(fields, path, kind, issues)
    return LineInput(**fields)


def _check_amounts(fields: dict[str, Any], path: str, kind: DocumentType, issues: list[Issue]) -> None:
    quantity = fields.get("quantity")
    if quantity is not None and (quantity == 0 or (quantity < 0 and not kind.signed_quantity)):
        wanted = "must not be 0" if kind.signed_quantity else "must be more than 0"
        issues.append(Issue("BAD_QUANTITY", f"quantity {values.unscaled(quantity)} {wanted}", path=f"{path}.quantity"))
    amount = fields.get("amount")
    if amount is not None and amount < 0 and not kind.signed_amount:
        issues.append(Issue("BAD_VALUE", "amount: must not be negative", path=f"{path}.amount"))
    if amount is not None and fields.get("discount"):
        message = "an amount is the line's exact total, its discount taken off already"
        issues.append(
            Issue("DISCOUNT_ON_AMOUNT", message, path=f"{path}.discount", hint="leave discount out, or give a price per unit")
        )
    price = "unit_price" if kind.side is Side.SALE else "unit_cost"  # of goods that come back, unit_cost is no price
    if amount is not None and price in fields:
        issues.append(Issue("PRICE_TWICE", "a line gives either its amount or a price per unit", path=path, hint="leave one out"))
