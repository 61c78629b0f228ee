"""The checks before a document is taken back: it is posted, it stands alone, and its days are open."""

from __future__ import annotations

from wares.errors import Refused
from wares.model import OriginDocument
from wares.posting.batch import Batch
from wares.posting.prepare import read_origins
from wares.storage.tables import STANDING
from wares.storage.unit import Reader
from wares.values import iso_day
from wares.voiding.parts import line_ids, move_ids, with_open_items


def require_alone(batch: Batch, number: str, *, undone_may_stay: bool = False) -> OriginDocument:
    """Return the posted document, if no standing document is built on it.

    With `undone_may_stay`, documents that were reversed do not count as followers. Refused UNKNOWN_DOCUMENT, NOT_POSTED,
    NOT_VOIDABLE, HAS_FOLLOWERS, IS_PAID.
    """
    document = _posted(batch, number)
    kind = batch.registry.document_types.get(document.type)
    problem = kind.void_problem(number) if kind is not None else None
    if problem is not None:
        raise Refused([problem])
    _require_no_continuation(batch.unit, document)
    _require_no_returns(batch.unit, document, undone_may_stay=undone_may_stay)
    _require_unpaid(batch.unit, document)
    return document


def require_open(reader: Reader, document: OriginDocument) -> None:
    """Require that the document and its own entries stand on open days. Refused PERIOD_CLOSED.

    Its corrections of other documents may stand on closed days: they are taken back on the first open day.
    """
    row = reader.row(
        "SELECT MIN(date) FROM wares_entry WHERE company_id = ? AND document_id = ? AND kind = 'original'", document.id
    )
    first = min(document.day, (row[0] if row and row[0] else document.day))
    if first <= reader.head.closed_through:
        raise Refused.because(
            "PERIOD_CLOSED",
            f"{document.number} stands on {iso_day(first)}, and the books are closed through {iso_day(reader.head.closed_through)}",
            where=document.number,
            hint="void it with a date after that: a reversal",
        )


def require_no_added_costs(reader: Reader, document: OriginDocument) -> None:
    """Require that no other document added costs to the document's goods. Refused HAS_FOLLOWERS.

    Without the goods, a cost such as freight would stay on its clearing account.
    """
    follower = _first_number(
        reader,
        "wares_value_fact f JOIN wares_document d ON d.company_id = f.company_id AND d.document_id = f.document_id "
        f"WHERE f.company_id = ? AND {reader.among('f.move_id')} AND f.annulled = 0 AND f.document_id <> ?",
        reader.listed(move_ids(reader, document)),
        document.id,
    )
    if follower is not None:
        message = f"{follower} is part of the cost of goods of {document.number}"
        raise _followed(document, message, f"void {follower} first, and record it again")


def _posted(batch: Batch, number: str) -> OriginDocument:
    read_origins(batch, [number])
    document = batch.origins.get(number)
    if document is None:
        raise Refused.because("UNKNOWN_DOCUMENT", f"there is no document {number!r}", where=number, hint="wares docs list")
    if document.status == "reversal":
        hint = "record what it took back as a new document"
        raise Refused.because("NOT_POSTED", f"{number} is a reversal, which is final", where=number, hint=hint)
    if document.status != "posted":
        hint = "only a posted document is voided"
        raise Refused.because("NOT_POSTED", f"{number} is {document.status}", where=number, hint=hint)
    return document


def _require_no_continuation(reader: Reader, document: OriginDocument) -> None:
    follower = _first_number(
        reader,
        "wares_fulfilment f JOIN wares_line l ON l.company_id = f.company_id AND l.line_id = f.line_id "
        "JOIN wares_document d ON d.company_id = l.company_id AND d.document_id = l.document_id "
        f"WHERE f.company_id = ? AND {reader.among('f.origin_line_id')} AND d.status = 'posted'",
        reader.listed(line_ids(reader, document)),
    )
    if follower is not None:
        raise _followed(document, f"{follower} comes from {document.number}", f"void {follower} first")


def _require_no_returns(reader: Reader, document: OriginDocument, *, undone_may_stay: bool) -> None:
    undone = " AND d.status <> 'reversed'" if undone_may_stay else ""
    follower = _first_number(
        reader,
        "wares_move_link k "
        f"JOIN wares_move m ON m.company_id = k.company_id AND m.move_id = k.move_id AND {STANDING} "
        "JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        f"WHERE k.company_id = ? AND {reader.among('k.origin_id')} AND m.document_id <> ?{undone}",
        reader.listed(move_ids(reader, document)),
        document.id,
    )
    if follower is not None:
        raise _followed(document, f"{follower} took goods of {document.number} back", f"void {follower} first")


def _first_number(reader: Reader, tables: str, *parameters: object) -> str | None:
    """Return the number of a document `d` among the rows of the tables; None if there is none."""
    row = reader.row(f"SELECT d.number FROM {tables} LIMIT 1", *parameters)
    return None if row is None else str(row[0])


def _followed(document: OriginDocument, message: str, hint: str) -> Refused:
    return Refused.because("HAS_FOLLOWERS", message, where=document.number, hint=hint)


def _require_unpaid(reader: Reader, document: OriginDocument) -> None:
    number = document.number
    payment = _payment_of(reader, [document.id])
    if payment is not None:
        raise Refused.because("IS_PAID", f"{payment} is applied to {number}", where=number, hint=f"void {payment} first")
    if _payment_of(reader, with_open_items(reader, document)[1:]) is not None:
        raise Refused.because("IS_PAID", f"open items of {number} are paid", where=number, hint="void the payments first")


def _payment_of(reader: Reader, document_ids: list[int]) -> str | None:
    """Return the number of a posted document that is applied to one of these documents."""
    row = reader.row(
        "SELECT d.number FROM wares_application a JOIN wares_document d ON d.company_id = a.company_id "
        "AND d.document_id = a.document_id "
        f"WHERE a.company_id = ? AND {reader.among('a.target_id')} AND d.status = 'posted' LIMIT 1",
        reader.listed(document_ids),
    )
    return None if row is None else str(row[0])
