"""Looking up the references in a document's lines: items, locations, and the lines they come from."""

from __future__ import annotations

from collections.abc import Iterable

from wares.documents.calculations import CalculationPart, Calculations, Progress
from wares.documents.contents import credit_part
from wares.documents.head import Found
from wares.documents.lineorigins import LineOrigins
from wares.documents.record import RecordInput
from wares.documents.units import in_item_units, in_unit_of, is_in_other_unit
from wares.errors import Issue, Refused
from wares.model import (
    DocumentKind,
    Header,
    Item,
    Line,
    LineInput,
    LinkKind,
    Masters,
    Origin,
    RowKind,
    Side,
)
from wares.values import SCALE, share, unscaled


def resolve_lines(given: RecordInput, header: Header, masters: Masters, origins: Found) -> tuple[Line, ...]:
    """Return the recorded lines with items, locations and origins looked up; a `from` without a line number becomes one line for
    each open line of that document. Raises Refused with the Issues of all lines together."""
    resolver = _Lines(header, masters, origins)
    resolver.name_calculations(given.lines)
    for line in given.lines:
        try:
            resolver.add(line)
        except Refused as refusal:
            resolver.issues.extend(refusal.issues)
    if resolver.brought and header.type.sign < 0:
        resolver.refuse_doubled()
    if resolver.issues:
        raise Refused(resolver.issues)
    return tuple(resolver.lines)


