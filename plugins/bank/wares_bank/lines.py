"""Read the export of a bank or card: recognise its columns, and return each row as one line of money.

Nothing of the books is known here. The amount of money out is positive. A row that cannot be read gives its issues instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from wares import Issue, Refused, Table, TableRow
from wares_channels.currencies import currencies_in
from wares_tracking.cells import AmbiguousDate, parse_day, parse_money

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "transaction date", "posting date", "posted date", "booking date", "buchungstag", "datum"),
    "amount": ("amount", "transaction amount", "betrag", "montant"),
    "out": ("debit", "withdrawal", "withdrawals", "money out", "paid out", "soll"),
    "in": ("credit", "deposit", "deposits", "money in", "paid in", "haben"),
    "vendor": ("vendor", "payee", "merchant", "name", "counterparty", "empfänger"),
    "description": ("description", "memo", "details", "narrative", "reference text", "verwendungszweck", "extended details"),
    "category": ("category", "type", "kategorie"),
    "id": ("id", "transaction id", "reference", "reference number", "fitid"),
}
"""Field → possible names of its column, in lower case; the first name that the file has counts."""
LONGEST_KEY = 150
_TEXTS = ("vendor", "description", "category", "id")


class BankLine(NamedTuple):
    """One line of money."""

    row: TableRow
    """The row of the table."""
    key: str
    """The text that is unique among the lines of its account."""
    date: str
    amount: Decimal
    """The money out; negative for money in."""
    vendor: str
    description: str
    category: str
    issues: tuple[tuple[str, Issue], ...] = ()
    """(column, issue) of a row that cannot be read."""

    @property
    def number(self) -> int:
        """Return the line of the file on which it starts."""
        return int(self.row.line)


class BankFile:
    """The lines of an open table."""

    def __init__(
        self,
        table: Table,
        *,
        columns: Mapping[str, str],
        dates: str | None,
        mark: str | None,
        spent_is_positive: bool,
        currency: str,
    ) -> None:
        """`columns` (field → column) adds to the names that the header tells itself; `currency` is that of the books. Refused
        BAD_MAP, NO_COLUMN."""
        self._table = table
        self._currency = currency
        self._dates = dates
        self._mark = mark
        self._sign = 1 if spent_is_positive else -1
        self._places = _places(table, columns)
        self._seen = Counter[str]()

    def __iter__(self) -> Iterator[BankLine]:
        for row in self._table:
            yield self._line(row) if not row.problem else _unread(row, [("", Issue("BAD_ROW", row.problem))])

    def _line(self, row: TableRow) -> BankLine:
        texts = {field: " ".join(self._cell(row, field).split()) for field in _TEXTS}
        issues: list[tuple[str, Issue]] = []
        date = self._day(row, issues)
        amount = self._amount(row, issues)
        if issues:
            return _unread(row, issues)
        key = f"id {texts['id']}" if texts["id"] else f"{date} {amount.normalize():f} {texts['vendor']} {texts['description']}"
        key = key[:LONGEST_KEY].strip()
        self._seen[key] += 1
        key = key if self._seen[key] == 1 else f"{key} #{self._seen[key]}"
        return BankLine(row, key, date, amount, texts["vendor"], texts["description"], texts["category"])

    def _cell(self, row: TableRow, field: str) -> str:
        place = self._places.get(field)
        return row.cells[place].strip() if place is not None and place < len(row.cells) else ""

    def _day(self, row: TableRow, issues: list[tuple[str, Issue]]) -> str:
        text = self._cell(row, "date")
        try:
            return parse_day(text, self._dates)
        except AmbiguousDate as error:
            issues.append(self._issue("date", "AMBIGUOUS_DATE", str(error), "state the form: --dates DMY or --dates MDY"))
        except ValueError as error:
            issues.append(self._issue("date", "BAD_DATE", str(error) if text else "the row has no date", "state the form: --dates"))
        return ""

    def _amount(self, row: TableRow, issues: list[tuple[str, Issue]]) -> Decimal:
        """Return the money out: the amount of `out`, a signed amount, or the negative amount of `in`."""
        found: list[Decimal] = []
        for field, sign in (("amount", self._sign), ("out", 0), ("in", 0)):
            text = self._cell(row, field)
            if (signs := currencies_in(text)) and self._currency not in signs:
                message = f"{text[:40]!r} is in {signs[0]}, the books are kept in {self._currency}"
                issues.append(self._issue(field, "OTHER_CURRENCY", message, "record it by hand, with its currency and rate"))
                continue
            try:
                value = parse_money(text, mark=self._mark)
            except ValueError as error:
                issues.append(self._issue(field, "BAD_AMOUNT", str(error), "give plain decimals, or state the mark: --decimal"))
                continue
            if value is not None and (value or field == "amount"):
                found.append(value * sign if sign else abs(value) if field == "out" else -abs(value))
        if not found and not issues:
            issues.append(self._issue("amount", "NO_AMOUNT", "the row has no amount", "leave it out, or map its column: --map"))
        return found[0] if found else Decimal(0)

    def _issue(self, field: str, code: str, message: str, hint: str) -> tuple[str, Issue]:
        place = self._places.get(field)
        return (self._table.header[place] if place is not None else field), Issue(code, message, path=field, hint=hint)


def _unread(row: TableRow, issues: Iterable[tuple[str, Issue]]) -> BankLine:
    return BankLine(row, "", "", Decimal(0), "", "", "", tuple(issues))


def _places(table: Table, chosen: Mapping[str, str]) -> dict[str, int]:
    """Return, by field, the place of its column."""
    known: dict[str, int] = {}
    for place, name in enumerate(table.header):
        known.setdefault(_name(name), place)
    unknown = [field for field in chosen if field not in COLUMNS] or [name for name in chosen.values() if _name(name) not in known]
    if unknown:
        hint = f"fields are {', '.join(COLUMNS)}; columns are {', '.join(table.header)}"
        raise Refused.because("BAD_MAP", f"{unknown[0]!r} is no field, or no column of {table.path.name}", path="map", hint=hint)
    wanted = {field: (_name(chosen[field]),) if field in chosen else names for field, names in COLUMNS.items()}
    places = {field: known[name] for field, names in wanted.items() for name in reversed(names) if name in known}
    if "date" not in places or not {"amount", "out", "in"} & set(places):
        missing = "date" if "date" not in places else "amount"
        hint = f"name it: --map {missing}=COLUMN; columns are {', '.join(table.header)}"
        raise Refused.because("NO_COLUMN", f"no column of {table.path.name} holds the {missing}", hint=hint, where=table.path.name)
    return places


def _name(column: str) -> str:
    return " ".join(column.replace("_", " ").strip().strip("\ufeff").casefold().split())
