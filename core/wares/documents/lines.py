"""Looking up the references in a document's lines: items, locations, and the lines they come from."""

from __future__ import annotations

from collections.abc import Iterable

from wares.documents.calculations import CalculationPart, Calculations
from wares.documents.head import Found, other_currency
from wares.documents.record import RecordInput
from wares.documents.units import Takings, in_item_units, in_unit_of, is_in_other_unit
from wares.errors import Issue, Refused
from wares.inventory.units import RETURNS
from wares.model import (
    CHARGED,
    DocumentKind,
    Header,
    Item,
    Line,
    LineInput,
    LinkKind,
    Masters,
    Origin,
    OriginDocument,
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
        self.origins = dict(origins)
        self.lines: list[Line] = []
        self.issues: list[Issue] = []
        self.count = 0
        self.takings = Takings(self.origins)
        self.calculations = Calculations(self._done)
        self.named: dict[str, CalculationPart] = {}  # path of a line that names a calculation → the part that it takes
        self.brought: set[int] = set()  # items of the calculations that came along with their rows

    def name_calculations(self, lines: Iterable[LineInput]) -> None:
        """Take the parts of calculations that lines of a credit name themselves, so that the rows bring the rest only."""
        for line in lines:
            number, _, own = (line.origin or "").partition("#")
            document = self.origins.get(number)
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
            for origin in self._find(given):
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

    def _find(self, given: LineInput) -> Iterable[Origin]:
        reference, path = given.origin or "", f"{given.path}.from"
        number, _, line_number = reference.partition("#")
        document = self.origins.get(number)
        kind = self.header.type
        if document is None or document.status != "posted":
            raise Refused.because("UNKNOWN_DOCUMENT", f"there is no posted document {number!r}", path=path)
        if document.type not in kind.fulfils:
            raise Refused.because(
                "WRONG_ORIGIN",
                f"a {kind.title} cannot come from {number}, which is a {document.type}",
                path=path,
                hint=f"it comes from: {', '.join(sorted(kind.fulfils)) or 'nothing'}",
            )
        if kind.party_kind is not None and self.header.party and document.party_id not in (None, self.header.party.id):
            raise Refused.because("OTHER_PARTY", f"{number} is of another party", path=path)
        has_amount = document.total or document.type == "supplier_return"
        if document.currency != self.header.currency and has_amount and kind.any_currency:
            raise Refused([other_currency(document, path)])
        if document.effective_at > self.header.effective_at:
            raise Refused.because(
                "BEFORE_ORIGIN",
                f"the document is dated before {number}",
                path=path,
                hint="date it on or after that day",
            )
        if line_number:
            return [self._line_of(document, line_number, given)]
        return self._open_lines(document, given)

    def _line_of(self, document: OriginDocument, number: str, given: LineInput) -> Origin:
        origin = document.lines.get(number)
        if origin is None or origin.kind not in (RowKind.ROW, RowKind.CALCULATION):
            known = ", ".join(line for line, each in document.lines.items() if each.kind == RowKind.ROW)
            raise Refused.because(
                "UNKNOWN_LINE",
                f"{document.number} has no line {number}",
                path=f"{given.path}.from",
                hint=f"its lines: {known}",
            )
        if given.item is not None and not self._may_be(given.item, origin):
            name = origin.item.sku if origin.item else "a line without an item"
            raise Refused.because(
                "OTHER_ITEM",
                f"{origin.number} is {name}, not {given.item}",
                path=f"{given.path}.item",
                hint="leave item out",
            )
        return origin

    def _may_be(self, sku: str, origin: Origin) -> bool:
        """True if the origin has this item, or may have any item."""
        if origin.item is not None:
            return origin.item.sku == sku
        moved = {move.item_id for move in origin.moves}
        return self.header.type.names_items and (not moved or self.masters.item(sku).id in moved)

    def _open_lines(self, document: OriginDocument, given: LineInput) -> list[Origin]:
        rows = [each for each in document.lines.values() if each.kind == RowKind.ROW]
        if given.item is not None:
            rows = [each for each in rows if self._may_be(given.item, each)]
        still_open = [each for each in rows if self._left(each, given) > 0]
        if not still_open:
            item = f" {given.item}" if given.item else ""
            raise Refused.because("NOTHING_LEFT", f"nothing{item} of {document.number} is left", path=f"{given.path}.from")
        if given.quantity is not None or given.amount is not None:
            return still_open[:1]
        return still_open[:1] if given.item is not None else still_open

    def _left(self, origin: Origin, given: LineInput) -> int:
        if self.header.type.takes_amount(given, origin):
            link = self.header.type.fulfils[origin.document_type]
            return origin.amount - origin.done.get(link, (0, 0))[1]
        left = self.header.type.quantity_left(origin)
        if left is not None:
            return left
        if origin.document_type in RETURNS:  # only the charged units wait for a credit
            return origin.waiting[0] - self.takings.of(origin)
        return origin.quantity - self._done(origin)

    def _done(self, origin: Origin) -> int:
        link = self.header.type.fulfils[origin.document_type]
        done = origin.done.get(link, (0, 0))[0] + self.takings.of(origin)
        if link in CHARGED:  # units returned before the charge are not charged any more
            done += origin.done.get(LinkKind.RETURN, (0, 0))[0]
        if link != LinkKind.CREDIT:  # closed units are done
            done += origin.done.get(LinkKind.CLOSE, (0, 0))[0]
        return done

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
            origin = self.takings.in_item_unit(origin)
        given = in_unit_of(given, origin, self.header.type.side, self.header.decimals)
        done, earlier = self._done(origin), self.takings.of(origin)
        left = self._left(origin, given)
        quantity = left if given.quantity is None else given.quantity
        if quantity > left or quantity <= 0:
            asked = f", not {unscaled(quantity)}" if given.quantity is not None else ""
            raise Refused.because(
                "MORE_THAN_LEFT",
                f"{origin.number} has {unscaled(left) if left > 0 else 'nothing'} left{asked}",
                path=f"{given.path}.quantity",
                hint="lower the quantity" if left > 0 else "leave the line out, or void the document that took it",
            )
        linked = self._linked(given, origin, quantity, left)
        number = self._append(given, item, quantity, origin, done, self._done_amount(origin, done, earlier), linked)
        if origin.attached:
            self._bring_calculations(given, origin, number, quantity, done)
        self.takings.take(origin, quantity, linked)

    def _linked(self, given: LineInput, origin: Origin, quantity: int, left: int) -> int | None:
        """Return the quantity that a line takes in the unit in which its origin is recorded, cumulatively rounded: the last line
        takes the rest. None if the origin stands in that unit."""
        stated = origin.stated
        if stated is None:
            return None
        rest = self._left(stated, given)
        if quantity == left:
            return rest
        return max(0, min(rest, share(stated.quantity, self._done(origin) + quantity, origin.quantity) - self._done(stated)))

    def _bring_calculations(self, given: LineInput, origin: Origin, number: str, quantity: int, done: int) -> None:
        """Add the parts of the calculations on a row that come along with `quantity` of it. A row credited at a price of its own
        settles its part of them too, at an amount of 0."""
        rows = self.origins[origin.document_number].lines
        link, brings = self.header.type.fulfils[origin.document_type], self._brings_calculations(given, origin)
        comes = brings or link == LinkKind.CREDIT
        parts = self.calculations.with_row(origin, rows, quantity, link=link, brings=comes)
        location = self.lines[-1].location
        for index, part in enumerate(parts, start=1 + len(origin.contents)):
            if part.is_empty:
                continue
            item = part.origin.item
            if item is not None and brings:
                self.brought.add(item.id)
            plain = given._replace(unit_price=None, unit_cost=None, amount=None if brings else 0, discount=0, description=None,
                                   item=item.sku if item else None)  # fmt: skip
            self.lines.append(
                Line(f"{number}.{index}", None, item, quantity, quantity, location, plain, part.origin, done=done,
                     done_amount=part.done_amount, linked=self.lines[-1].linked)
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
