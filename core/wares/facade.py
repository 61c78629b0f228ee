"""The parts of `Books`: items, parties, accounts, documents, stock and ledger, each a few verbs over the rooms below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from wares.catalog.items import Catalogue, Change
from wares.errors import Refused
from wares.values import day_from_text, money, today, unscaled

if TYPE_CHECKING:
    from wares.books import Books, Writing
    from wares.catalog.imports import ImportReport
    from wares.catalog.masters import MasterBook
    from wares.ledger.seal import Sealed
    from wares.posted import Posted
    from wares.storage.unit import Reader


Rows = list[dict[str, Any]]
Changes = list[Change]


def day(at: str | None) -> int | None:
    """An `at` argument as yyyymmdd. Refused BAD_DATE."""
    if at is None:
        return None
    try:
        return day_from_text(at)
    except ValueError as error:
        raise Refused.because("BAD_DATE", str(error), path="at") from None


class _Part:
    def __init__(self, books: Books) -> None:
        self._books = books


def catalogue(writing: Writing) -> Catalogue:
    """The catalogue of a writing unit."""
    return Catalogue(writing.unit, writing.masters, writing.plugins.calls, writing.plugins.registry)


class Items(_Part):
    """The item master."""

    def add(self, type: str, /, *, dry_run: bool = False, **record: Any) -> Change:
        """Create an item; keys as in the `item` record."""
        return self._put({"type": type, **record}, dry_run=dry_run, create_only=True)

    def edit(self, sku: str, /, *, dry_run: bool = False, **changes: Any) -> Change:
        """Change an item: only the keys given."""
        return self._put({"sku": sku, **changes}, dry_run=dry_run, update_only=True)

    def put(self, records: Iterable[Mapping[str, Any]], *, dry_run: bool = False) -> Changes:
        """Create or update many items; all or none."""
        records = list(records)

        def unit(writing: Writing) -> Changes:
            changes = catalogue(writing).put(records)
            writing.created(changes)
            return changes

        return self._books.writing(unit, dry_run=dry_run)

    def retire(self, sku: str, *, dry_run: bool = False) -> Change:
        """Take an item out of use."""
        return self._books.writing(lambda writing: catalogue(writing).retire(sku), dry_run=dry_run)

    def list(self, **filters: Any) -> Rows:
        """`items list`: sku, type, name, unit, price, cost, active, on_hand, available; filters type, category, text, active."""
        from wares.catalog.listing import ItemFilter, list_items

        return self._books.reading(lambda _, masters: list(list_items(masters, ItemFilter(**filters))))

    def show(self, sku: str) -> dict[str, Any]:
        """Everything the master of one item says."""
        from wares.catalog.listing import show_item

        return self._books.reading(lambda _, masters: show_item(masters, sku))

    def import_file(self, path: Path, *, dry_run: bool = False, **options: Any) -> ImportReport:
        """Create or update the items of a CSV file or workbook; options as `wares.catalog.imports.import_items` has them.

        Each chunk is a transaction; with `dry_run` everything is one, and undone.
        """
        from wares.catalog.imports import import_items

        if not dry_run:
            return import_items(path, lambda some: self._books.writing(lambda writing: self._put_each(writing, some)), **options)
        return self._books.writing(lambda writing: import_items(path, catalogue(writing).put_each, **options), dry_run=True)

    def profit(self, *, since: str | None = None, at: str | None = None) -> Rows:
        """sku, name, sales, cogs, profit of every item sold, most profitable first."""
        from wares.reports.profit import profit_by_item

        return self._books.reading(lambda reader, _: profit_by_item(reader, day(since), day(at)))

    def missing_variants(self, sku: str) -> Rows:
        """Records of the variants that a master could have and has not. Refused NO_VARIANTS for what has none."""

        def unit(_: Reader, masters: MasterBook) -> Rows:
            item = masters.item(sku)
            kind = self._books.plugins.registry.type_of(item)
            found = [dict(record) for record in kind.missing_variants(item, masters)]
            if not found and not item.variants:
                message = f"{sku} ({item.type}) is no master of variants"
                raise Refused.because("NO_VARIANTS", message, hint="name an item whose type has axes", where=sku)
            return found

        return self._books.reading(unit)

    @staticmethod
    def _put_each(writing: Writing, records: Any) -> Any:
        changes = catalogue(writing).put_each(records)
        writing.created(changes)
        return changes

    def _put(self, record: Mapping[str, Any], *, dry_run: bool, **options: bool) -> Change:
        def unit(writing: Writing) -> Change:
            changes = catalogue(writing).put([record], **options)
            writing.created(changes)
            return changes[0]

        return self._books.writing(unit, dry_run=dry_run)


class Parties(_Part):
    """Customers and suppliers."""

    def add(self, code: str, /, *, dry_run: bool = False, **record: Any) -> Change:
        """Create or update a party."""
        records = [{"code": code, **record}]
        return self._books.writing(lambda writing: catalogue(writing).put_parties(records)[0], dry_run=dry_run)

    def list(self) -> Rows:
        """code, name, kinds."""
        import json

        rows = self._books.reading(
            lambda reader, _: reader.rows("SELECT code, name, kinds FROM party WHERE company_id = ? ORDER BY code")
        )
        return [{"code": code, "name": name, "kinds": json.loads(kinds or "[]")} for code, name, kinds in rows]


class Locations(_Part):
    """Places where stock lies."""

    def add(self, code: str, /, *, dry_run: bool = False, **record: Any) -> Change:
        """Create or update a location."""
        records = [{"code": code, **record}]
        return self._books.writing(lambda writing: catalogue(writing).put_locations(records)[0], dry_run=dry_run)


class Settings(_Part):
    """Policies of the books."""

    def set(self, key: str, value: Any, /, *, dry_run: bool = False) -> Change:
        """Set one policy (keys and values as in the `setting` record)."""
        records = [{"key": key, "value": value}]
        return self._books.writing(lambda writing: catalogue(writing).put_settings(records)[0], dry_run=dry_run)

    def all(self) -> dict[str, str]:
        """Every policy with its value, defaults included."""
        return self._books.reading(lambda _, masters: dict(masters.settings))


class Accounts(_Part):
    """The chart of accounts."""

    def add(self, code: str, /, *, dry_run: bool = False, **record: Any) -> None:
        """Create or update an account."""
        from wares.ledger.records import put_accounts

        def unit(writing: Writing) -> None:
            put_accounts(writing.unit, [{"code": code, **record}], extra_roles=writing.plugins.registry.roles())
            refresh_accounts(writing)

        self._books.writing(unit, dry_run=dry_run)


class Mappings(_Part):
    """The rules that choose accounts."""

    def add(self, role: str, account: str | None, /, *, level: str = "company", of: str = "", dry_run: bool = False) -> None:
        """Map a role to an account at a level (item, category, item_type, location, party, company); None removes the rule."""
        from wares.ledger.rules import put_mappings

        def unit(writing: Writing) -> None:
            record = {"role": role, "level": level, "of": of, "account": account}
            put_mappings(writing.unit, [record], extra_roles=writing.plugins.registry.roles())
            refresh_accounts(writing)

        self._books.writing(unit, dry_run=dry_run)


def refresh_accounts(writing: Writing) -> None:
    """After accounts or mappings changed within a unit: read the book anew, and keep no cache beyond it."""
    from wares.ledger.accounts import AccountBook

    writing.unit.masters_changed()
    writing.masters.accounts = AccountBook.load(writing.unit)
    writing.masters.changed = True


class Docs(_Part):
    """Documents: list, show, entries, explain."""

    def list(self, **filters: Any) -> Rows:
        """number, type, date, party, status, total, reference, memo; newest last."""
        from wares.reports.documents import list_documents

        return self._books.reading(lambda reader, _: list_documents(reader, **filters))

    def show(self, number: str) -> dict[str, Any]:
        """The record as posted with every subline, amounts, cost, status, links."""
        from wares.reports.documents import show_document

        return self._books.reading(lambda reader, _: show_document(reader, number))

    def entries(self, number: str) -> Rows:
        """Show Account Entries: own postings, and this document's share of corrections with `caused_by`."""
        from wares.ledger.shares import entries_of_document
        from wares.reports.documents import find_document

        return self._books.reading(lambda reader, _: entries_of_document(reader, find_document(reader, number)))

    def explain(self, number: str) -> Rows:
        """Every cent of the document's cost: line → contents → layers → receipts and bills → builds → components."""
        from wares.reports.explain import explain_document

        methods = self._books.plugins.registry.cost_methods
        return self._books.reading(lambda reader, _: explain_document(reader, number, methods))

    def posted_in(self, reader: Reader, number: str, document_id: int, *, repeated: bool) -> Posted:
        """A document already posted, as `post` returned it the first time."""
        from wares.reports.documents import as_posted

        return as_posted(reader, number, document_id, repeated=repeated)


