"""`wares verify`: every invariant of the books (see docs/accounting.md), each with the first row that breaks it.

SQL makes the exact comparisons; the fresh fold of I6 replays every move in one ordered stream. The checks write nothing, their
memory does not grow with the history, and they read one snapshot if the caller's connection holds one.

`finding` names rows, `examined` keeps readings that several checks share; `ledger`, `documents`, `inventory`, `stock`, `totals`,
`fold`, `chains`, `chain_accounts`, `credits`, `details`, `projections`, `contents`, `agreement` and `account_types` hold checks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from wares.ledger.sealing import is_known, unsealed
from wares.storage.unit import Reader
from wares.values import JsonObject
from wares.verify import (
    account_types,
    agreement,
    chain_accounts,
    chains,
    contents,
    credits,
    details,
    documents,
    inventory,
    ledger,
    projections,
    stock,
    totals,
)
from wares.verify.examined import Examined
from wares.verify.finding import Finding
from wares.verify.fold import fresh_fold

if TYPE_CHECKING:
    from wares.plugin_manager.registry import Registry

Check = Callable[[Examined, "Registry"], Finding]

CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("I1", "every entry balances", ledger.entries_balance),
    ("I2", "inventory accounts are the sum of the valuation rows", inventory.inventory_is_valuations),
    ("I3", "on hand is the sum of the moves, per item and location", totals.on_hand_is_moves),
    ("I4", "pools are the sum of their moves, and worth nothing when empty", totals.pools_are_moves),
    ("I5", "every layer is consumed or remaining, every issue consumed in full", stock.layers_add_up),
    ("I6", "the value of every move is that of a fresh fold", fresh_fold),
    ("I7", "every entry has its document, every document its entry", documents.entries_and_documents),
    ("I8", "an original, its corrections and its reversal sum to zero", documents.voids_cancel),
    ("I9", "clearing accounts of completed chains are zero", chains.completed_chains_are_clear),
    ("I10", "period totals are the sum of the postings and moves", ledger.totals_are_postings),
    ("I11", "the seal chain holds", ledger.seals_hold),
    ("I12", "issued numbers have no gap", documents.numbers_have_no_gap),
    ("I13", "nothing was posted on or before the close date", ledger.closed_is_closed),
    ("I14", "control accounts are the sum of their subledgers", chains.control_accounts),
    ("I15", "details and what remains are the purchase", details.details_add_up),
    ("I16", "kept rows of projections agree with their documents", projections.projections_hold),
    ("I17", "credits take back what was charged, calculations included", credits.credits_are_whole),
    ("I18", "completed chains leave nothing on any account", chain_accounts.accounts_are_clear),
    ("I19", "documents and entries are as they were written", contents.contents_hold),
    ("I20", "what was made from documents and moves says the same", agreement.rows_agree),
    ("I21", "the types of accounts allow their roles", account_types.types_fit_roles),
)
"""Key, title and function of every check, in the order of the report."""


def verify(
    reader: Reader, registry: Registry, *, seal: str | None = None, progress: Callable[[int], None] | None = None
) -> JsonObject:
    """Check every invariant: {"ok", "checks": [{"id", "title", "ok", "examined", "first_problem"}], "not_checked", "unsealed"}.

    `seal` is a seal kept outside the books, which I11 must find in them. `unsealed` counts the documents and entries that no
    sealing covers. `progress` is called with 1 after each check of `CHECKS`.

    `not_checked` names the rows that could not be checked, such as pools whose cost method is not installed; they do not
    count as problems.
    """
    examined = Examined(reader.connection, reader.head)
    checks: list[dict[str, object]] = []
    not_checked: list[str] = []
    for key, title, check in CHECKS:
        finding = _finding_of(check, examined, registry)
        if key == "I11" and finding.problem is None and seal is not None and not is_known(reader, seal):
            finding = finding._replace(problem=f"nothing in these books has the seal {seal}: they are others, or were sealed anew")
        not_checked += finding.not_checked
        if progress is not None:
            progress(1)
        checks.append(
            {
                "id": key,
                "title": title,
                "ok": finding.problem is None,
                "examined": finding.examined,
                "first_problem": finding.problem,
            }
        )
    return {
        "ok": all(check["ok"] for check in checks),
        "checks": checks,
        "not_checked": not_checked,
        "unsealed": unsealed(reader)._asdict(),
    }


def _finding_of(check: Check, reader: Examined, registry: Registry) -> Finding:
    """Run a check; a value that cannot even be read is a problem of the books too."""
    try:
        return check(reader, registry)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        return Finding(0, f"a value in the tables cannot be read: {type(error).__name__}: {error}")
