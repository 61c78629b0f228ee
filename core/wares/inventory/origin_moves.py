"""The moves of the lines that new documents refer to, with the parts that later moves took of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from wares.model import Intent, OriginMove
from wares.storage.tables import STANDING
from wares.storage.unit import Reader


def moves_of_lines(reader: Reader, lines: Mapping[int, tuple[int, int | None]]) -> Mapping[int, list[OriginMove]]:
    """Return the standing moves of each line: its own, those of the line it came from, and those of lines that delivered it.
    `lines` maps each to its document and to the line it came from."""
    own = set(lines)
    before = {from_id: line_id for line_id, (_, from_id) in lines.items() if from_id is not None}
    after = {
        line_id: origin_id
        for origin_id, line_id in reader.rows(
            "SELECT origin_line_id, line_id FROM wares_fulfilment "
            f"WHERE company_id = ? AND {reader.among('origin_line_id')} AND kind IN ('deliver', 'receive')",
            reader.listed(sorted(own)),
        )
    }
    wanted = own | set(before) | set(after)
    documents = {document_id for document_id, _ in lines.values()}
    others = sorted(wanted - own)
    if others:
        documents |= {
            row[0]
            for row in reader.rows(
                f"SELECT document_id FROM wares_line WHERE company_id = ? AND {reader.among('line_id')}",
                reader.listed(others),
            )
        }
    rows = reader.rows(
        "SELECT m.move_id, m.line_id, m.item_id, m.location_id, m.pool_id, m.quantity, m.intent, m.group_id, "
        "m.counter_id, (SELECT CAST(COALESCE(SUM(v.value), 0) AS BIGINT) FROM wares_valuation v WHERE v.company_id = m.company_id "
        "AND v.move_id = m.move_id), m.effective_at, m.short FROM wares_move m "
        f"WHERE m.company_id = ? AND {reader.among('m.document_id')} AND {STANDING} ORDER BY m.effective_at, m.sequence",
        reader.listed(sorted(documents)),
    )
    back = moves_back(reader, [row[0] for row in rows])
    moves: dict[int, list[OriginMove]] = defaultdict(list)
    for move_id, line_id, item_id, location_id, pool_id, quantity, intent, group_id, counter_id, value, at, short in rows:
        if intent == Intent.QUANTITY_ONLY or not quantity:
            continue
        owner = line_id if line_id in own else before.get(line_id, after.get(line_id))
        quantity_back, passed_on, ever_taken = back.get(move_id, (0, 0, 0))
        if owner is not None:
            moves[owner].append(
                OriginMove(
                    move_id, item_id, location_id, pool_id, quantity, intent, abs(value), quantity_back, group_id,
                    counter_id, passed_on, ever_taken, at, bool(short),
                )
            )  # fmt: skip
    return moves


def moves_back(reader: Reader, moves: list[int]) -> dict[int, tuple[int, int, int]]:
    """Return move → quantity (unsigned) of the standing moves that take their value from it, quantity whose cost was passed on, and
    both together with the parts undone on a later day."""
    if not moves:
        return {}
    rows = reader.rows(
        "SELECT k.origin_id, CAST(SUM(CASE WHEN d.status = 'reversed' THEN 0 ELSE ABS(m.quantity) END) AS BIGINT), "
        f"CAST(SUM(CASE WHEN m.intent = {int(Intent.COST_TRANSFERRED)} "
        "AND d.status <> 'reversed' THEN m.share ELSE 0 END) AS BIGINT), "
        f"CAST(SUM(ABS(m.quantity) + CASE WHEN m.intent = {int(Intent.COST_TRANSFERRED)} THEN m.share ELSE 0 END) AS BIGINT) "
        "FROM wares_move_link k "
        "JOIN wares_move m ON m.company_id = k.company_id AND m.move_id = k.move_id "
        "JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id AND d.status <> 'replaced' "
        f"WHERE k.company_id = ? AND {reader.among('k.origin_id')} AND {STANDING} GROUP BY k.origin_id",
        reader.listed(moves),
    )
    return {origin: (quantity, passed_on, ever) for origin, quantity, passed_on, ever in rows}
