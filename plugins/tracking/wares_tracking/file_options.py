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
    return pairs("--map FIELD=COLUMN", given, "order='Order no.'") or None


def pairs(form: str, given: Sequence[str], example: str) -> dict[str, str]:
    """What an option of this form says, given several times."""
    found = [each.partition("=") for each in given]
    if any(not name or not value for name, _, value in found):
        raise click.UsageError(f"give {form}, such as {form.split()[0]} {example}")
    return {name: value for name, _, value in found}
