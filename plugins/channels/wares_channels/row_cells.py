"""The cells of one row of a channel's file, by field, with the issues of cells that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from wares import Issue, TableRow
from wares_channels.currencies import currencies_in, parse_rate
from wares_channels.layout import CHARGE_FIELDS, Layout
from wares_channels.order_state import OrderStates
from wares_channels.transaction import ReadingOptions
from wares_tracking.cells import AmbiguousDate, parse_day, parse_money

_ORDER = re.compile(r"order\s*[:#]*\s*", re.IGNORECASE)


class RowCells:
    """The cells of a row; `order` is the number of its order, `state` the statements about it so far."""

    def __init__(self, layout: Layout, options: ReadingOptions, orders: OrderStates, row: TableRow) -> None:
        self.layout = layout
        self.options = options
        self.places = layout.places
        self.issues: list[tuple[str, Issue]] = []
        self._cells: Sequence[str] = [cell.strip() for cell in row.cells]
        self._currencies: set[tuple[str, ...]] = set()  # the possible currencies of each sign among the amounts
        order = self.text("order")
        self.order = _ORDER.sub("", order, count=1) if order and not order.isdigit() else order
        self.state = orders.of(self.order)

    def texts(self, field: str) -> list[str]:
        """Return the text of each column of a field."""
        return [self._cell(place) for place in self.places.get(field, ())]

    def _cell(self, place: int) -> str:
        return self._cells[place] if place < len(self._cells) else ""

    def text(self, field: str) -> str:
        """Return the first text of a field; for a field that is stated once per order, the text of an earlier row."""
        found = ""
        for place in self.places.get(field, ()):
            if found := self._cell(place):
                break
        if field not in self.layout.report.per_order or field in CHARGE_FIELDS:
            return found
        return self.state.stated.setdefault(field, found) or found

    def money(self, field: str, *, add: bool = False) -> Decimal | None:
        """Return the amount of a field: of its first column that has one, or the sum of all."""
        total: Decimal | None = None
        for place in self.places.get(field, ()):
            text = self._cell(place)
            if not text:
                continue
            if text and not (text[0].isdigit() and text[-1].isdigit()) and (signs := currencies_in(text)):
                self._currencies.add(signs)
            try:
                amount = parse_money(text, mark=self.options.mark)
            except ValueError as error:
                self.add_issue(field, "BAD_AMOUNT", str(error), "give plain decimals, or say the decimal mark")
                continue
            if amount is not None:
                total = amount if total is None else total + amount
                if not add:
                    break
        return total

    def day(self) -> str:
        """Return the date as ISO text."""
        text = self.text("date")
        try:
            return parse_day(text, self.options.dates or self.layout.report.dates)
        except AmbiguousDate as error:
            self.add_issue("date", "AMBIGUOUS_DATE", str(error), "state the form: --dates DMY or --dates MDY")
        except ValueError as error:
            self.add_issue("date", "BAD_DATE", str(error) if text else "the row has no date", "state the form: --dates")
        return ""

    def rate(self) -> tuple[str, Decimal] | None:
        """Return the currency of the row's amounts and its rate; None for the currency of the books."""
        own, named = self.options.currency, self.text("currency").upper() if "currency" in self.places else ""
        if not named:
            named = next((own if own in signs else signs[0] for signs in self._currencies if own not in signs), own)
        if any(named not in signs for signs in self._currencies):
            self.add_issue("currency", "OTHER_CURRENCY", f"not all of its amounts are in {named[:20]}", "give a row one currency")
        elif own and named and named != own:
            rate = self.text("rate") or dict(self.options.rates).get(named, "")
            if rate:
                try:
                    return named, parse_rate(rate)
                except ValueError as error:
                    self.add_issue("rate", "BAD_RATE", str(error), f"give the value of one {named} in {own}")
            else:
                hint = f"state the value of one unit in {own}: --rate {named}=RATE, or map a column to rate"
                message = f"the row is in {named[:20]}, the books are kept in {own}"
                self.add_issue("currency", "OTHER_CURRENCY", message, hint)
        return None

    def add_issue(self, field: str, code: str, message: str, hint: str) -> None:
        """Reject the row for a field."""
        places, header = self.places.get(field, ()), self.layout.header
        column = header[places[0]] if places and places[0] < len(header) else field
        self.issues.append((column, Issue(code, message, path=field, hint=hint)))
