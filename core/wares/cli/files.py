"""The files that a command writes: `-o` and `--rejects` replace neither the books, nor an input, nor wares.toml."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from wares.errors import Refused

REJECTS = "rejects"
"""The parameter of every command that writes refused lines to a file."""


def check_files(output: Path | None, database: str, *, force: bool) -> None:
    """Check the files that the running command is going to write.

    Refused SAME_FILE; NO_FILE if the folder is missing; NO_PERMISSION; FILE_EXISTS, unless `force` is true.
    """
    parameters = click.get_current_context().params
    rejects = parameters.get(REJECTS)
    inputs = [path for name, value in parameters.items() if name != REJECTS for path in _paths(value)]
    kept = {**dict.fromkeys(inputs, "the input"), **dict.fromkeys(_settings(), "wares.toml"), **_books(database)}
    if output is not None:
        _check(output, "-o", kept, force=force)
        kept[output] = "the file of -o"
    if rejects is not None:
        _check(Path(rejects), "--rejects", kept, force=force)


def _check(path: Path, option: str, kept: dict[Path, str], *, force: bool) -> None:
    for other, role in kept.items():
        if _is_same(path, other):
            message = f"{option} would overwrite {role}"
            raise Refused.because("SAME_FILE", message, hint="name another file", where=str(path))
    if path.is_dir():
        raise Refused.because("NOT_A_FILE", f"{option} names a folder", hint="name a file", where=str(path))
    if not path.parent.is_dir():
        raise Refused.because("NO_FILE", f"the folder of {option} does not exist", hint="make it, or name another", where=str(path))
    if path.is_file() and path.stat().st_size and not force:
        raise Refused.because("FILE_EXISTS", f"{path} exists already", hint="--force overwrites it", where=str(path))
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        hint = "check who may read and write it"
        raise Refused.because("NO_PERMISSION", f"the file of {option} may not be written", hint=hint, where=str(path))


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:  # one of them does not exist yet
        return path.absolute() == other.absolute()


def _paths(value: object) -> Iterator[Path]:
    """Yield the files that the value of a parameter names."""
    if isinstance(value, str | Path):
        path = Path(value)
        try:
            if path.is_file():
                yield path
        except (OSError, ValueError):  # a text that cannot be a file name
            return
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _paths(each)


def _settings() -> list[Path]:
    from wares.settings.sources import FILE_NAME, config_files

    return [Path(FILE_NAME), *config_files()]


def _books(database: str) -> dict[Path, str]:
    """Return the files of a SQLite database; none of a server's."""
    from wares.storage.database import database_url

    url = database_url(database)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return {}
    name = str(url.database).removeprefix("file:").partition("?")[0]
    return {Path(f"{name}{suffix}"): "the books" for suffix in ("", "-wal", "-shm", "-journal")}
