"""The parts of `Books` for masters: items, parties, locations, settings, accounts and mapping rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wares.catalog.items import Catalogue, MasterChange
from wares.errors import Refused
from wares.facade.part import Changes, Part, Rows
from wares.plugin_manager.answers import records_of
from wares.services.dates import day
from wares.values import JsonObject

if TYPE_CHECKING:
    from wares.catalog.imports import ImportReport
    from wares.catalog.masters import MasterBook
    from wares.services.unit_of_work import UnitOfWork
    from wares.storage.unit import Reader


def catalogue(writing: UnitOfWork) -> Catalogue:
    """Return the catalogue of a writing unit."""
    return Catalogue(writing.unit, writing.masters, writing.plugins.calls, writing.plugins.registry)


class Items(Part):
    """The item master."""

    def add(self, type: str, /, *, dry_run: bool = False, **record: object) -> MasterChange:
        """Create an item; the keys are those of the `item` record."""
        return self._put({"type": type, **record}, dry_run=dry_run, create_only=True)

    def edit(self, sku: str, /, *, dry_run: bool = False, **changes: object) -> MasterChange:
        """Change only the given keys of an item."""
        return self._put({"sku": sku, **changes}, dry_run=dry_run, update_only=True)

    def put(self, records: Iterable[Mapping[str, object]], *, dry_run: bool = False) -> Changes:
        """Create or update many items; all or none."""
        records = list(records)

        def unit(writing: UnitOfWork) -> Changes:
            changes = catalogue(writing).put(records)
            writing.created(changes)
            return changes

        return self._books.writing(unit, dry_run=dry_run)

    def retire(self, sku: str, *, dry_run: bool = False) -> MasterChange:
        """Take an item out of use."""
        return self._books.writing(lambda writing: catalogue(writing).retire(sku), dry_run=dry_run)

    def list(self, *, at: str | None = None, **filters: Any) -> Rows:
        """Return sku, type, name, unit, price, cost, active, on_hand, available of items, now or at the end of a day.

        The filters are type, category, text and active, as in `wares items list`.
        """
        from wares.catalog.listing import ItemFilter, list_items

        return self._books.reading(lambda _, masters: list(list_items(masters, ItemFilter(**filters), at=day(at))))

    def show(self, sku: str) -> JsonObject:
        """Return the whole master record of one item."""
        from wares.catalog.listing import show_item

        return self._books.reading(lambda _, masters: show_item(masters, sku))

    def import_file(self, path: str | Path, *, dry_run: bool = False, **options: Any) -> ImportReport:
        """Create or update the items of a CSV file or workbook, with the options of `wares.catalog.imports.import_items`.

        Each chunk is a transaction; with `dry_run` everything is one transaction, which is undone.
        """
        from wares.catalog.imports import import_items

        file = Path(path)
        if not dry_run:
            reached = partial(self._books.note_reached, file.name)
            put = self._books.writing
            return import_items(file, lambda some: put(lambda writing: _put_each(writing, some)), reached=reached, **options)
        return self._books.writing(lambda writing: import_items(file, catalogue(writing).put_each, **options), dry_run=True)

    def profit(self, *, since: str | None = None, at: str | None = None) -> Rows:
        """Return sku, name, sales, cogs, profit of every item sold, most profitable first."""
        from wares.reports.profit import profit_by_item

        return self._books.reading(lambda reader, _: profit_by_item(reader, day(since), day(at)))

    def missing_variants(self, sku: str) -> Rows:
        """Return records of a master's missing variants. Refused NO_VARIANTS for an item that is not a master of variants."""

        def unit(_: Reader, masters: MasterBook) -> Rows:
            item = masters.item(sku)
            kind = self._books.plugins.registry.type_of(item)
            found = [dict(record) for record in records_of(kind, "missing_variants", kind.missing_variants(item, masters))]
            if not found and not item.variants:
                message = f"{sku} ({item.type}) is not a master of variants"
                raise Refused.because("NO_VARIANTS", message, hint="name an item whose type has axes", where=sku)
            return found

        return self._books.reading(unit)

    def _put(self, record: Mapping[str, object], *, dry_run: bool, **options: bool) -> MasterChange:
        def unit(writing: UnitOfWork) -> MasterChange:
            changes = catalogue(writing).put([record], **options)
            writing.created(changes)
            return changes[0]

        return self._books.writing(unit, dry_run=dry_run)


def _put_each(writing: UnitOfWork, records: Iterable[Mapping[str, object]]) -> list[MasterChange | Refused]:
    changes = catalogue(writing).put_each(records)
    writing.created(changes)
    return changes


class Parties(Part):
    """Customers and suppliers."""

    def add(self, code: str, /, *, dry_run: bool = False, **record: object) -> MasterChange:
        """Create or update a party."""
        records = [{"code": code, **record}]
        return self._books.writing(lambda writing: catalogue(writing).put_parties(records)[0], dry_run=dry_run)

    def list(self) -> Rows:
        """Return code, name and kinds of every party."""
        import json

        rows = self._books.reading(
            lambda reader, _: reader.rows("SELECT code, name, kinds FROM wares_party WHERE company_id = ? ORDER BY code")
        )
        return [{"code": code, "name": name, "kinds": json.loads(kinds or "[]")} for code, name, kinds in rows]


class Locations(Part):
    """Places that hold stock."""

    def add(self, code: str, /, *, dry_run: bool = False, **record: object) -> MasterChange:
        """Create or update a location."""
        records = [{"code": code, **record}]
        return self._books.writing(lambda writing: catalogue(writing).put_locations(records)[0], dry_run=dry_run)


class Policies(Part):
    """Policies of the books."""

    def set(self, key: str, value: object, /, *, dry_run: bool = False) -> MasterChange:
        """Set one policy; keys and values are those of the `setting` record."""
        records = [{"key": key, "value": value}]
        return self._books.writing(lambda writing: catalogue(writing).put_settings(records)[0], dry_run=dry_run)

    def all(self) -> dict[str, str]:
        """Return every policy with its value, defaults included."""
        return self._books.reading(lambda _, masters: dict(masters.settings))


class Accounts(Part):
    """The chart of accounts."""

    def add(self, code: str, /, *, dry_run: bool = False, **record: object) -> None:
        """Create or update an account."""
        from wares.ledger.records import put_accounts

        def unit(writing: UnitOfWork) -> None:
            put_accounts(writing.unit, [{"code": code, **record}], extra_roles=writing.plugins.registry.roles())
            refresh_accounts(writing)

        self._books.writing(unit, dry_run=dry_run)


class Mappings(Part):
    """The rules that choose accounts."""

    def add(self, role: str, account: str | None, /, *, level: str = "company", of: str = "", dry_run: bool = False) -> None:
        """Map a role to an account at a level (item, category, item_type, location, party, company); None removes the rule."""
        from wares.ledger.rules import put_mappings

        def unit(writing: UnitOfWork) -> None:
            record = {"role": role, "level": level, "of": of, "account": account}
            put_mappings(writing.unit, [record], extra_roles=writing.plugins.registry.roles())
            refresh_accounts(writing)

        self._books.writing(unit, dry_run=dry_run)


def refresh_accounts(writing: UnitOfWork) -> None:
    """Read the accounts again after they or their mappings changed within a unit, and drop the caches after it."""
    from wares.ledger.accounts import AccountBook

    writing.unit.masters_changed()
    writing.masters.accounts = AccountBook.load(writing.unit)
    writing.masters.changed = True