class _Lines:
    def __init__(self, header: Header, masters: Masters, origins: Found) -> None:
        self.header = header
        self.masters = masters
        self.found = LineOrigins(header, masters, origins)
        self.lines: list[Line] = []
        self.issues: list[Issue] = []
        self.count = 0
        self.calculations = Calculations(self.found.progress)
        self.named: dict[str, CalculationPart] = {}  # path of a line that names a calculation → the part that it takes
        self.brought: set[int] = set()  # items of the calculations that came along with their rows

    def name_calculations(self, lines: Iterable[LineInput]) -> None:
        """Take the parts of calculations that lines of a credit name themselves, so that the rows bring the rest only."""
        for line in lines:
            number, _, own = (line.origin or "").partition("#")
            document = self.found.origins.get(number)
            origin = document.lines.get(own) if document is not None and own else None
            if document is None or origin is None or origin.kind != RowKind.CALCULATION:
                continue
            if self.header.type.fulfils.get(document.type) == LinkKind.CREDIT:
                try:
                    self.named[line.path] = self.calculations.alone(origin, document.lines, line.quantity, line.path)
                except Refused as refusal:
                    self.issues.extend(refusal.issues)

    def add(self, given: LineInput) -> None:
        if given.origin is not None:
            for origin in self.found.find(given):
                in_base = origin.base if self.header.exchange is None else None
                self._add_from(given, in_base or origin)
            return
        item = self.masters.item(given.item, f"{given.path}.item") if given.item is not None else None
        kind = self.header.type
        if item is None:
            self._check_itemless(given, kind)
        if given.quantity is None and item is not None and kind.side is Side.STOCK and "quantity" in kind.line_keys:
            raise Refused.because("NO_QUANTITY", f"{item.sku} has no quantity", path=f"{given.path}.quantity")
        self._append(given, item, SCALE if given.quantity is None else given.quantity, None, 0)

    def _check_itemless(self, given: LineInput, kind: DocumentKind) -> None:
        if kind.needs_item:
            raise Refused.because("NO_ITEM", f"a line of a {kind.title} needs an item", path=f"{given.path}.item")
        if not (given.description or given.account or given.amount is not None or given.unit_price or given.unit_cost):
            raise Refused.because("EMPTY_LINE", "the line has neither item nor description", path=given.path, hint="name an item")

    def _add_from(self, given: LineInput, origin: Origin) -> None:
        item = origin.item
        if item is None and given.item is not None:
            item = self.masters.item(given.item, f"{given.path}.item")
        if self.header.type.takes_amount(given, origin):
            self._append(given, item, SCALE if given.quantity is None else given.quantity, origin, 0)
            return
        link = self.header.type.fulfils[origin.document_type]
        if origin.kind == RowKind.CALCULATION and link == LinkKind.CREDIT:
            part = self.named.get(given.path)
            if part is None:
                return  # refused already
            quantity = origin.quantity if given.quantity is None else given.quantity
            self._append(given, item, quantity, part.origin, 0, part.done_amount)
            return
        if origin.stated is None and is_in_other_unit(given, origin):
            origin = self.found.takings.in_item_unit(origin)
        given = in_unit_of(given, origin, self.header.type.side, self.header.decimals)
        done, earlier = self.found.done(origin), self.found.takings.of(origin)
        left = self.found.left(origin, given)
        quantity = left if given.quantity is None else given.quantity
        if quantity > left or quantity <= 0:
            asked = f", not {unscaled(quantity)}" if given.quantity is not None else ""
            raise Refused.because(
                "MORE_THAN_LEFT",
                f"{origin.number} has {unscaled(left) if left > 0 else 'nothing'} left{asked}",
                path=f"{given.path}.quantity",
                hint="lower the quantity" if left > 0 else "leave the line out, or void the document that took it",
            )
        linked = self.found.linked(given, origin, quantity, left)
        line = Progress(done, quantity, origin.quantity)
        row, rows = self.found.row_of(origin), self.found.origins[origin.document_number].lines
        self.calculations.known(row, rows, link)
        before = self.found.progress(row)
        done_amount = self._done_amount(origin, done, earlier)
        if self.found.credits(origin) and row.contents:
            origin, done_amount = credit_part(row, origin, line, self.found.takings, self.header.decimals)
        number = self._append(given, item, quantity, origin, done, done_amount, linked)
        self.found.takings.take(origin, quantity, linked)
        if row.attached:
            after = self.found.progress(row)
            self._bring_calculations(given, row, number, before._replace(part=after.done - before.done), line)

    def _bring_calculations(self, given: LineInput, row: Origin, number: str, progress: Progress, line: Progress) -> None:
        """Add the parts of the calculations on a row that come along with a part of it. A row credited at a price of its own
        settles its part of them too, at an amount of 0."""
        rows = self.found.origins[row.document_number].lines
        link, brings = self.header.type.fulfils[row.document_type], self._brings_calculations(given, row)
        comes = brings or link == LinkKind.CREDIT
        parts = self.calculations.with_row(row, progress, line, rows, link=link, brings=comes)
        first = self.lines[-1]
        for index, part in enumerate(parts, start=1 + len(first.origin.contents if first.origin else ())):
            if part.is_empty:
                continue
            item = part.origin.item
            if item is not None and brings:
                self.brought.add(item.id)
            plain = given._replace(unit_price=None, unit_cost=None, amount=None if brings else 0, discount=0, description=None,
                                   item=item.sku if item else None)  # fmt: skip
            self.lines.append(
                Line(f"{number}.{index}", None, item, line.part, line.part, first.location, plain, part.origin, done=line.done,
                     done_amount=part.done_amount, linked=first.linked)
            )  # fmt: skip

    def _brings_calculations(self, given: LineInput, origin: Origin) -> bool:
        """True if a line takes the price of its origin: a line with a price of its own takes the row alone."""
        price = given.unit_price if self.header.type.side is Side.SALE else given.unit_cost
        if given.amount is not None or price is not None:
            return False
        return self.header.type.sign < 0 or self.header.type.fulfils[origin.document_type] == LinkKind.BILL

    def refuse_doubled(self) -> None:
        """Refuse a new calculation of an item that came along with the rows already: it would act twice."""
        for line in self.lines:
            item = line.item
            if item is not None and line.origin is None and item.id in self.brought:
                message = f"{item.sku} comes back with the lines that it acted on, and would count twice"
                self.issues.append(
                    Issue("CALCULATION_TWICE", message, line.path, "leave the line out, or give those lines a price")
                )

    def _done_amount(self, origin: Origin, done: int, earlier: int) -> int:
        """Return the part of the origin's amount taken before: as recorded, or its share if a line of this document took a part."""
        link = self.header.type.fulfils[origin.document_type]
        if link == LinkKind.CREDIT and not earlier:
            return origin.done.get(link, (0, 0))[1]
        return share(origin.amount, done, origin.quantity) if origin.quantity else 0

    def _append(
        self, given: LineInput, item: Item | None, quantity: int, origin: Origin | None, done: int, done_amount: int = 0,
        linked: int | None = None,
    ) -> str:  # fmt: skip
        self.count += 1
        location = self.header.location
        if given.location is not None:
            location = self.masters.location(given.location, f"{given.path}.location")
        if given.account is not None:
            self.masters.account(given.account, f"{given.path}.account")
        base = quantity if given.unit_factor == SCALE else in_item_units(quantity, given.unit_factor, given.path)
        number = str(self.count)
        self.lines.append(
            Line(number, None, item, quantity, base, location, given, origin, done=done, done_amount=done_amount, linked=linked)
        )
        return number
