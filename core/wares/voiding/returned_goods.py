"""What a document that is taken back on a later day had moved and revalued, and what takes that back.

Goods come back or go out as linked returns, so that a late cost of the one is a late cost of the other. A revaluation is taken out
of the fold, as a bill's price is: what it added follows the value to where that rests now. A change of method is changed back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from wares.errors import Refused
from wares.inventory.move import Counter, NewMove, variance_role
from wares.inventory.pool import Pool
from wares.inventory.pools import Key
from wares.model import AccountQuery, Intent, Location, NegativeStock, OriginDocument, PlannedMove
from wares.posting.batch import Batch
from wares.posting.moves import first_sequence
from wares.posting.write import role_of
from wares.storage.tables import STANDING
from wares.storage.unit import Unit

CARRIED = (Intent.TRANSFER_OUT, Intent.TRANSFER_IN)
REVALUED = (Intent.REVALUED_TO, Intent.REVALUED_BY)


class PostedMove(NamedTuple):
    """A move of the document taken back, with what it is worth by counter account: all of it, and its first entry's part."""

    id: int
    line_id: int
    pool_id: int
    item_id: int
    location_id: int
    quantity: int
    intent: int
    group_id: int | None
    counter_id: int | None
    origin_id: int | None
    share: int | None
    variance_id: int | None
    day: int
    key: Key
    parts: dict[int, int]
    first: dict[int, int]


def posted_moves(unit: Unit, document: OriginDocument) -> list[PostedMove]:
    """The standing moves of a document, in the order in which they go back."""
    rows = unit.rows(
        "SELECT m.move_id, m.line_id, m.pool_id, m.item_id, m.location_id, m.quantity, m.intent, m.group_id, m.counter_id, "
        "m.origin_id, m.share, m.variance_id, m.date, m.effective_at, m.sequence FROM move m "
        f"WHERE m.company_id = ? AND m.document_id = ? AND {STANDING} ORDER BY m.sequence",
        document.id,
    )
    parts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    first: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for move_id, counter_id, kind, value in unit.rows(
        "SELECT v.move_id, v.counter_id, e.kind, v.value FROM move m CROSS JOIN valuation v CROSS JOIN entry e "
        f"WHERE m.company_id = ? AND m.document_id = ? AND {STANDING} AND v.company_id = m.company_id AND v.move_id = m.move_id "
        "AND e.company_id = v.company_id AND e.entry_id = v.entry_id",
        document.id,
    ):
        parts[move_id][counter_id] += value
        if kind == "original":
            first[move_id][counter_id] += value
    return [PostedMove._make((*row[:-2], row[-2:], dict(parts[row[0]]), dict(first[row[0]]))) for row in _to_go_back(rows)]


