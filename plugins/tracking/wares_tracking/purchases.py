"""Purchases of inventory by their bare amount, and the part of each that is not yet split into products."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from wares import Books, Recorded, Refused
from wares_tracking.days import LAST_DAY
from wares_tracking.documents import UNDETAILED

PURCHASES = ("bill", "cash_purchase")
"""Types of document that buy inventory by its bare amount."""


class Purchase(NamedTuple):
    """A purchase line of a bare amount; money in minor units."""

    name: str
    """Document and line: "CP-00001#1"."""
    line_id: int
    day: int
    party: str | None
    description: str
    amount: int
    taken: int
    """The amount of its details and of the supplier's credits."""

    @property
    def remaining(self) -> int:
        """Return the amount that is not yet split into products."""
        return self.amount - self.taken


def purchases(books: Books, *, until: int = LAST_DAY) -> list[Purchase]:
    """Return every purchase of inventory up to a day, oldest first, with the amount of its details up to that day."""
    with books.recorded() as recorded:
        return purchases_in(recorded, until=until)


def purchases_in(recorded: Recorded, *, until: int = LAST_DAY) -> list[Purchase]:
    """Return the purchases of a snapshot: the postings to the accounts of undetailed purchases, less the postings that come from
    them."""
    posted = recorded.postings([UNDETAILED], until=until)
    standing = {line.id for line in recorded.lines(types=PURCHASES, line_ids={row.line_id for row in posted if row.line_id})}
    taken: dict[str, int] = defaultdict(int)
    of: dict[str, str] = {}  # detail or credit → its purchase, to which a reversal of it gives back
    for row in posted:
        if row.origin is not None:
            of[row.name] = purchase = of.get(row.origin, row.origin)
            taken[purchase] -= row.amount
    return [
        Purchase(row.name, row.line_id, row.day, row.party, row.text or "", row.amount, taken[row.name])
        for row in posted
        if row.line_id is not None and row.line_id in standing
    ]


def find_purchase(books: Books, name: str) -> Purchase:
    """Return a purchase by its name, or by the name of its document if that has one line. Refused NOT_UNDETAILED."""
    found = [each for each in purchases(books) if each.name == name or each.name.partition("#")[0] == name]
    if len(found) != 1:
        waiting = [each.name for each in purchases(books) if each.remaining]
        hint = f"name a line: {', '.join(waiting[:10]) or 'none has an undetailed rest'}"
        raise Refused.because("NOT_UNDETAILED", f"{name!r} is not one purchase of inventory", path="from", hint=hint)
    return found[0]
