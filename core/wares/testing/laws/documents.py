"""The laws of document types."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from wares.errors import Refused, WaresError
from wares.testing.laws import LawBroken, require
from wares.testing.laws.costs import require_sound
from wares.testing.laws.subject import DocumentCase, entries_of, refusal_of, rows_of
from wares.testing.small_company import post
from wares.values import JsonObject

if TYPE_CHECKING:
    from wares.books import Books
    from wares.model import Posted


WRONG: tuple[object, ...] = ("xqzv", -1, [], {}, [{}])
"""Values that are wrong for nearly every key."""


def posted(books: Books, case: DocumentCase, *, preview: bool = False, **keys: object) -> Posted:
    """Post (or preview) the example. Raises LawBroken if it is refused."""
    try:
        return post(books, case.key, preview=preview, **{**case.document, **keys})
    except WaresError as error:
        raise LawBroken(f"the example of {case.key} is refused: {error}; {error.hint}") from error


def state_of(books: Books) -> JsonObject:
    """Return the stock on hand and the balance of every account that is not zero."""
    stock = [
        (row["sku"], row["location"], row["on_hand"], row["value"]) for row in books.stock.list() if row["on_hand"] or row["value"]
    ]
    accounts = {row["account"]: row["balance"] for row in books.gl.trial_balance() if row["balance"]}
    return {"stock": stock, "accounts": accounts}


def preview_is_what_is_posted(case: DocumentCase) -> None:
    """Check that a preview writes nothing, that two previews are equal, and that posting gives the entries of the preview."""
    with case.books() as books:
        before = state_of(books)
        first, second = (posted(books, case, preview=True) for _ in range(2))
        require(state_of(books) == before, f"{case.key}: a preview changes the books")
        require(rows_of(first) == rows_of(second), f"{case.key}: two previews have different rows: it is not pure")
        require(entries_of(first) == entries_of(second), f"{case.key}: two previews post differently: it is not pure")
        really = posted(books, case)
        require(
            entries_of(really) == entries_of(first),
            f"{case.key}: it posts {entries_of(really)}, the preview shows {entries_of(first)}",
        )


def postings_balance(case: DocumentCase) -> None:
    """Check that debits equal credits and the books verify."""
    with case.books() as books:
        entries = posted(books, case).entries
        debit = sum((entry["debit"] for entry in entries), Decimal(0))
        credit = sum((entry["credit"] for entry in entries), Decimal(0))
        require(debit == credit, f"{case.key}: debits {debit}, credits {credit}")
        require_sound(books, case.key)


def void_takes_everything_back(case: DocumentCase) -> None:
    """Check that a void restores stock and every account, and that the books verify."""
    with case.books() as books:
        before = state_of(books)
        number = posted(books, case).number
        try:
            books.void(number)
        except Refused as refused:
            raise LawBroken(f"{case.key}: its example cannot be voided: {refused}") from refused
        require(state_of(books) == before, f"{case.key}: voided, the books have {state_of(books)} instead of {before}")
        require_sound(books, case.key)


def key_makes_it_happen_once(case: DocumentCase) -> None:
    """Check that a document recorded twice under one key is posted once."""
    with case.books() as books:
        first = posted(books, case, key="once")
        after = state_of(books)
        second = posted(books, case, key="once")
        same = second.repeated and second.number == first.number and state_of(books) == after
        require(same, f"{case.key}: the same key posts it again, as {second.number}")


def unknown_keys_are_refused(case: DocumentCase) -> None:
    """Check that an unknown key is refused with UNKNOWN_KEY."""
    with case.books() as books:
        refusal = refusal_of(lambda: post(books, case.key, **{**case.document, "xqzv": 1}))
        require(refusal and "UNKNOWN_KEY" in refusal, f"{case.key}: an unknown key is answered with {refusal}")


def wrong_values_are_refused(case: DocumentCase) -> None:
    """Check that a wrong value of any key gives Refused with Issues and no other exception."""
    with case.books() as books:
        kind = case.plugins.registry.document_types[case.key]
        for name in sorted(kind.header_keys - {"record", "type", "pending"}):
            for value in WRONG:
                try:
                    post(books, case.key, preview=True, **{**case.document, name: value})
                except WaresError as error:
                    require(isinstance(error, Refused), f"{case.key}: {name} = {value!r} raises {error!r}")
                except Exception as error:
                    raise LawBroken(f"{case.key}: {name} = {value!r} raises {error!r}") from error