def _to_go_back(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """In their order; but what a transfer brought leaves before it is back."""
    begins = {row[7]: index for index, row in reversed([*enumerate(rows)])}
    places = {row[0]: (begins[row[7]] if row[6] in CARRIED else index) for index, row in enumerate(rows)}
    return sorted(rows, key=lambda row: (places[row[0]], row[6] == Intent.TRANSFER_OUT))


class WayBack:
    """The moves of a reversal: `moves` beside the `posted` ones that they take back, and `changed_back` for methods."""

    def __init__(self, batch: Batch, document: OriginDocument, *, id: int, at: int, day: int, sequence: int) -> None:
        self.batch = batch
        self.ws = batch.ws
        self.document = document
        self.id = id
        self.at = at
        self.day = day
        self.sequence = first_sequence(sequence)
        self._groups: dict[int, int] = {}  # a transfer's group → that of its way back
        found = posted_moves(batch.unit, document)
        self.posted = [each for each in found if each.quantity or each.intent in (Intent.COST_TRANSFERRED, Intent.COUNTED)]
        self.revalued = [each for each in found if each.intent in REVALUED]
        self.moves = [self._goods(each) for each in self.posted]
        self.changed_back = list(self._methods([each for each in found if each.intent == Intent.METHOD_CHANGED]))

    def _new(self, posted: PostedMove, planned: PlannedMove, pool: Pool, **ways: Any) -> NewMove:
        self.sequence += 1
        move_id = ways.pop("id", None) or self.batch.unit.take_id()
        return NewMove(move_id, self.id, posted.line_id, planned, pool, at=self.at, sequence=self.sequence - 1, day=self.day,
                       short=NegativeStock.NEVER, **ways)  # fmt: skip

    def _goods(self, posted: PostedMove) -> NewMove:
        """The goods back where they were, at what they left or came at."""
        batch = self.batch
        item = batch.masters.item_by_id(posted.item_id)
        pool = self.pool_of(posted)
        carried, passed_on = posted.intent in CARRIED, posted.intent == Intent.COST_TRANSFERRED
        if passed_on:  # the cost of so many units less
            intent, origin = Intent.COST_TRANSFERRED, posted.id
        elif posted.intent == Intent.QUANTITY_ONLY:
            intent, origin = Intent.QUANTITY_ONLY, None
        elif posted.intent == Intent.COUNTED:
            intent, origin = Intent.COUNT_REVERSED, posted.id
        elif carried:  # a transfer the other way: what it had brought leaves first
            back = posted.intent == Intent.TRANSFER_IN
            intent, origin = (Intent.TRANSFER_OUT, posted.id) if back else (Intent.TRANSFER_IN, None)
        else:
            intent, origin = (Intent.AT_ISSUE_COST if posted.quantity < 0 else Intent.AT_RECEIPT_COST), posted.id
        planned = PlannedMove(
            item, -posted.quantity, self._place(posted), intent, counter=None, origin=origin, lot=pool.lot, may_be_short=False,
            share=-(posted.share or 0) if passed_on else 0,
        )  # fmt: skip
        variance = self._counter(posted.variance_id) if passed_on else self._variance(posted)
        counter = variance if posted.group_id is not None else self._counter(posted.counter_id)
        move_id = self.batch.unit.take_id()
        group_id = self._groups.setdefault(posted.group_id or 0, move_id) if carried else None
        return self._new(posted, planned, pool, id=move_id, variance_to=variance, counter=None if carried else counter,
                         group_id=group_id)  # fmt: skip

    def _methods(self, posted: list[PostedMove]) -> Iterator[NewMove]:
        """Value-neutral, like the change itself: from this day on the item's pools are folded as before it, those among them that
        were opened since at other locations."""
        own = {each.pool_id: each for each in posted}
        for one in {each.item_id: each for each in posted}.values():
            item = self.batch.masters.item_by_id(one.item_id)
            for pool in sorted(self._pools(item.id), key=lambda pool: pool.id not in own):
                each = own.get(pool.id, one)
                changes = self._changes_of(pool)
                later = next((number for key, _, number, status in changes if key > each.key and status == "posted"), None)
                if later is not None:
                    message = f"{later} has changed how {item.sku} is costed again"
                    raise Refused.because("HAS_FOLLOWERS", message, where=self.document.number, hint=f"void {later} first")
                if pool.id in own:
                    before = next((method for key, method, *_ in reversed(changes) if key < each.key), pool.first_method)
                planned = PlannedMove(item, 0, self._place(each), Intent.METHOD_CHANGED, item.cost or 0, counter=None,
                                      origin=each.id, method=before)  # fmt: skip
                if pool.area_id:
                    planned = planned._replace(location=self.batch.masters.location_by_id(pool.area_id))
                yield self._new(each, planned, pool, counter=None, variance_to=None, group_id=None)

    def _changes_of(self, pool: Pool) -> list[tuple[Key, str, str, str]]:
        """The changes of a pool's method in their order: key, method, document, its status."""
        rows = self.batch.unit.rows(
            "SELECT m.effective_at, m.sequence, m.method, d.number, d.status FROM move m JOIN document d "
            "ON d.company_id = m.company_id AND d.document_id = m.document_id WHERE m.company_id = ? AND m.pool_id = ? "
            f"AND m.intent = {int(Intent.METHOD_CHANGED)} AND {STANDING} ORDER BY m.effective_at, m.sequence",
            pool.id,
        )
        return [((at, sequence), method, number, status) for at, sequence, method, number, status in rows]

    def pool_of(self, posted: PostedMove) -> Pool:
        """The pool in which a posted move stands."""
        return next(pool for pool in self._pools(posted.item_id) if pool.id == posted.pool_id)

    def _pools(self, item_id: int) -> list[Pool]:
        self.ws.need_items([item_id])
        return self.ws.pools_of(item_id)

    def _place(self, posted: PostedMove) -> Location:
        return self.batch.masters.location_by_id(posted.location_id)

    def _counter(self, account_id: int | None) -> Counter | None:
        return Counter(account_id, role_of(self.batch.account_by_id(account_id))) if account_id else None

    def _variance(self, posted: PostedMove) -> Counter:
        """Where it goes that goods do not leave at what they came at: the guard of the average, the standard rate."""
        role = variance_role(Intent(posted.intent), posted.group_id)
        item = self.batch.masters.item_by_id(posted.item_id)
        account = self.batch.masters.resolve_account(AccountQuery(role, item, None, None, None))
        return Counter(account.id, role)
