"""The laws of absence: a no-op wrapper changes nothing, and the books survive without the plugin."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from functools import partial

from wares.books import Books
from wares.contract.hookspecs import hookimpl
from wares.errors import Issue
from wares.model import Account, AccountQuery, Context, CostContext, CostPlan, Expansion, Item, Line, Masters, PriceContext, Pricing
from wares.plugin_manager.loader import Plugins
from wares.testing.laws import require
from wares.testing.laws.costs import require_sound
from wares.testing.laws.documents import posted, state_of
from wares.testing.laws.selling import DAY, shown
from wares.testing.laws.subject import DocumentCase, ItemCase, Subject, entries_of, refusal_of, rows_of
from wares.testing.small_company import plugins_with, plugins_without, post

Answers = list[Iterable[Issue]]
"""The Issues of each plugin."""


class NoOpWrapper:
    """A plugin that wraps every hook that may be wrapped and changes nothing."""

    @hookimpl(wrapper=True)
    def wares_expand_line(self, line: Line, ctx: Context) -> Generator[None, Expansion, Expansion]:
        return (yield)

    @hookimpl(wrapper=True)
    def wares_price_line(self, line: Line, ctx: PriceContext) -> Generator[None, Pricing, Pricing]:
        return (yield)

    @hookimpl(wrapper=True)
    def wares_cost_line(self, line: Line, ctx: CostContext) -> Generator[None, CostPlan, CostPlan]:
        return (yield)

    @hookimpl(wrapper=True)
    def wares_map_account(self, query: AccountQuery, ctx: Context) -> Generator[None, Account, Account]:
        return (yield)

    @hookimpl(wrapper=True)
    def wares_validate_item(self, item: Item, masters: Masters) -> Generator[None, Answers, Answers]:
        return (yield)


def wrapped(subject: Subject) -> Plugins:
    """Return the subject's plugins with a no-op wrapper."""
    return plugins_with(*subject.others, subject.plugin, NoOpWrapper())


def absent(subject: Subject) -> Plugins:
    """Return the subject's plugins without the plugin itself."""
    return plugins_without(subject.name, *subject.others, subject.plugin)


def item_wrapper_is_invisible(case: ItemCase, quantity: int) -> None:
    """Check that a no-op wrapper changes neither rows nor postings."""
    with case.books() as books:
        other = case.seen_by(books, wrapped(case))
        for side in case.sides:
            plain, around = shown(books, case, side, quantity), shown(other, case, side, quantity)
            require(rows_of(plain) == rows_of(around), f"{case.key}: a no-op wrapper changes the rows of a {side}")
            require(entries_of(plain) == entries_of(around), f"{case.key}: a no-op wrapper changes the postings of a {side}")


def document_wrapper_is_invisible(case: DocumentCase) -> None:
    """Check that a no-op wrapper does not change the postings."""
    with case.books() as books:
        other = case.seen_by(books, wrapped(case))
        plain, around = posted(books, case, preview=True), posted(other, case, preview=True)
        require(entries_of(plain) == entries_of(around), f"{case.key}: a no-op wrapper changes the postings")


def item_survives_absence(case: ItemCase) -> None:
    """Check that without the plugin its items and documents stay readable, the books verify, and posting such an item is refused
    with a message that names the plugin."""
    with case.books() as books:
        numbers = [post(books, side, date=DAY, goods="later", lines=case.lines(1)).number for side in case.sides]
        gone = case.seen_by(books, absent(case))
        _require_readable(case, books, gone, numbers)
        for side in case.sides:
            refusal = refusal_of(partial(post, gone, side, date=DAY, goods="later", lines=case.lines(1)))
            _require_refused(case, refusal, "ITEM_TYPE_MISSING", f"posting a {side}")


def books_go_on_without(case: ItemCase) -> None:
    """Check that without the plugin all documents stay readable, the books verify, and posting goes on."""
    with case.books() as books:
        numbers = [post(books, side, date=DAY, goods="later", lines=case.lines(1)).number for side in case.sides]
        gone = case.seen_by(books, absent(case))
        _require_readable(case, books, gone, numbers)
        for side in case.sides:
            shown(gone, case, side, 1)


def document_survives_absence(case: DocumentCase) -> None:
    """Check that without the plugin its documents stay readable and can be voided, the books verify, and posting one is refused
    with a message that names the plugin."""
    with case.books() as books:
        before = state_of(books)
        number = posted(books, case).number
        gone = case.seen_by(books, absent(case))
        _require_readable(case, books, gone, [number])
        refusal = refusal_of(lambda: post(gone, case.key, **case.document))
        _require_refused(case, refusal, "UNKNOWN_DOCUMENT_TYPE", "posting")
        gone.void(number)
        require(state_of(gone) == before, f"{case.key}: voided without the plugin, the books have {state_of(gone)}")


def _require_readable(case: DocumentCase | ItemCase, books: Books, gone: Books, numbers: list[str]) -> None:
    for number in numbers:
        same = books.docs.show(number) == gone.docs.show(number) and books.docs.entries(number) == gone.docs.entries(number)
        require(same, f"{case.key}: without the plugin {number} reads differently")
    require(state_of(books) == state_of(gone), f"{case.key}: without the plugin the books read differently")
    require_sound(gone, f"{case.key}, without the plugin")


def _require_refused(case: DocumentCase | ItemCase, refusal: str | None, code: str, doing: str) -> None:
    require(refusal is not None, f"{case.key}: without the plugin {doing} goes through")
    named = refusal is not None and code in refusal and case.name in refusal
    require(named, f"{case.key}: without the plugin {case.name}, {doing} is refused with: {refusal}")
