"""Print errors on stderr, one line each or one JSON object, and choose the exit code.

    error: UNKNOWN_ITEM: there is no item 'BOLD' (I-1#2); did you mean BOLT?

A traceback is only shown with `--debug`, whatever was raised.
"""

from __future__ import annotations

import errno
import json
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from wares.errors import Issue, Refused, WaresError

FAILED, USAGE, INTERRUPTED, TERMINATED = 1, 2, 130, 143


class Terminated(KeyboardInterrupt):
    """The process was asked to end (SIGTERM, SIGHUP)."""


class OutputFailed(Exception):
    """Rows could not be written; the cause says why."""


_OS = {
    errno.ENOENT: ("NO_FILE", "check the name"),
    errno.EISDIR: ("NOT_A_FILE", "name a file"),
    errno.ENOTDIR: ("NO_FILE", "check the name"),
    errno.EACCES: ("NO_PERMISSION", "check who may read and write it"),
    errno.EPERM: ("NO_PERMISSION", "check who may read and write it"),
    errno.EROFS: ("NO_PERMISSION", "the disk is read-only"),
    errno.ENOSPC: ("DISK_FULL", "make room"),
    errno.EBADF: ("NO_OUTPUT", "open it, or write to a file: -o FILE"),
}


def report(error: BaseException, *, as_json: bool, debug: bool, recorded: str = "", continues: bool = False) -> int:
    """Print an error on stderr and return the exit code for it.

    `recorded` says what the books have of the command, if it may have written; `continues` that it goes on if it is run again.
    """
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return USAGE
    issues, code = issues_of(error)
    if recorded:
        hint = "only the output is missing: do not record it again"
        if not isinstance(error, OutputFailed):
            hint = "run it again: it continues there" if continues else ""
        issues = [replace(issue, message=f"{issue.message}; {recorded}", hint=hint or issue.hint) for issue in issues]
    if debug:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    say(issues, as_json=as_json)
    return code


def say(issues: Sequence[Issue], *, as_json: bool) -> None:
    """Print the issues of one refusal on stderr: a line each, or one JSON object for all."""
    if as_json:
        click.echo(json.dumps({"error": Refused(issues).to_dict()}, ensure_ascii=False), err=True)
    else:
        for issue in issues:
            click.echo(line_of(issue), err=True)


def issues_of(error: BaseException) -> tuple[list[Issue], int]:
    """Return an exception as Issues, with the exit code for it."""
    if isinstance(error, WaresError):
        return list(error.issues), FAILED
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx is not None else "wares"
        return [Issue("USAGE", _plain(error.format_message()), hint=f"see: {command} --help")], USAGE
    if isinstance(error, click.Abort | KeyboardInterrupt):
        if any(isinstance(each, Terminated) for each in causes(error)):
            return [Issue("TERMINATED", "stopped by a signal")], TERMINATED
        return [Issue("INTERRUPTED", "stopped")], INTERRUPTED
    if isinstance(error, OutputFailed):
        return issues_of(error.__cause__ or error)
    if isinstance(error, UnicodeEncodeError):
        return [_encoding_issue(error)], FAILED
    if isinstance(error, click.ClickException):
        return [Issue("FAILED", _plain(error.format_message()))], FAILED
    if isinstance(error, OSError):
        return [_os_issue(error)], FAILED
    if any(kind.__module__.partition(".")[0] == "sqlalchemy" for kind in type(error).__mro__):
        return [_database_issue(error)], FAILED
    message = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return [Issue("INTERNAL", _one_line(message), hint="this is a defect of Wares or a plugin; --debug shows where")], FAILED


def line_of(issue: Issue) -> str:
    """Return an issue as one line: `error: CODE: message (item, document or line); hint`."""
    place = ", ".join(dict.fromkeys(part for part in (issue.where, issue.path) if part))
    hint = issue.hint and f"; {issue.hint}"
    plugin = f" [plugin {issue.plugin}]" if issue.plugin else ""
    return _one_line(f"error: {issue.code}: {issue.message}{f' ({place})' if place else ''}{plugin}{hint}")


def _os_issue(error: OSError) -> Issue:
    code, hint = _OS.get(error.errno or 0, ("OS_ERROR", ""))
    return Issue(code, _one_line(error.strerror or str(error)), hint=hint, where=str(error.filename or ""))


def _encoding_issue(error: UnicodeEncodeError) -> Issue:
    character = error.object[error.start]
    message = f"{character.encode('ascii', 'backslashreplace').decode()} cannot be written in the encoding {error.encoding}"
    return Issue("BAD_ENCODING", message, hint="set PYTHONIOENCODING=utf-8, or write to a file: -o FILE")


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those that it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _database_issue(error: BaseException) -> Issue:
    from wares.storage.faults import typed

    known = typed(error)
    if known is not None:
        return Issue(known.code, known.message, hint=known.hint)
    cause = getattr(error, "orig", None) or error
    return Issue("DATABASE", f"the database refused: {_one_line(str(cause))}", hint="--debug shows the statement")


def _plain(message: str) -> str:
    text = _one_line(message).rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _one_line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
