"""The general chart serves every role, and charts come from files."""

from __future__ import annotations

import pytest

from tests.core.ledger.journaling import Ledger
from wares.errors import Refused
from wares.ledger.accounts import AccountBook
from wares.ledger.chart import GENERAL, Chart, ChartAccount, install
from wares.ledger.records import put_accounts
from wares.ledger.roles import ROLES
from wares.model import CONTROL_ROLES, AccountQuery

RELIED_UPON = {
    "bank": "1010", "receivable": "1200", "inventory": "1300", "payable": "2000", "tax_payable": "2100",
    "received_not_billed": "2200", "income": "4000", "shipping_income": "4100", "discount": "4900", "cogs": "5000",
    "inventory_adjustment": "5900", "expense": "6000",
}  # fmt: skip


def test_every_role_has_its_account(ledger: Ledger) -> None:
    with ledger.reader() as reader:
        book = AccountBook.load(reader)
        found = {role: book.resolve(AccountQuery(role, None, None, None, None)).code for role in ROLES}
    assert found == found | RELIED_UPON
    assert len(set(found.values())) == len(ROLES), "each role has an account of its own"


def test_control_accounts_hold_one_role() -> None:
    for account in GENERAL.accounts:
        assert not CONTROL_ROLES.intersection(account.roles) or len(account.roles) == 1


def test_installing_again_changes_nothing(ledger: Ledger) -> None:
    with ledger.unit() as unit:
        put_accounts(unit, [{"code": "1010", "name": "House bank"}])
        before = unit.head.master_version
        assert install(unit, GENERAL) == []
        assert unit.head.master_version == before
        assert AccountBook.load(unit).account("1010").name == "House bank"


def test_a_chart_that_breaks_the_rules_is_refused(sqlite_ledger: Ledger) -> None:
    chart = Chart(key="bad", title="Bad", accounts=(ChartAccount("8000", "Both", "asset", ("inventory", "bank")),))
    with sqlite_ledger.unit() as unit, pytest.raises(Refused) as refused:
        install(unit, chart)
    assert refused.value.code == "CONTROL_ACCOUNT_ROLES"
