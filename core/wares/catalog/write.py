"""Writing accepted drafts: one multi-row statement for each table and set of columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from wares.catalog.drafts import Draft
from wares.catalog.rows import edge_row, item_row, to_json
from wares.model import ComponentKind, Item
from wares.storage import tables
from wares.storage.unit import Unit

_EDGE_FIELDS = {"components", "by_products"}
_NO_COLUMN = _EDGE_FIELDS | {"accounts", "variant_of"}


def write_drafts(unit: Unit, drafts: Sequence[Draft]) -> None:
    """Write the differences from the stored items."""
    unit.insert(tables.item, [item_row(unit.company_id, draft.item) for draft in drafts if draft.before is None])
    changed = [draft for draft in drafts if draft.before is not None]
    _update_items(unit, changed)
    _write_contents(unit, drafts)
    _write_variants(unit, drafts)
    _write_accounts(unit, drafts)
    unit.masters_changed()


def _update_items(unit: Unit, drafts: Iterable[Draft]) -> None:
    rows: defaultdict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
    for draft in drafts:
        columns = tuple(name for name in draft.fields if name not in _NO_COLUMN)
        if columns:
            values = [_column_value(draft.item, name) for name in columns]
            rows[columns].append((*values, unit.company_id, draft.item.id))
    for columns, updates in rows.items():
        statement = unit.dialect.update(tables.item, ("company_id", "item_id"), columns)
        unit.connection.exec_driver_sql(statement, updates)


def _column_value(item: Item, name: str) -> object:
    if name == "attributes":
        return to_json(item.raw_attributes)
    value: object = getattr(item, name)
    return int(item.active) if name == "active" else value


def _write_contents(unit: Unit, drafts: Iterable[Draft]) -> None:
    changed = [draft for draft in drafts if _EDGE_FIELDS.intersection(draft.fields)]
    stored = [draft.item.id for draft in changed if draft.before is not None]
    if stored:
        statement = f"DELETE FROM wares_component WHERE company_id = ? AND kind <> ? AND {unit.among('parent_id')}"
        unit.run(statement, int(ComponentKind.VARIANT), unit.listed(stored))
    unit.insert(
        tables.component,
        [
            edge_row(unit.company_id, draft.item, kind, position, edge)
            for draft in changed
            for kind, edges in (
                (ComponentKind.CONTENT, draft.item.contents),
                (ComponentKind.BY_PRODUCT, draft.item.by_products),
            )
            for position, edge in enumerate(edges, start=1)
        ],
    )


def _write_variants(unit: Unit, drafts: Iterable[Draft]) -> None:
    placed = [(draft.master, draft.edge) for draft in drafts if draft.master is not None and draft.edge is not None]
    if not placed:
        return
    kind = int(ComponentKind.VARIANT)
    masters, of_masters = unit.listed({master.id for master, _ in placed}), unit.among("parent_id")
    unit.run(
        f"DELETE FROM wares_component WHERE company_id = ? AND kind = ? AND {of_masters} AND {unit.among('item_id')}",
        kind,
        masters,
        unit.listed(edge.item_id for _, edge in placed),
    )
    last = dict(
        unit.rows(
            f"SELECT parent_id, MAX(position) FROM wares_component WHERE company_id = ? AND kind = ? AND {of_masters} "
            f"GROUP BY parent_id",
            kind,
            masters,
        )
    )
    rows = []
    for master, edge in placed:
        last[master.id] = last.get(master.id, 0) + 1
        rows.append(edge_row(unit.company_id, master, ComponentKind.VARIANT, last[master.id], edge))
    unit.insert(tables.component, rows)


def _write_accounts(unit: Unit, drafts: Iterable[Draft]) -> None:
    changed = [(draft.item.sku, draft.accounts) for draft in drafts if draft.accounts]
    if not changed:
        return
    keys = [(unit.company_id, role, "item", sku) for sku, accounts in changed for role in accounts]
    statement = 'DELETE FROM wares_mapping WHERE company_id = ? AND role = ? AND level = ? AND "of" = ?'
    unit.connection.exec_driver_sql(unit.dialect.spelled[statement], keys)
    rows = [
        (unit.company_id, role, "item", sku, account_id)
        for sku, accounts in changed
        for role, account_id in accounts.items()
        if account_id is not None
    ]
    unit.insert(tables.mapping, rows)
