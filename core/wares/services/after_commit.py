"""Events for observers wait for the commit of the host's outermost transaction.

Events of a savepoint that is rolled back are dropped with it; events of a released savepoint wait on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sqlalchemy import event

from wares.storage.attempt import WAITING_EVENTS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, SessionTransaction

Event = Callable[[], None]


class _Waiting:
    """Events, and the open transactions that they depend on, outermost first."""

    def __init__(self, depends_on: list[SessionTransaction], events: list[Event]) -> None:
        self.depends_on = depends_on
        self.events = events


def after_commit(session: Session, events: Iterable[Event]) -> None:
    """Run `events`, in order, once the session's outermost transaction has committed; never if it does not."""
    if WAITING_EVENTS not in session.info:
        session.info[WAITING_EVENTS] = []
        event.listen(session, "after_commit", _committed)
        event.listen(session, "after_transaction_end", _ended)
    open_transactions: list[SessionTransaction] = []
    transaction: SessionTransaction | None = session.get_nested_transaction() or session.get_transaction()
    while transaction is not None:
        open_transactions.insert(0, transaction)
        transaction = transaction.parent
    session.info[WAITING_EVENTS].append(_Waiting(open_transactions, list(events)))


def _committed(session: Session) -> None:
    """Take note of a released savepoint, or run the events once the outermost transaction is committed."""
    waiting: list[_Waiting] = session.info[WAITING_EVENTS]
    released = session.get_nested_transaction()
    if released is not None:
        for each in waiting:
            if released in each.depends_on:
                each.depends_on.remove(released)
        return
    certain = list(waiting)
    waiting.clear()
    for each in certain:
        for tell in each.events:
            tell()


def _ended(session: Session, transaction: SessionTransaction) -> None:
    """Drop the events that still depend on a transaction that is over: it was rolled back."""
    waiting: list[_Waiting] = session.info[WAITING_EVENTS]
    waiting[:] = [each for each in waiting if transaction not in each.depends_on]
