"""Charts of accounts: templates that `wares init --chart` installs, from the core, a plugin or a file.

A chart is a list of accounts with the roles that each may hold. Once installed, the accounts belong to the company;
`account` records change them. The first account of a role is the company default, so the order of a chart matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from wares.errors import Refused
from wares.ledger.records import Outcome, put_accounts
from wares.storage.unit import Unit


class ChartAccount(NamedTuple):
    """One account of a chart."""

    code: str
    """The account code, unique in the chart."""
    name: str
    """The name shown beside the code."""
    type: str
    """asset, liability, equity, income or expense."""
    roles: tuple[str, ...] = ()
    """The roles that the account may hold (`wares.ledger.roles.ROLES`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart-of-accounts template; register one with the hook `wares_charts_of_accounts`."""

    key: str
    """The name for `wares init --chart`."""
    title: str
    """One line for lists of charts."""
    accounts: tuple[ChartAccount, ...]
    """The accounts in order of creation."""


GENERAL = Chart(
    key="general",
    title="General business: trade, making and online selling",
    accounts=(
        ChartAccount("1010", "Bank", "asset", ("bank",)),
        ChartAccount("1020", "Cash", "asset", ("bank",)),
        ChartAccount("1100", "Channel clearing", "asset", ("channel_clearing",)),
        ChartAccount("1200", "Accounts receivable", "asset", ("receivable",)),
        ChartAccount("1250", "Prepayments to suppliers", "asset", ("supplier_deposit",)),
        ChartAccount("1300", "Inventory", "asset", ("inventory",)),
        ChartAccount("1350", "Inventory not yet detailed", "asset", ("inventory_undetailed",)),
        ChartAccount("1360", "Inventory, periodic", "asset", ("inventory_periodic",)),
        ChartAccount("1400", "Delivered not invoiced", "asset", ("delivered_not_invoiced",)),
        ChartAccount("1450", "Drop ship clearing", "asset", ("drop_ship_clearing",)),
        ChartAccount("1500", "Tax recoverable", "asset", ("tax_recoverable",)),
        ChartAccount("1700", "Equipment", "asset"),
        ChartAccount("2000", "Accounts payable", "liability", ("payable",)),
        ChartAccount("2050", "Customer deposits", "liability", ("customer_deposit",)),
        ChartAccount("2100", "Sales tax payable", "liability", ("tax_payable",)),
        ChartAccount("2200", "Received not billed", "liability", ("received_not_billed",)),
        ChartAccount("2250", "Landed cost clearing", "liability", ("landed_cost_clearing",)),
        ChartAccount("2700", "Loans", "liability"),
        ChartAccount("3000", "Owner's capital", "equity", ("owner_contribution",)),
        ChartAccount("3100", "Owner's drawings", "equity", ("owner_drawings",)),
        ChartAccount("3200", "Retained earnings", "equity", ("retained_earnings",)),
        ChartAccount("3900", "Opening balances", "equity", ("opening_balance",)),
        ChartAccount("4000", "Sales", "income", ("income",)),
        ChartAccount("4100", "Shipping income", "income", ("shipping_income",)),
        ChartAccount("4200", "Tips", "income", ("tips",)),
        ChartAccount("4900", "Discounts given", "income", ("discount",)),
        ChartAccount("5000", "Cost of goods sold", "expense", ("cogs",)),
        ChartAccount("5100", "Purchase price variance", "expense", ("price_variance",)),
        ChartAccount("5200", "Build variance", "expense", ("build_variance",)),
        ChartAccount("5300", "Build costs absorbed", "expense", ("build_absorption",)),
        ChartAccount("5400", "Inventory revaluation", "expense", ("revaluation",)),
        ChartAccount("5900", "Inventory adjustment", "expense", ("inventory_adjustment",)),
        ChartAccount("6000", "Operating expenses", "expense", ("expense",)),
        ChartAccount("6100", "Rent and utilities", "expense"),
        ChartAccount("6200", "Shipping and postage", "expense", ("shipping_cost",)),
        ChartAccount("6300", "Channel fees", "expense", ("channel_fees",)),
        ChartAccount("6900", "Write-offs", "expense", ("write_off",)),
        ChartAccount("7000", "Exchange gains and losses", "expense", ("fx_gain_loss",)),
        ChartAccount("7900", "Rounding", "expense", ("rounding",)),
    ),
)

TYPES_IN_CHARTS = {"landed_cost_clearing": "liability"}
"""Roles that a chart gives to one type of account. Freight that is part of the goods and not billed yet is owed: as an asset it
would stand below zero. Books that began otherwise keep their account."""

CHARTS = (GENERAL,)
"""The charts of the core."""


def install(unit: Unit, chart: Chart, *, extra_roles: Iterable[str] = ()) -> list[Outcome]:
    """Create the accounts of the chart whose codes do not exist yet; a second run changes nothing. Refused with every
    Issue if an account breaks the rules; WRONG_TYPE if a role is not of the type that charts give it."""
    for account in chart.accounts:
        wrong = next((role for role in account.roles if TYPES_IN_CHARTS.get(role, account.type) != account.type), None)
        if wrong is not None:
            raise Refused.because(
                "WRONG_TYPE", f"account {account.code} of the chart {chart.key} holds {wrong} and is of type {account.type}",
                hint=f"make it of type {TYPES_IN_CHARTS[wrong]}",
            )  # fmt: skip
    taken = {code for (code,) in unit.rows("SELECT code FROM wares_account WHERE company_id = ?")}
    records = [{"record": "account", **account._asdict()} for account in chart.accounts if account.code not in taken]
    return put_accounts(unit, records, extra_roles=extra_roles)
