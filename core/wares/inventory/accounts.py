"""The accounts that posted documents used, role by role: a document that takes back or clears another uses the same ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from operator import itemgetter

from wares.model import Origin
from wares.storage.unit import Reader

Accounts = dict[int, dict[str, int]]
"""Id of a document or line → role → id of the account."""


def posted_accounts(reader: Reader, document_ids: list[int]) -> tuple[Accounts, Accounts]:
    """Return the accounts of the original entries of documents: for the total of each document, and for each line."""
    of_documents: Accounts = defaultdict(dict)
    of_lines: Accounts = defaultdict(dict)
    rows = reader.rows(  # not ordered there, so that no engine reads the entries of all documents in that order
        "SELECT p.entry_id, p.position, e.document_id, p.line_id, p.role, p.account_id FROM wares_entry e "
        "CROSS JOIN wares_posting p "
        f"WHERE e.company_id = ? AND {reader.among('e.document_id')} AND e.kind = 'original' "
        "AND p.company_id = e.company_id AND p.entry_id = e.entry_id",
        reader.listed(document_ids),
    )
    for _, _, document_id, line_id, role, account_id in sorted(rows, key=itemgetter(0, 1)):
        if line_id is None:
            of_documents[document_id].setdefault(role, account_id)
        else:
            of_lines[line_id].setdefault(role, account_id)
    return of_documents, of_lines


def with_accounts(origins: Mapping[str, Origin], totals: Mapping[str, int], of_lines: Accounts) -> dict[str, Origin]:
    """Return the lines of a document with their accounts; those of its total belong to each line."""

    def found(origin: Origin) -> Origin:
        accounts = {**totals, **of_lines.get(origin.id, {})}
        return origin._replace(
            accounts=accounts,
            contents=tuple(found(each) for each in origin.contents),
            attached=tuple(found(each) for each in origin.attached),
        )

    return {number: found(origin) for number, origin in origins.items()}
