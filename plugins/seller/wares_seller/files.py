"""What the commands that read files share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from wares.cli import progress


@contextmanager
def file_progress(what: str, file: Path) -> Iterator[Callable[[int, int], None]]:
    """A progress bar over a file; what it gives is told how much of how much is done."""
    with progress(what, file.stat().st_size if file.exists() else None) as advance:
        taken = 0

        def tell(done: int, _total: int) -> None:
            nonlocal taken
            advance(done - taken)
            taken = done

        yield tell


def mapped(given: Sequence[str]) -> dict[str, str] | None:
    """`--map FIELD=COLUMN`, given several times; None where it was not given."""
    pairs = [each.partition("=") for each in given]
    for field, _, column in pairs:
        if not field or not column:
            raise click.UsageError("--map is FIELD=COLUMN, such as --map order='Order no.'")
    return {field: column for field, _, column in pairs} or None
