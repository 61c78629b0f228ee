"""Options and progress of the commands that read files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from wares.cli import progress


@contextmanager
def file_progress(what: str, file: Path) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar over a file; call the yielded function with the numbers of bytes done and in total."""
    with progress(what, file.stat().st_size if file.exists() else None) as advance:
        shown = 0

        def tell(done: int, _total: int) -> None:
            nonlocal shown
            advance(done - shown)
            shown = done

        yield tell


def mapped(given: Sequence[str]) -> dict[str, str] | None:
    """Return the mapping of the options `--map FIELD=COLUMN`; None if there are none."""
    return pairs("--map FIELD=COLUMN", given, "order='Order no.'") or None


def pairs(form: str, given: Sequence[str], example: str) -> dict[str, str]:
    """Return the names and values of a repeated option of this form."""
    found = [each.partition("=") for each in given]
    if any(not name or not value for name, _, value in found):
        raise click.UsageError(f"give {form}, such as {form.split()[0]} {example}")
    return {name: value for name, _, value in found}
