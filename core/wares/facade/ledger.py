"""The part `gl` of `Books`: statements, journal, mapping rules and closing of the general ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

from wares.errors import Issue, Refused
from wares.facade.part import Part, Rows
from wares.services.dates import day
from wares.values import today

if TYPE_CHECKING:
    from wares.catalog.masters import MasterBook
    from wares.ledger.sealing import SealedBooks
    from wares.services.unit_of_work import UnitOfWork
    from wares.storage.unit import Reader


class Ledger(Part):
    """The general ledger."""

    def trial_balance(self, *, at: str | None = None) -> Rows:
        """Return account, name, type, debit, credit, balance (debit positive) of every account with postings."""
        from wares.ledger.statements import trial_balance

        return self._books.reading(lambda reader, _: trial_balance(reader, day(at)))

    def balance_sheet(self, *, at: str | None = None) -> Rows:
        """Return section, account, name, amount, total: assets, then liabilities and equity.

        Equity includes the result that is not yet carried forward.
        """
        from wares.ledger.statements import balance_sheet

        return self._books.reading(lambda reader, _: balance_sheet(reader, day(at)))

    def profit_loss(self, *, since: str | None = None, at: str | None = None) -> Rows:
        """Return section, account, name, amount, total: income, cost of goods sold, other expenses and the result."""
        from wares.ledger.statements import profit_loss

        return self._books.reading(lambda reader, _: profit_loss(reader, day(since), day(at)))

    def entries(self, *, since: str | None = None, at: str | None = None) -> Rows:
        """Return the journal: every posting in order of date and entry, with its document."""
        from wares.ledger.journal import entries

        return self._books.reading(lambda reader, _: list(entries(reader, day(since), day(at))))

    def account(self, code: str, *, since: str | None = None, at: str | None = None) -> Rows:
        """Return the ledger of one account with its running balance."""
        from wares.ledger.accounts import AccountBook
        from wares.ledger.journal import account_ledger

        return self._books.reading(
            lambda reader, _: list(account_ledger(reader, AccountBook.load(reader).account(code), day(since), day(at)))
        )

    def balance(self, code: str, *, at: str | None = None) -> Decimal:
        """Return one account's balance, debit positive."""
        rows = [row for row in self.trial_balance(at=at) if row["account"] == code]
        return Decimal(str(rows[0]["balance"])) if rows else Decimal(0)

    def accounts(self) -> Rows:
        """Return code, name, type, roles, active of every account."""
        from wares.ledger.accounts import AccountBook

        def unit(reader: Reader, _: object) -> Rows:
            book = AccountBook.load(reader)
            return [
                {"code": each.code, "name": each.name, "type": each.type, "roles": list(each.roles), "active": book.is_active(each)}
                for each in sorted(book, key=lambda account: account.code)
            ]

        return self._books.reading(unit)

    def rules(self) -> Rows:
        """Return the mapping rules: role, level, of, account, account_name."""
        statement = (
            'SELECT m.role, m.level, m."of", a.code, a.name FROM wares_mapping m JOIN wares_account a '
            "ON a.company_id = m.company_id "
            'AND a.account_id = m.account_id WHERE m.company_id = ? ORDER BY m.role, m.level, m."of"'
        )
        rows = self._books.reading(lambda reader, _: reader.rows(statement))
        return [dict(zip(("role", "level", "of", "account", "account_name"), row, strict=True)) for row in rows]

    def why(self, sku: str, role: str, *, party: str | None = None, location: str | None = None) -> Rows:
        """Return every level considered for an item's account in a role, in order: level, of, account, account_name, won.

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

    def seal(self, *, dry_run: bool = False) -> SealedBooks:
        """Seal everything recorded since the last sealing; return the seal of the books, to be kept outside them."""
        from wares.ledger.sealing import seal_books

        return self._books.writing(lambda writing: seal_books(writing.unit), dry_run=dry_run)

    def export(self, out: TextIO, *, format: str = "beancount", at: str | None = None) -> int:
        """Write the journal for beancount, hledger or as csv; return the number of entries (csv: postings) written.

        After a Conflict SNAPSHOT_NEEDED (`books.recorded`) the text in `out` is of no use.
        """
        from wares.ledger.export import EXPORTS

        with self._books.reader() as reader:
            return EXPORTS[format](reader, out, day(at))

    def close(self, date: str, *, reason: str | None = None, dry_run: bool = False) -> tuple[Issue, ...]:
        """Close the books through `date`: nothing on or before that day can be recorded or changed any more.

        Returns warnings: CLOSED_AHEAD for a day in the future, PENDING_INSIDE with the pending documents that stand on closed days.
        """
        from wares.ledger.periods import close, closing_warnings

        through = day(date) or today()

        def work(writing: UnitOfWork) -> tuple[Issue, ...]:
            close(writing.unit, through, reason=reason)
            return tuple(closing_warnings(writing.unit, through, today()))

        return self._books.writing(work, dry_run=dry_run)

    def reopen(self, date: str, *, reason: str, dry_run: bool = False) -> None:
        """Reopen the days from `date` on; the reason stays on record."""
        from wares.ledger.periods import reopen

        self._books.writing(lambda writing: reopen(writing.unit, day(date) or today(), reason), dry_run=dry_run)
