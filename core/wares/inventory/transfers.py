"""The moves of a document where each location is costed by itself (`cost_scope=location`), which document types do not know of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from wares.errors import PluginError
from wares.inventory.move import NewMove
from wares.model import Intent, Item, Location, PlannedMove

_INTENTS = (Intent.TRANSFER_OUT, Intent.TRANSFER_IN)


def at_each_location(
    moves: Iterable[PlannedMove], locations: Iterable[Location], has_rate: Callable[[Item], bool]
) -> Iterator[PlannedMove]:
    """Yield the planned moves as they act on pools by location: a move of quantity only transfers layers from pool to pool, and a
    change of method or of a standard rate, which belong to the item, acts at every location. `has_rate` tells if an item is at
    standard cost when the document acts."""
    for planned in moves:
        if planned.intent is Intent.QUANTITY_ONLY:
            yield planned._replace(intent=Intent.TRANSFER_OUT if planned.quantity < 0 else Intent.TRANSFER_IN)
        elif planned.method or (planned.intent is Intent.REVALUED_TO and has_rate(planned.item)):
            yield from (planned._replace(location=location) for location in locations)
        else:
            yield planned


def pair_transfers(moves: Iterable[NewMove], document_type: str) -> None:
    """Group the two moves of each transfer, by the id of the one that takes. Raises PluginError UNPAIRED if the document type
    planned one without the other."""
    taking: dict[tuple[int, str, int], NewMove] = {}
    for move in moves:
        if move.planned.intent not in _INTENTS:
            continue
        legs = (move.planned.item.id, move.planned.lot, abs(move.quantity))
        if move.quantity < 0 and legs not in taking:
            move.group_id = move.id
            taking[legs] = move
        elif move.quantity > 0 and legs in taking:
            move.group_id = taking.pop(legs).id
        else:
            _refuse(move, document_type)
    for move in taking.values():
        _refuse(move, document_type)


def _refuse(move: NewMove, document_type: str) -> None:
    message = f"the document type {document_type!r} moves {move.planned.item.sku} without its other leg"
    raise PluginError("UNPAIRED", message, hint="plan a transfer as two moves of one quantity, out and then in")