class Stock(_Part):
    """Quantities and values."""

    def on_hand(self, sku: str, *, location: str | None = None, at: str | None = None) -> Decimal:
        """Quantity on hand, everywhere or at one location, now or at the end of a day."""
        from wares.reports.stock import on_hand

        return unscaled(self._books.reading(lambda reader, masters: on_hand(reader, masters, sku, location, day(at))))

    def value(self, sku: str | None = None, *, at: str | None = None) -> Decimal:
        """Stock value of an item, or of all: the ledger's inventory accounts at that date, by construction."""
        from wares.reports.stock import value_of

        def unit(reader: Reader, masters: Any) -> Decimal:
            return money(value_of(reader, masters, sku, day(at)), reader.decimals)

        return self._books.reading(unit)

    def list(self, *, at: str | None = None, sku: str | None = None) -> Rows:
        """`stock on-hand|value`: sku, location, on_hand, reserved, available, on_order, value, unit_cost, account."""
        from wares.reports.stock import list_stock

        return self._books.reading(lambda reader, masters: list_stock(reader, masters, sku, day(at)))

    def moves(self, sku: str | None = None, *, at: str | None = None) -> Rows:
        """`stock moves`: document, line, sku, location, quantity, value, effective_at, recorded_at, running totals."""
        from wares.reports.stock import list_moves

        return self._books.reading(lambda reader, masters: list_moves(reader, masters, sku, day(at)))

    def layers(self, sku: str) -> Rows:
        """`stock layers`: document, effective_at, received, remaining, value_remaining, unit_cost."""
        from wares.reports.stock import list_layers

        return self._books.reading(lambda reader, masters: list_layers(reader, masters, sku))

    def availability(self, sku: str) -> Rows:
        """`stock availability`: per location on_hand, reserved, available, on_order; kits by their contents."""
        from wares.reports.stock import availability

        return self._books.reading(lambda reader, masters: availability(reader, masters, sku))


