"""A process that is killed in the middle of its work on the books."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event

from wares import Books


def is_killed(database: Path, work: Callable[[Books], object], *, at: int) -> bool:
    """Run `work` in a process that is killed before its statement or commit of this number; false if it came to its end first."""
    child = os.fork()
    if child == 0:
        try:
            books = Books.open(str(database))
            seen = 0

            def die_in_time(*_: object) -> None:
                nonlocal seen
                seen += 1
                if seen == at:
                    os.kill(os.getpid(), signal.SIGKILL)

            for moment in ("before_cursor_execute", "commit"):
                event.listen(books.engine, moment, die_in_time)
            work(books)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] != 0
