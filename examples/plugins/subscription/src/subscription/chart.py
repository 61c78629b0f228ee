"""The chart of accounts of a business with subscriptions: `wares init --chart membership`."""

from __future__ import annotations

from wares import Chart, ChartAccount

from subscription.types import ACCOUNT, DEFERRED

MEMBERSHIP = Chart(
    key="membership",
    title="Membership and subscriptions",
    accounts=(
        ChartAccount("1010", "Bank", "asset", ("bank",)),
        ChartAccount("1200", "Members owe", "asset", ("receivable",)),
        ChartAccount("1300", "Merchandise", "asset", ("inventory",)),
        ChartAccount("1400", "Delivered not invoiced", "asset", ("delivered_not_invoiced",)),
        ChartAccount("1500", "Tax recoverable", "asset", ("tax_recoverable",)),
        ChartAccount("2000", "Accounts payable", "liability", ("payable",)),
        ChartAccount("2100", "Tax payable", "liability", ("tax_payable",)),
        ChartAccount("2200", "Received not billed", "liability", ("received_not_billed",)),
        ChartAccount(str(ACCOUNT["code"]), "Fees paid in advance", "liability", (DEFERRED,)),
        ChartAccount("3000", "Capital", "equity", ("owner_contribution",)),
        ChartAccount("3200", "Retained earnings", "equity", ("retained_earnings",)),
        ChartAccount("3900", "Opening balances", "equity", ("opening_balance",)),
        ChartAccount("4000", "Fees earned", "income", ("income",)),
        ChartAccount("4900", "Discounts given", "income", ("discount",)),
        ChartAccount("5000", "Cost of merchandise", "expense", ("cogs", "price_variance", "inventory_adjustment", "revaluation")),
        ChartAccount("6000", "Running costs", "expense", ("expense",)),
        ChartAccount("7900", "Rounding", "expense", ("rounding", "write_off", "fx_gain_loss")),
    ),
)
