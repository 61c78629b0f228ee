"""Files that are broken: each is refused in one line with a code, or its row goes to the rejects; nothing is half-written."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
IMPORTS = {
    "sales": ("channels import {file} --channel fair --map order=order --map date=date --map title=title --map amount=amount",
              "order,date,title,amount", "1,2026-02-01,Mug,15.00"),
    "bank": ("seller import {file} --rules rules.csv", "date,payee,memo,amount", "2026-02-01,Shop,mugs,-15.00"),
    "costs": ("seller add-costs --file {file}", "sku,cost,date,name", "MUG,4.00,2026-01-05,Mug"),
}  # fmt: skip
"""What is imported → its command, its header and a good row."""


@pytest.fixture(params=IMPORTS)
def take(request: pytest.FixtureRequest, run: Run) -> Callable[..., tuple[Result, Any]]:
    """Import a file of each kind, from its text (`{head}` and `{row}` are filled in) or bytes: the result, and whether nothing was
    written."""
    Path("rules.csv").write_text("pattern,account\nmug,1350\n")
    command, head, row = IMPORTS[request.param]

    def state() -> str:
        return run("docs", "list").stdout + run("items", "list").stdout + run("parties", "list").stdout

    def take(content: str | bytes, *options: str, name: str = "some.csv") -> tuple[Result, bool]:
        text = content if isinstance(content, bytes) else content.replace("{head}", head).replace("{row}", row).encode()
        Path(name).write_bytes(text)
        before = state()
        result = run(*command.format(file=name).split(), *options)
        return result, state() == before

    return take


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"\n \n", "EMPTY_FILE"),
        (b"\x00\x01\x02garbage\xff" * 40, "BINARY_FILE"),
        (b"PK\x03\x04no workbook", "BAD_WORKBOOK"),
        ('{head}\n"{row}\n', "TRUNCATED_FILE"),
        ("{head}\nM\u00fcg,x\n".encode() + b"M\xfcg,x\n", "BAD_ENCODING"),
        ("nothing,that,anybody,knows\n1,2,3,4\n", "NO_"),
    ],
    ids=["empty", "blank", "binary", "half a workbook", "open quote", "two encodings", "other columns"],
)
def test_refused_as_a_whole(take: Callable[..., tuple[Result, bool]], content: str | bytes, code: str) -> None:
    result, unchanged = take(content)
    (line,) = result.stderr.strip().splitlines()
    assert (result.exit_code, line.startswith(f"error: {code}"), unchanged) == (1, True, True), line


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--dates", "XYZ"], "BAD_FORM"), (["--dates", "%Q"], "BAD_FORM"), (["--dates", "%m"], "BAD_FORM")],
)
def test_a_form_that_is_none(take: Callable[..., tuple[Result, bool]], options: list[str], code: str) -> None:
    result, unchanged = take("{head}\n{row}\n", *options)
    assert (result.exit_code, result.stderr.startswith(f"error: {code}"), unchanged) == (1, True, True), result.stderr


def test_headers_alone_say_nothing(take: Callable[..., tuple[Result, bool]]) -> None:
    result, unchanged = take("{head}\n")
    assert (result.exit_code, result.stderr, unchanged) == (0, "", True)


@pytest.mark.parametrize(
    "content", ["\ufeff{head}\r\n{row}", "{head}\n\n{row}\n\n", "sep=,\n{head}\n{row}\n"], ids=["mark", "blanks", "sep"]
)
def test_what_spreadsheets_write_is_read(take: Callable[..., tuple[Result, bool]], content: str) -> None:
    result, _ = take(content)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_row_that_was_cut_off_is_rejected(take: Callable[..., tuple[Result, bool]]) -> None:
    """The last row has no end and not all of its cells: half of an amount is not an amount."""
    result, _ = take("{head}\n{row}\n1,2026-0", "--rejects", "bad.csv")
    assert (result.exit_code, "ends within this row" in result.stderr) == (1, True), result.stderr
    (rejected,) = csv.DictReader(Path("bad.csv").read_text("utf-8-sig").splitlines())
    assert "ends within this row" in rejected["error"]


def test_rejects_do_not_overwrite_the_file(take: Callable[..., tuple[Result, bool]]) -> None:
    result, unchanged = take("{head}\n{row}\nbad,bad,bad,bad\n", "--rejects", "some.csv")
    assert (result.exit_code, unchanged) == (1, True)
    assert "SAME_FILE" in result.stderr
    assert "bad,bad" in Path("some.csv").read_text()


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_encodings_on_the_command_line(run: Run, encoding: str) -> None:
    Path("sales.csv").write_bytes('order;date;title;amount\n1;2026-02-01;"M\u00fcg\nblau";1.234,50 $\n'.encode(encoding))
    command = "channels import sales.csv --channel fair --map order=order --map date=date --map title=title --map amount=amount"
    assert run(*command.split()).exit_code == 0
    (sold,) = json.loads(run("seller", "sold", "--year", "2026").stdout)
    assert (sold["title"], sold["amount"]) == ("M\u00fcg blau", "1234.50")
    assert run(*command.split(), "--encoding", "nope").stderr.startswith("error: BAD_ENCODING")
