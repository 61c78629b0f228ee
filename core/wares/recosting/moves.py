"""The moves of a replay: as they are read, and as objects where other moves depend on them."""

from __future__ import annotations

from typing import Final, TypeAlias

from wares.inventory.move import NewMove
from wares.inventory.pools import VALUE, Key
from wares.model import Intent, NegativeStock

BEGINNING: Key = (-1, -1)


(BY_METHOD, STATED, AT_ISSUE_COST, AT_RECEIPT_COST, FROM_INPUTS, AT_POOL, COUNTED, QUANTITY_ONLY, TRANSFER_OUT, TRANSFER_IN,
 REVALUED_TO, REVALUED_BY, METHOD_CHANGED, COST_TRANSFERRED, COUNT_REVERSED) = _INTENTS = tuple(Intent)  # fmt: skip
"""The intents as globals: Python 3.11 takes eight times as long for `Intent.QUANTITY_ONLY`, and a replay asks often."""
_SHORTS = tuple(NegativeStock)


class ReplayedMove:
    """A standing move of a replay, stored or new.

    `quantity`, `value`, `variance` and `method` are those of the replay, `old_quantity` and so on those that are stored. `value`
    comes from the move's own fold, without covers. `worth` is its value at this point of the replay, covers included: the moves
    that take their value from it take a share of that.
    """

    __slots__ = (
        "added_value",
        "counted",
        "counter_id",
        "day",
        "document_id",
        "fallback",
        "group_id",
        "id",
        "intent",
        "is_new",
        "item_id",
        "key",
        "linked",
        "location_id",
        "method",
        "old_method",
        "old_quantity",
        "old_value",
        "old_variance",
        "origin_id",
        "pool_id",
        "quantity",
        "reverses",
        "share",
        "short",
        "stated",
        "value",
        "variance",
        "variance_id",
        "worth",
    )

    def __init__(
        self,
        id: int,
        document_id: int,
        pool_id: int,
        item_id: int,
        location_id: int,
        quantity: int,
        counted: int | None,
        at: int,
        sequence: int,
        day: int,
        intent: int,
        stated: int | None,
        origin_id: int | None,
        group_id: int | None,
        share: int | None,
        fallback: int | None,
        counter_id: int | None,
        variance_id: int | None,
        short: int,
        method: str | None,
        value: int,
        variance: int,
        added_value: int = 0,
        reverses: int = 0,
        linked: int = 0,
        is_new: bool = False,
    ) -> None:
        self.id = id
        self.document_id = document_id
        self.pool_id = pool_id
        self.item_id = item_id
        self.location_id = location_id
        self.quantity = quantity
        self.counted = counted
        self.key: Key = (at, sequence)
        self.day = day
        self.intent = _INTENTS[intent]
        self.stated = stated
        self.origin_id = origin_id
        self.group_id = group_id
        self.share = share
        self.fallback = fallback
        self.counter_id = counter_id
        self.variance_id = variance_id
        self.short = _SHORTS[short]
        self.method = self.old_method = method
        self.value = self.old_value = self.worth = value
        self.variance = self.old_variance = variance
        self.added_value = added_value  # value facts of other documents, in addition to the stated value
        self.reverses = bool(reverses)  # it belongs to a document that reverses another on a later day
        self.linked = bool(linked)  # other moves take their value from it
        self.old_quantity = 0 if is_new else quantity
        self.is_new = is_new

    @classmethod
    def of(cls, move: NewMove) -> ReplayedMove:
        """Return the replayed move of a new one."""
        planned = move.planned
        return cls(
            move.id, move.document_id, move.pool.id, planned.item.id, planned.location.id, planned.quantity, planned.counted,
            move.at, move.sequence, move.day, planned.intent, planned.stated, planned.origin, move.group_id, planned.share,
            planned.item.cost, move.counter.account_id if move.counter else None,
            move.variance_to.account_id if move.variance_to else None, move.short, planned.method, 0, 0, is_new=True,
        )  # fmt: skip


StoredMove: TypeAlias = tuple[
    int,  # ID
    int,  # DOCUMENT
    int,  # pool
    int,  # item
    int,  # LOCATION
    int,  # QUANTITY
    int | None,  # counted
    int,  # AT
    int,  # SEQUENCE
    int,  # DAY
    int,  # INTENT
    int | None,  # stated
    int | None,  # ORIGIN
    int | None,  # GROUP
    int | None,  # share
    int | None,  # fallback cost
    int | None,  # COUNTER
    int | None,  # variance account
    int,  # negative stock
    str | None,  # method
    int,  # VALUE_OF
    int,  # VARIANCE
    int,  # added value
    int,  # reverses
    int,  # LINKED
]
"""A stored move as COLUMNS reads it, and as `ReplayedMove` takes it. Nearly all moves are folded in this form: it is a
plain tuple, since named fields would cost a replay some 3 % of its speed."""
ID: Final = 0
DOCUMENT: Final = 1
LOCATION: Final = 4
QUANTITY: Final = 5
AT: Final = 7
SEQUENCE: Final = 8
DAY: Final = 9
INTENT: Final = 10
ORIGIN: Final = 12
GROUP: Final = 13
COUNTER: Final = 16
VALUE_OF: Final = 20
VARIANCE: Final = 21
LINKED: Final = 24


def is_plain(move: StoredMove) -> bool:
    """True if a move is an issue that takes its value from its pool alone and gives it to no other move. Nearly all are."""
    return (
        move[INTENT] == 0
        and not move[LINKED]
        and move[GROUP] is None
        and move[ORIGIN] is None
        and not move[VARIANCE]
        and move[QUANTITY] < 0
    )


def key_of(move: StoredMove | ReplayedMove) -> Key:
    """Return the place of a move in effective order."""
    return move.key if isinstance(move, ReplayedMove) else (move[AT], move[SEQUENCE])


COLUMNS = (
    "m.move_id, m.document_id, m.pool_id, m.item_id, m.location_id, m.quantity, m.counted, m.effective_at, m.sequence, m.date, "
    "m.intent, m.stated, m.origin_id, m.group_id, m.share, m.fallback_cost, m.counter_id, m.variance_id, m.short, m.method, "
    f"{VALUE}, CASE WHEN m.variance_id IS NULL OR m.variance_id = m.counter_id THEN 0 ELSE "
    "(SELECT CAST(COALESCE(-SUM(v.value), 0) AS BIGINT) FROM wares_valuation v WHERE v.company_id = m.company_id "
    "AND v.move_id = m.move_id AND v.counter_id = m.variance_id) END, "
    f"CASE WHEN m.intent <> {int(Intent.STATED)} THEN 0 ELSE (SELECT CAST(COALESCE(SUM(f.amount), 0) AS BIGINT) "
    f"FROM wares_value_fact f "
    "WHERE f.company_id = m.company_id AND f.move_id = m.move_id AND f.annulled = 0) END, "
    "CASE WHEN m.origin_id IS NULL THEN 0 ELSE (SELECT COUNT(*) FROM wares_document d WHERE d.company_id = m.company_id "
    "AND d.document_id = m.document_id AND d.status = 'reversal') END, "
    "EXISTS (SELECT 1 FROM wares_move_link k WHERE k.company_id = m.company_id AND k.origin_id = m.move_id)"
)
