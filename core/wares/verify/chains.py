"""Clearing and control accounts: chains of receipts and bills, balances of parties (I9, I14)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from wares.documents.money import Payment
from wares.model import CONTROL_ROLES, RECEIVED_NOT_BILLED, LinkKind, Side
from wares.storage.unit import Reader
from wares.values import unscaled
from wares.verify.currency import in_currency, lines_sum_to_totals, settled_is_settled
from wares.verify.deliveries import deliveries_are_posted, invoiced_deliveries_are_clear
from wares.verify.examined import Examined
from wares.verify.finding import Finding, account_code, amount, count, document_number, entry_name, party_code
from wares.verify.posted import posted_sums, received_not_billed

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry


class Chain(NamedTuple):
    """Receipts and bills joined by links, with their sum on received_not_billed."""

    document_id: int
    """The first document of the chain."""
    posted: int
    """The sum posted to received_not_billed, minor units, debit positive."""
    open: int
    """The sum for which open lines wait, minor units, debit positive."""
    is_open: bool
    """True if a line of the chain waits for a later document."""


def completed_chains_are_clear(reader: Examined, registry: Registry) -> Finding:
    """I9: a complete chain of receipts and bills leaves nothing on received_not_billed, a complete chain of deliveries and invoices
    nothing on delivered_not_invoiced; the open quantity of a line is its quantity less that of later documents."""
    delivered = invoiced_deliveries_are_clear(reader)
    if delivered.problem:
        return delivered
    examined = delivered.examined
    for chain in reader.once(_chains):
        if chain.is_open:
            continue
        examined += 1
        if chain.posted:
            left = amount(reader, chain.posted)
            return Finding(examined, f"the chain of {document_number(reader, chain.document_id)} is complete and leaves {left} "
                           f"on {RECEIVED_NOT_BILLED}")  # fmt: skip
    return Finding(examined + count(reader, "open_line"), _open_quantities(reader))


def _open_quantities(reader: Reader) -> str | None:
    row = reader.row(
        "SELECT number, line, waits_for, still, whole, done FROM ("
        "SELECT d.number, l.number AS line, o.waits_for, o.quantity AS still, l.quantity AS whole, d.status, "
        "(SELECT CAST(COALESCE(SUM(f.quantity), 0) AS BIGINT) FROM wares_fulfilment f JOIN wares_line x "
        "ON x.company_id = f.company_id "
        "AND x.line_id = f.line_id JOIN wares_document y ON y.company_id = x.company_id AND y.document_id = x.document_id "
        "WHERE f.company_id = o.company_id AND f.origin_line_id = o.line_id AND (f.kind = o.waits_for "
        "OR f.kind = 'close' OR (f.kind = 'return' AND o.waits_for IN ('bill', 'invoice'))) AND y.status = 'posted') AS done "
        "FROM wares_open_line o CROSS JOIN wares_line l CROSS JOIN wares_document d "  # SQLite would begin with every document
        "WHERE o.company_id = ? AND l.company_id = o.company_id AND l.line_id = o.line_id "
        "AND d.company_id = l.company_id AND d.document_id = l.document_id"
        ") AS t WHERE status <> 'posted' OR (waits_for <> 'credit' AND still <> whole - done) OR still > whole - done "
        "ORDER BY number, line LIMIT 1"
    )
    if row is None:
        return None
    number, line, waits_for, still, whole, done = row
    return f"{number}#{line}: {unscaled(still)} left to {waits_for}, but {unscaled(done)} of {unscaled(whole)} are done"


def control_accounts(reader: Examined, registry: Registry) -> Finding:
    """I14: postings on control accounts carry the party or item; receivable and payable of each party agree with its documents,
    received_not_billed with the open chains, delivered_not_invoiced with the moves of goods."""
    roles = {account_id: json.loads(given or "[]") for account_id, given in reader.rows(
        "SELECT account_id, roles FROM wares_account WHERE company_id = ?"
    )}  # fmt: skip
    control = {account_id: kind for account_id, held in roles.items() if (kind := next(iter(CONTROL_ROLES & set(held)), None))}
    problem = (
        _anonymous(reader, control, roles)
        or _parties(reader, registry, control)
        or _open_chains(reader)
        or deliveries_are_posted(reader)
        or _applications(reader)
        or settled_is_settled(reader)
        or lines_sum_to_totals(reader)
    )  # fmt: skip
    on_control = f"account_id IN ({', '.join(map(str, sorted(control))) or 'NULL'})"
    return Finding(count(reader, "posting", on_control), problem)


def _anonymous(reader: Examined, control: dict[int, str], roles: dict[int, list[str]]) -> str | None:
    for account_id, kind in control.items():
        of_party = kind in ("receivable", "payable")
        needs = "party_id IS NULL" if of_party else "item_id IS NULL AND party_id IS NULL"
        for each in reader.once(posted_sums):
            if each.account_id != account_id:
                continue
            if each.role not in roles[account_id]:
                place = f"{entry_name(reader, each.first_entry)} posts to control account {account_code(reader, account_id)}"
                return f"{place} as {each.role}, a role that the account does not hold"
            if each.lacks_party if of_party else each.lacks_both:
                first = reader.row(
                    f"SELECT MIN(entry_id) FROM wares_posting WHERE company_id = ? AND account_id = ? AND role = ? AND {needs}",
                    account_id, each.role,
                )  # fmt: skip
                name = entry_name(reader, first[0] if first else each.first_entry)
                return f"{name} posts to control account {account_code(reader, account_id)} without its party or item"
    return None


# --- parties ---------------------------------------------------------------------------------------------------------


def _parties(reader: Reader, registry: Registry, control: dict[int, str]) -> str | None:
    """Compare, for each party and currency, the control accounts with the documents, in that currency and in the company's."""
    expected: dict[tuple[str, int, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    sign_of = _signs(registry)
    unknown: set[int] = set()
    for kind, party_id, currency, base_total, total, record in reader.stream(
        "SELECT type, party_id, currency, base_total, total, CASE WHEN type IN ('payment', 'refund') THEN record ELSE NULL END "
        "FROM wares_document WHERE company_id = ? AND status = 'posted' AND party_id IS NOT NULL "
        "AND (account_id IS NULL OR type IN ('payment', 'refund'))",
    ):
        if kind not in registry.document_types:
            unknown.add(party_id)
            continue
        direction = json.loads(record).get("direction") if record else None
        role, sign = sign_of(kind, direction)
        if role is not None and (base_total or total):
            base, own = expected[role, party_id, currency]
            expected[role, party_id, currency] = (base + sign * base_total, own + sign * total)
    for role in ("receivable", "payable"):
        accounts = sorted(account_id for account_id, kind in control.items() if kind == role)
        held = {(role, *key): (base, own) for *key, base, own in reader.rows(
            "SELECT party_id, currency, CAST(SUM(amount) AS BIGINT), CAST(SUM(currency_amount) AS BIGINT) FROM wares_posting "
            f"WHERE company_id = ? AND {reader.among('account_id')} AND party_id IS NOT NULL GROUP BY party_id, currency",
            reader.listed(accounts),
        )}  # fmt: skip
        for key in sorted({key for key in expected if key[0] == role} | set(held)):
            _, party_id, currency = key
            posted, said = held.get(key, (0, 0)), expected.get(key, (0, 0))
            if posted != said and party_id not in unknown:
                shown = [amount(reader, own if posted[0] == said[0] else base) if currency == reader.head.currency else
                         f"{in_currency(own, currency)} ({amount(reader, base)})" for base, own in (posted, said)]  # fmt: skip
                return f"{party_code(reader, party_id)}: the ledger holds {shown[0]} as {role}, documents say {shown[1]}"
    return None


def _signs(registry: Registry) -> Callable[[str, str | None], tuple[str | None, int]]:
    @cache
    def sign_of(kind: str, direction: str | None) -> tuple[str | None, int]:
        """Return the control role to which a document posts its total, and the sign (debit positive)."""
        found = registry.document_types[kind]
        if isinstance(found, Payment):
            return found.control[direction or "in"], -1 if direction != "out" else 1
        if found.counter_role not in ("receivable", "payable"):
            return None, 0
        return found.counter_role, (1 if found.side is Side.SALE else -1) * found.sign

    return sign_of


def _applications(reader: Reader) -> str | None:
    """Check that no document is settled beyond its total, and no payment applied beyond its own."""
    for column, verb in (("target_id", "is settled with"), ("document_id", "is applied with")):
        row = reader.row(
            f"SELECT t.number, t.total, CAST(SUM(a.amount) AS BIGINT) FROM wares_application a JOIN wares_document t "
            f"ON t.company_id = "
            f"a.company_id AND t.document_id = a.{column} JOIN wares_document d ON d.company_id = a.company_id "
            "AND d.document_id = a.document_id WHERE a.company_id = ? AND d.status = 'posted' "
            "GROUP BY t.number, t.total HAVING SUM(a.amount) > t.total ORDER BY t.number LIMIT 1"
        )
        if row is not None:
            return f"{row[0]} of {amount(reader, row[1])} {verb} {amount(reader, row[2])}"
    return None


# --- receipts and bills ----------------------------------------------------------------------------------------------


def _open_chains(reader: Examined) -> str | None:
    for chain in reader.once(_chains):
        if chain.is_open and chain.posted != chain.open:
            return (
                f"the chain of {document_number(reader, chain.document_id)} holds {amount(reader, chain.posted)} "
                f"on {RECEIVED_NOT_BILLED}, "
                f"its open lines wait for {amount(reader, chain.open)}"
            )
    return None


def _chains(reader: Examined) -> list[Chain]:
    """Return every chain: documents joined by their links, with their sums posted to received_not_billed and waiting."""
    above: dict[int, int] = {}

    def first_of(document_id: int) -> int:
        root = document_id
        while (up := above.setdefault(root, root)) != root:
            root = up
        while above[document_id] != root:
            above[document_id], document_id = root, above[document_id]
        return root

    for origin, document in reader.stream(
        "SELECT DISTINCT o.document_id, l.document_id FROM wares_fulfilment f "
        "JOIN wares_line o ON o.company_id = f.company_id AND o.line_id = f.origin_line_id "
        "JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN wares_document d ON d.company_id = o.company_id AND d.document_id = o.document_id "
        "WHERE f.company_id = ? AND (f.kind IN ('receive', 'bill', 'return', 'close') "
        "OR (f.kind = 'credit' AND d.type IN ('bill', 'cash_purchase', 'supplier_return')))",
    ):
        one, other = sorted((first_of(origin), first_of(document)))
        above[other] = one
    posted: dict[int, int] = defaultdict(int)
    waiting: dict[int, int] = defaultdict(int)
    is_open: set[int] = set()
    for reversed_id, reversal_id in reader.rows(
        "SELECT parent_id, document_id FROM wares_document WHERE company_id = ? AND status = 'reversal'"
    ):
        above[first_of(reversal_id)] = first_of(reversed_id)
    for document_id, _, value in reader.once(received_not_billed):
        posted[first_of(document_id)] += value
    for document_id, waits_for, value in reader.stream(
        "SELECT l.document_id, o.waits_for, o.amount FROM wares_open_line o JOIN wares_line l ON l.company_id = o.company_id "
        "AND l.line_id = o.line_id WHERE o.company_id = ? AND o.waits_for IN ('bill', 'receive', 'credit')",
    ):
        root = first_of(document_id)
        is_open.add(root)
        waiting[root] += -value if waits_for == LinkKind.BILL else value
    return [Chain(root, posted[root], waiting[root], root in is_open) for root in sorted({*posted, *is_open})]