class Ledger(_Part):
    """The general ledger."""

    def trial_balance(self, *, at: str | None = None) -> Rows:
        """account, name, type, debit, credit, balance (debit positive)."""
        from wares.ledger.statements import trial_balance

        return self._books.reading(lambda reader, _: trial_balance(reader, day(at)))

    def balance_sheet(self, *, at: str | None = None) -> Rows:
        from wares.ledger.statements import balance_sheet

        return self._books.reading(lambda reader, _: balance_sheet(reader, day(at)))

    def profit_loss(self, *, since: str | None = None, at: str | None = None) -> Rows:
        from wares.ledger.statements import profit_loss

        return self._books.reading(lambda reader, _: profit_loss(reader, day(since), day(at)))

    def entries(self, *, since: str | None = None, at: str | None = None) -> Rows:
        from wares.ledger.journal import entries

        return self._books.reading(lambda reader, _: list(entries(reader, day(since), day(at))))

    def account(self, code: str, *, since: str | None = None, at: str | None = None) -> Rows:
        """The account ledger with its running balance."""
        from wares.ledger.accounts import AccountBook
        from wares.ledger.journal import account_ledger

        return self._books.reading(
            lambda reader, _: list(account_ledger(reader, AccountBook.load(reader).account(code), day(since), day(at)))
        )

    def balance(self, code: str, *, at: str | None = None) -> Decimal:
        """One account's balance, debit positive."""
        rows = [row for row in self.trial_balance(at=at) if row["account"] == code]
        return Decimal(str(rows[0]["balance"])) if rows else Decimal(0)

    def accounts(self) -> Rows:
        """code, name, type, roles, active."""
        from wares.ledger.accounts import AccountBook

        def unit(reader: Reader, _: Any) -> Rows:
            book = AccountBook.load(reader)
            return [
                {"code": each.code, "name": each.name, "type": each.type, "roles": list(each.roles), "active": book.is_active(each)}
                for each in sorted(book, key=lambda account: account.code)
            ]

        return self._books.reading(unit)

    def rules(self) -> Rows:
        """The mapping rules: role, level, of, account, account_name."""
        statement = (
            'SELECT m.role, m.level, m."of", a.code, a.name FROM mapping m JOIN account a ON a.company_id = m.company_id '
            'AND a.account_id = m.account_id WHERE m.company_id = ? ORDER BY m.role, m.level, m."of"'
        )
        rows = self._books.reading(lambda reader, _: reader.rows(statement))
        return [dict(zip(("role", "level", "of", "account", "account_name"), row, strict=True)) for row in rows]

    def why(self, sku: str, role: str, *, party: str | None = None, location: str | None = None) -> Rows:
        """Every place looked at for an item's account in a role, in order: level, of, account, account_name, won.

        Refused UNKNOWN_ITEM, UNKNOWN_ROLE, UNKNOWN_PARTY, UNKNOWN_LOCATION.
        """
        from wares.ledger.accounts import AccountBook
        from wares.ledger.records import unknown_role
        from wares.ledger.roles import ROLES
        from wares.model import AccountQuery

        kinds = self._books.plugins.registry.item_types.values()
        roles = frozenset(ROLES).union(*(kind.roles() for kind in kinds))
        if role not in roles:
            raise Refused([unknown_role(role, "role", roles)])

        def unit(reader: Reader, masters: MasterBook) -> Rows:
            place = masters.location(location) if location is not None else None
            other = masters.party(party) if party is not None else None
            query = AccountQuery(role, masters.item(sku), None, place, other)
            return [
                {"level": step.level, "of": step.of or None, "account": step.account.code if step.account else None,
                 "account_name": step.account.name if step.account else None, "won": step.won}
                for step in AccountBook.load(reader).why(query)
            ]  # fmt: skip

        return self._books.reading(unit)

    def seal(self, *, dry_run: bool = False) -> Sealed:
        """Seal every entry that is not sealed yet: how many, and the last entry with its seal, to be kept elsewhere."""
        from wares.ledger.seal import seal

        return self._books.writing(lambda writing: seal(writing.unit), dry_run=dry_run)

    def export(self, out: TextIO, *, format: str = "beancount", at: str | None = None) -> int:
        """Write the journal for beancount, hledger or as csv; how many entries (csv: postings) were written."""
        from wares.ledger.export import EXPORTS

        return self._books.reading(lambda reader, _: EXPORTS[format](reader, out, day(at)))

    def close(self, date: str, *, reason: str | None = None, dry_run: bool = False) -> None:
        """Nothing on or before `date` is recorded or changed any more."""
        from wares.ledger.periods import close

        self._books.writing(lambda writing: close(writing.unit, day(date) or today(), reason=reason), dry_run=dry_run)

    def reopen(self, date: str, *, reason: str, dry_run: bool = False) -> None:
        """Open the days from `date` on again; the reason stays on record."""
        from wares.ledger.periods import reopen

        self._books.writing(lambda writing: reopen(writing.unit, day(date) or today(), reason), dry_run=dry_run)
