"""The posted lines that the lines of a document come from: found by their references, with what is left of each."""

from __future__ import annotations

from collections.abc import Iterable

from wares.documents.calculations import Progress
from wares.documents.contents import all_back, credited
from wares.documents.head import Found, other_currency
from wares.documents.units import Takings
from wares.errors import Refused
from wares.inventory.units import RETURNS
from wares.model import CHARGED, Header, LineInput, LinkKind, Masters, Origin, OriginDocument, RowKind, Side
from wares.values import share


class LineOrigins:
    """The documents that one document comes from, with the parts that its lines took of them so far."""

    def __init__(self, header: Header, masters: Masters, origins: Found) -> None:
        self.header = header
        self.masters = masters
        self.origins = dict(origins)
        """By number; a line of which a part is taken in the item's unit is replaced here."""
        self.takings = Takings(self.origins)

    def find(self, given: LineInput) -> Iterable[Origin]:
        """Return the lines that a line names in `from`: one line, or the open lines of a document."""
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
        if origin is not None and origin.kind == RowKind.CONTENT and not self._is_taken(origin):
            row = number.partition(".")[0]
            raise Refused.because(
                "UNKNOWN_LINE",
                f"{origin.number} is a content, and a {self.header.type.title} takes rows",
                path=f"{given.path}.from",
                hint=f'give "from": "{document.number}#{row}"; a credit note takes a content alone from the invoice',
            )
        if origin is None or not self._is_taken(origin):
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

    def _is_taken(self, origin: Origin) -> bool:
        """True if lines may come from this line: a row, a calculation, or what a credit may take out of a row alone."""
        if origin.kind == RowKind.CONTENT:
            return self.credits(origin)
        return origin.kind in (RowKind.ROW, RowKind.CALCULATION)

    def credits(self, origin: Origin) -> bool:
        """True if the document credits the sale of the origin itself, not a return of its goods."""
        kind = self.header.type
        sale = kind.side is Side.SALE and origin.document_type not in RETURNS
        return sale and kind.fulfils[origin.document_type] == LinkKind.CREDIT

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
        still_open = [each for each in rows if self.left(each, given) > 0]
        if not still_open:
            item = f" {given.item}" if given.item else ""
            raise Refused.because("NOTHING_LEFT", f"nothing{item} of {document.number} is left", path=f"{given.path}.from")
        if given.quantity is not None or given.amount is not None:
            return still_open[:1]
        return still_open[:1] if given.item is not None else still_open

    def left(self, origin: Origin, given: LineInput) -> int:
        """Return the quantity (or, for a line that takes an amount, the amount) that is left of a line."""
        if self.header.type.takes_amount(given, origin):
            link = self.header.type.fulfils[origin.document_type]
            return origin.amount - origin.done.get(link, (0, 0))[1]
        left = self.header.type.quantity_left(origin)
        if left is not None:
            return left
        if origin.document_type in RETURNS:  # only the charged units wait for a credit
            return origin.waiting[0] - self.takings.of(origin)
        if self.credits(origin) and all_back(origin, self.takings):
            return 0
        return origin.quantity - self.done(origin)

    def done(self, origin: Origin) -> int:
        """Return the quantity of a line that is done: by posted documents, and by earlier lines of this one."""
        link = self.header.type.fulfils[origin.document_type]
        done = origin.done.get(link, (0, 0))[0] + self.takings.of(origin)
        if link in CHARGED:  # units returned before the charge are not charged any more
            done += origin.done.get(LinkKind.RETURN, (0, 0))[0]
        if link != LinkKind.CREDIT:  # closed units are done
            done += origin.done.get(LinkKind.CLOSE, (0, 0))[0]
        return done

    def row_of(self, origin: Origin) -> Origin:
        """Return the row to which a content belongs; other lines themselves."""
        if origin.kind != RowKind.CONTENT:
            return origin
        lines = self.origins[origin.document_number].lines
        row = next(each for each in lines.values() if any(content.id == origin.id for content in each.contents))
        return (row.base if self.header.exchange is None else None) or row

    def progress(self, row: Origin) -> Progress:
        """Return the part of a row that is done, for its calculations: the amount of a row of which contents come back alone."""
        if row.contents and row.amount and self.credits(row):
            return Progress(credited(row, self.takings), 0, row.amount)
        return Progress(self.done(row), 0, row.quantity)

    def linked(self, given: LineInput, origin: Origin, quantity: int, left: int) -> int | None:
        """Return the quantity that a line takes in the unit in which its origin is recorded, cumulatively rounded: the last line
        takes the rest. None if the origin stands in that unit."""
        stated = origin.stated
        if stated is None:
            return None
        rest = self.left(stated, given)
        if quantity == left:
            return rest
        return max(0, min(rest, share(stated.quantity, self.done(origin) + quantity, origin.quantity) - self.done(stated)))
