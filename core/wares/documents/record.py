"""Reading a document record: this step checks keys, numbers and dates, and looks nothing up.

Every problem is an Issue with the path of the key; all Issues of a record are reported together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from wares import values
from wares.contract.document_type import DocumentType
from wares.documents.keys import HEADER_PARSERS, LINE_KEYS, NOT_YET, Parser
from wares.errors import Issue, Refused
from wares.model import LineInput, Side
from wares.runtime.text import plain_code
from wares.storage.currencies import DECIMALS
from wares.values import JsonObject

"""Parsed values by the name of their field."""


class RecordInput(NamedTuple):
    """A document record, parsed: exact integers, references not looked up. None = the key is absent."""

    type: DocumentType
    """The type of the document."""
    number: str | None
    """The number typed by the user."""
    effective_at: int
    """The instant at which the document takes effect, microseconds."""
    due: int | None
    """The due date, yyyymmdd."""
    party: str | None
    """The code of the party."""
    reference: str | None
    """The party's own number of the document."""
    currency: str | None
    """The code of the document's currency."""
    rate: int | None
    """The scaled exchange rate (`wares.values.rate`)."""
    location: str | None
    """The code of the location."""
    to_location: str | None
    """The code of a transfer's target."""
    goods: str | None
    """now, later or none."""
    account: str | None
    """The code of the bank or counter account."""
    memo: str | None
    """The memo of the document."""
    key: str | None
    """The idempotency key."""
    direction: str | None
    """in or out, for money."""
    amount: int | None
    """The amount of a document without lines, minor units of its currency."""
    pending: bool
    """True for a document to be saved and not posted."""
    revises: str | None
    """The number of the document that this one replaces."""
    apply_to: tuple[tuple[str, int | None], ...]
    """The documents (or lines) that it applies to: (number, amount in minor units or None)."""
    attributes: object
    """The parsed attributes of the document's type; None without any."""
    lines: tuple[LineInput, ...]
    """The parsed lines."""
    record: Mapping[str, object]
    """The record as given."""


def read_document(record: Mapping[str, object], kind: DocumentType, decimals: int, today: int) -> RecordInput:
    """Parse one document record without look-ups; `decimals` are the company currency's. Raises Refused with every Issue."""
    issues: list[Issue] = []
    unknown = [key for key in record if key not in kind.header_keys and (key != "lines" or record[key])]
    for key in unknown:
        issues.append(Issue("UNKNOWN_KEY", f"{key!r} is not a key of a {kind.key}", path=str(key), hint=_keys(kind)))
    if record.get("record", "document") != "document":
        issues.append(Issue("BAD_VALUE", "this is the record of a document", path="record", hint="leave record out"))
    head: JsonObject = {}
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


def _read(into: JsonObject, field: str, parser: Parser, value: object, path: str, issues: list[Issue]) -> None:
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
    """Return the targets of the document: documents by `number` with an `amount`, or documents and lines by `from`."""
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
        found: JsonObject = {}
        _read(found, "number", plain_code, each[name], f"{path}.{name}", issues)
        if each.get("amount") is not None:
            _read(found, "amount", lambda value: _money(value, decimals, kind), each["amount"], f"{path}.amount", issues)
        applications.append((found.get("number", ""), found.get("amount")))
    return tuple(applications)


def _attributes(value: object, kind: DocumentType, issues: list[Issue]) -> object:
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
    fields: JsonObject = {"path": path}
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
        elif key in ("amount", "extra_cost"):
            _read(fields, key, lambda amount: values.minor(amount, decimals), value, f"{path}.{key}", issues)
        elif (spec := LINE_KEYS.get(key)) is not None:
            try:
                fields[spec[0]] = spec[1](value)
            except ValueError as error:
                issues.append(Issue("BAD_VALUE", f"{key}: {error}", path=f"{path}.{key}"))
    fields["states_factor"] = "unit_factor" in fields
    _check_amounts(fields, path, kind, issues)
    return LineInput(**fields)


def _check_amounts(fields: JsonObject, path: str, kind: DocumentType, issues: list[Issue]) -> None:
    quantity = fields.get("quantity")
    if quantity is not None and (problem := kind.quantity_problem(quantity)) is not None:
        issues.append(Issue("BAD_QUANTITY", f"quantity {values.unscaled(quantity)} {problem}", path=f"{path}.quantity"))
    amount = fields.get("amount")
    if amount is not None and amount < 0 and not kind.signed_amount:
        issues.append(Issue("BAD_VALUE", "amount: must not be negative", path=f"{path}.amount"))
    if fields.get("extra_cost", 0) < 0:
        issues.append(Issue("BAD_VALUE", "extra_cost: must not be negative", path=f"{path}.extra_cost"))
    if amount is not None and fields.get("discount"):
        message = "an amount is the line's exact total after its discount"
        issues.append(
            Issue("DISCOUNT_ON_AMOUNT", message, path=f"{path}.discount", hint="leave discount out, or give a price per unit")
        )
    price = "unit_price" if kind.side is Side.SALE else "unit_cost"  # the unit_cost of returned goods is no price
    if amount is not None and price in fields:
        issues.append(Issue("PRICE_TWICE", "a line gives either its amount or a price per unit", path=path, hint="leave one out"))
