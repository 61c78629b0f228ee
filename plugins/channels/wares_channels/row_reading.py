"""What a row of a channel's file says: facts, one for each thing that is said of an order.

Nothing of the books is known here. A row that cannot be read gives its issues instead; it is rejected whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from wares import Issue
from wares_tracking.cells import AmbiguousDate, parse_day, parse_money
from wares_channels.currencies import Stated, currencies_in, parse_rate
from wares_channels.order_totals import WHOLE
from wares_tracking.sale_lines import line_name

if TYPE_CHECKING:
    from wares_channels.file_reading import Reading

CHARGES = {
    "shipping": "shipping", "discount": "discount", "order_discount": "discount", "tip": "tip", "fee": "fee", "label": "label",
    "tax": "tax", "refund": "refund", "cash": "payout",
}  # fmt: skip
"""Field → the kind of its facts."""
_ONCE = {"order_discount": WHOLE, "cash": "~cash"}
"""Fields that are only said of an order → the line of their facts."""
_COSTS = frozenset({"fee", "label"})
_COMES_IN = frozenset({"sale", "shipping", "tip", "tax"})
"""Movements that add to what the channel holds."""
_ORDER = re.compile(r"order\s*[:#]*\s*", re.IGNORECASE)
_AMOUNT_IN_TEXT = re.compile(r"[^\s\d]{0,4}\d[\d.,]*")
_REST = "~"


class Fact(NamedTuple):
    """One thing that a channel says. Its identity is (order, line, kind); `amount` has the sign of its kind."""

    kind: str
    order: str
    line: str
    date: str
    amount: Decimal
    quantity: Decimal = Decimal(1)
    sku: str = ""
    title: str = ""
    restock: bool = False
    cumulative: bool = False  # the amount so far of the whole order, which may have grown since
    stated: Stated | None = None  # what the channel said, where that is in another currency

    def in_books(self, decimals: int) -> Fact:
        """The fact with its amount in the currency of the books; `amount` is read in that of the channel."""
        if self.stated is None:
            return self
        stated = self.stated._replace(amount=self.amount)
        return self._replace(amount=stated.in_books(decimals), stated=stated)

    def said(self, **more: Any) -> dict[str, Any]:
        """What the attributes of its line say."""
        return {**more, **({"stated": self.stated.said()} if self.stated is not None else {})}

    def beyond(self, before: Decimal, decimals: int) -> Fact | None:
        """Of a cumulative fact what it grew by since `before`, in the currency that the channel states; None for nothing."""
        so_far = self.amount if self.stated is None else self.stated.amount
        if so_far <= before:
            return None
        return self._replace(amount=so_far - before).in_books(decimals)


class FactRow(NamedTuple):
    """A row with what it says, or why it cannot be read: (column, issue)."""

    row: Any  # as the table gave it
    number: int
    facts: tuple[Fact, ...]
    issues: tuple[tuple[str, Issue], ...] = ()


class Options(NamedTuple):
    """What the user says of a file beyond its channel."""

    dates: str | None = None
    mark: str | None = None
    tax: str | None = None
    restock: bool | None = None
    currency: str = ""  # of the books
    decimals: int = 2  # of that currency
    rates: tuple[tuple[str, str], ...] = ()  # what others are worth in it
    check_totals: bool = True


class ReadRow:
    """One row being read."""

    def __init__(self, reading: Reading, row: Any) -> None:
        self.reading = reading
        self.report = reading.report
        self.row = row
        self.places = reading.places
        self.cells: Sequence[str] = [cell.strip() for cell in row.cells]
        self.issues: list[tuple[str, Issue]] = []
        order = self.text("order")
        self.order = _ORDER.sub("", order, count=1) if order and not order.isdigit() else order
        self.about = reading.order(self.order)
        self.currencies: set[tuple[str, ...]] = set()  # what the signs of amounts may mean

    def read(self) -> FactRow:
        """The facts of the row, or its issues."""
        report, facts = self.report, []
        if not self._is_skipped():
            if "type" in report.columns:
                facts = self._movement()
            elif "payout" in report.columns:
                facts = self._payout()
            elif not self.order:
                self._issue("order", "NO_ORDER", "the row names no order", "")
            else:
                self._totals()
                facts = self._line() if self.reading.has_lines else self._charges("")
            rate = self._rate() if facts else None
            if rate is not None:
                facts = [fact._replace(stated=Stated(rate[0], fact.amount, rate[1])) for fact in facts]
        if self.issues:
            facts = []
        return FactRow(self.row, self.row.line, tuple(facts), tuple(self.issues))

    # --- cells ---

    def texts(self, field: str) -> list[str]:
        """What each column of a field says."""
        return [self._cell(place) for place in self.places.get(field, ())]

    def _cell(self, place: int) -> str:
        return self.cells[place] if place < len(self.cells) else ""

    def text(self, field: str) -> str:
        """The first cell of a field that says something; of a field said once per order what an earlier row said."""
        found = ""
        for place in self.places.get(field, ()):
            if found := self._cell(place):
                break
        if field not in self.report.per_order or field in CHARGES:
            return found
        return self.about.said.setdefault(field, found) or found

    def money(self, field: str, *, add: bool = False) -> Decimal | None:
        """The amount of a field: of its best column that has one, or all of them added."""
        total: Decimal | None = None
        for place in self.places.get(field, ()):
            text = self._cell(place)
            if not text:
                continue
            if text and not (text[0].isdigit() and text[-1].isdigit()) and (signs := currencies_in(text)):
                self.currencies.add(signs)
            try:
                amount = parse_money(text, mark=self.reading.options.mark)
            except ValueError as error:
                self._issue(field, "BAD_AMOUNT", str(error), "give plain decimals, or say the decimal mark")
                continue
            if amount is not None:
                total = amount if total is None else total + amount
                if not add:
                    break
        return total

    def day(self) -> str:
        """The date as ISO text."""
        text = self.text("date")
        try:
            return parse_day(text, self.reading.options.dates or self.report.dates)
        except AmbiguousDate as error:
            self._issue("date", "AMBIGUOUS_DATE", str(error), "say which it is: --dates DMY or --dates MDY")
        except ValueError as error:
            self._issue("date", "BAD_DATE", str(error) if text else "the row has no date", "say the form: --dates")
        return ""

    def _issue(self, field: str, code: str, message: str, hint: str) -> None:
        places = self.places.get(field, ())
        column = self.reading.header[places[0]] if places and places[0] < len(self.reading.header) else field
        self.issues.append((column, Issue(code, message, path=field, hint=hint)))

    def _rate(self) -> tuple[str, Decimal] | None:
        """The currency of the row's amounts and its rate; None for the books' own."""
        own, said = self.reading.options.currency, self.text("currency").upper() if "currency" in self.places else ""
        if not said:
            said = next((own if own in signs else signs[0] for signs in self.currencies if own not in signs), own)
        if any(said not in signs for signs in self.currencies):
            self._issue("currency", "OTHER_CURRENCY", f"not all of its amounts are in {said[:20]}", "give a row one currency")
        elif own and said and said != own:
            rate = self.text("rate") or dict(self.reading.options.rates).get(said, "")
            if rate:
                try:
                    return said, parse_rate(rate)
                except ValueError as error:
                    self._issue("rate", "BAD_RATE", str(error), f"give what one {said} is worth in {own}")
            else:
                hint = f"say what it is worth: --rate {said}={own}, or map a column to rate"
                self._issue("currency", "OTHER_CURRENCY", f"the row is in {said[:20]}, the books are kept in {own}", hint)
        return None

    def _totals(self) -> None:
        """What the row says of its order as a whole, said once."""
        if "total" in self.places and self.about.total is None:
            self.about.total = self.money("total")
        if "whole_discount" in self.places and not self.about.whole_discount:
            self.about.whole_discount = abs(self.money("whole_discount", add=True) or Decimal(0))
        if "marketplace_tax" in self.places and not self.about.marketplace_tax:
            self.about.marketplace_tax = self.money("marketplace_tax", add=True) or Decimal(0)

    def _is_skipped(self) -> bool:
        return any(self.text(field).lower() in values for field, values in self.report.skip.items())

    # --- facts ---

    def _line(self) -> list[Fact]:
        """A sold line, or a refunded one, with what is said beside it; a row without product speaks of its order only."""
        sku, title = self.text("sku"), " ".join(self.text("title").split())
        if not sku and not title:
            return self._charges("")
        line = self._line_id(sku or title)
        quantity = self._quantity()
        amount = self._amount(quantity)
        if amount is None or quantity is None:
            return []
        refunded = self.text("status").lower() in self.report.refunds
        if quantity <= 0 and not refunded:
            self._issue("quantity", "BAD_QUANTITY", f"quantity {quantity} must be more than 0", "record refunds as refunds")
            return []
        restock = self.reading.options.restock
        kind = "refund" if refunded else "sale"
        fact = Fact(kind, self.order, line, self.day(), abs(amount) if refunded else amount, abs(quantity), sku, title,
                    restock=self.report.restock if restock is None else restock)  # fmt: skip
        if not refunded and amount < 0:
            self._issue("amount", "BAD_AMOUNT", f"{amount} is less than nothing", "record refunds as refunds")
        return [fact, *(self._charges(line) if not refunded else self._back(line))]

    def _back(self, line: str) -> list[Fact]:
        """A refunded line gives back its discount and tax too."""
        return [fact._replace(line=f"{line}{_REST}back", amount=-abs(fact.amount)) for fact in self._charges(line) if fact.line]

    def _line_id(self, product: str) -> str:
        stated = "-".join(text for text in self.texts("line") if text)
        count = self.about.count(product)
        return stated or (line_name(product) if count == 1 else f"{line_name(product)}#{count}")

    def _quantity(self) -> Decimal | None:
        text = self.text("quantity")
        try:
            return parse_money(text, mark=self.reading.options.mark) or (Decimal(1) if not text else Decimal(0))
        except ValueError:
            self._issue("quantity", "BAD_QUANTITY", f"{text[:40]!r} is no quantity", "give a number")
            return None

    def _amount(self, quantity: Decimal | None) -> Decimal | None:
        """The line's total: stated, or unit price × quantity."""
        total = self.money("amount")
        if total is not None:
            return total
        price = self.money("unit_price")
        if price is None or quantity is None:
            if not self.issues:
                self._issue("amount", "NO_AMOUNT", "the row says neither amount nor price", "0 for what was free")
            return None
        return price * quantity

    def _charges(self, line: str) -> list[Fact]:
        found = []
        for field, kind in self.reading.charges:
            amount = self.money(field, add=True)
            once = field in self.report.per_order or field in _ONCE or not line
            if not amount or (once and field in self.about.said):
                continue
            if once:
                self.about.said[field] = "said"
            if kind == "tax" and (self.reading.options.tax or self.report.tax) == "ignore":
                self.about.marketplace_tax += amount
                continue
            of = _ONCE.get(field, "") if once else line
            found.append(Fact(kind, self.order, of, self.day(), self._signed(kind, amount), cumulative=kind == "refund"))
        return found

    def _signed(self, kind: str, amount: Decimal) -> Decimal:
        if kind in ("discount", "refund"):
            return abs(amount)
        return -amount if kind in _COSTS and self.report.fees_are_negative else amount

    def _movement(self) -> list[Fact]:
        """A movement of money: its kind follows from its type, its identity from what it says."""
        said = "/".join(self.texts("type")).strip().lower()
        kind = next((kind for pattern, kind in self.report.kinds if fnmatchcase(said, pattern)), None)
        if kind is None:
            self._issue(
                "type", "UNKNOWN_KIND", f"{said!r} is no kind of movement that is known", "leave the row out, or map its type"
            )
        if kind in (None, "ignore"):
            return []
        assert kind is not None
        amount = self._moved(kind)
        if not amount:
            return []
        identity = ":".join(
            text for text in ("-".join(self.texts("line")), self.text("sku"), self.day(), said, str(amount)) if text
        )
        count = self.about.count(identity)
        line = identity[:100] if count == 1 else f"{identity[:100]}#{count}"
        return [Fact(kind, self.order, line, self.day(), amount, sku=self.text("sku"), title=self.text("memo")[:200])]

    def _moved(self, kind: str) -> Decimal | None:
        """The amount of a movement, with the sign of its kind; a payout may stand in a column of its own, or in its text."""
        own = kind in ("fee", "discount") and kind in self.report.columns
        amount = self.money(kind if own else "amount", add=True)
        if amount is None and kind == "payout":
            return self.money("payout") or self._amount_in_text()
        if amount is None:
            return None
        if self.report.fees_are_negative:
            return amount if kind in _COMES_IN else -amount
        return abs(amount)

    def _payout(self) -> list[Fact]:
        """A transfer to the bank, and what was kept of it."""
        day, amounts = self.day(), {kind: self.money(kind, add=True) for kind in ("payout", "fee")}
        line = "-".join(text for text in self.texts("line") if text) or f"{day}:{amounts['payout']}"
        count = self.about.count(line)
        line = line if count == 1 else f"{line}#{count}"
        title = self.text("memo")[:200]
        return [Fact(kind, self.order, line, day, self._signed(kind, amount), title=title)
                for kind, amount in amounts.items() if amount]  # fmt: skip

    def _amount_in_text(self) -> Decimal | None:
        found = _AMOUNT_IN_TEXT.search(self.text("memo"))
        return parse_money(found[0].rstrip(".,"), mark=self.reading.options.mark) if found else None
