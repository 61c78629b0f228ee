"""The connection of a command is cut at its COMMIT: the command does its work once, and prints as if nothing had happened.

Two companies get the same commands. The connection of one is cut at each; afterwards both hold the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import RECORDS, Run, jsonl
from tests.conftest import ENGINES
from tests.lost_answers import AFTER, BEFORE, Cutter, failing_commits, held, proxied
from wares import Books
from wares.storage.database import open_engine
from wares.testing.databases import own_database

SALE = {"type": "invoice", "date": "2026-01-10", "party": "JANE", "lines": [{"item": "BOLT", "quantity": "5"}]}
COMMANDS = (
    ("load", "more.jsonl"),
    ("load", "whole.jsonl", "--all-or-nothing"),
    ("items", "add", "--type", "stock", "--sku", "WASHER", "--name", "Washer", "--price", "0.02"),
    ("items", "edit", "BOLT", "--price", "0.25"),
    ("items", "retire", "TEE-RED-S"),
    ("items", "import", "items.csv"),
    ("items", "variants", "TEE", "--create"),
    ("docs", "post", "sale.json"),
    ("docs", "post", "P-1"),
    ("docs", "edit", "I-1", "edited.json"),
    ("docs", "void", "I-2"),
    ("docs", "void", "I-3", "--date", "2026-01-21"),
    ("docs", "convert", "R-1", "bill", "--date", "2026-01-20", "--number", "B-2"),
    ("gl", "map", "inventory", "1300", "--level", "item", "--of", "BOLT"),
    ("gl", "close", "2026-01-05"),
    ("gl", "reopen", "2026-01-05", "--reason", "a late bill"),
    ("gl", "seal"),
)

Command = Callable[..., Result]


class Line:
    """A command line on a database whose next COMMIT can be cut, with a company that knows nothing of cuts beside it."""

    def __init__(self, url: str, cutter: Cutter, run: Run) -> None:
        self.url, self.cutter, self._run = url, cutter, run

    def quiet(self, *args: str, company: str = "QUIET") -> Result:
        return self._run("--db", self.url, "--company", company, "-f", "json", *args)

    def cut(self, where: str, *args: str) -> Result:
        self.cutter.cut_next(where)
        return self.uncut(*args)

    def uncut(self, *args: str) -> Result:
        return self.quiet(*args, company="CUT")

    def held(self, company: str) -> object:
        books = Books(engine=open_engine(self.url), company=company)
        try:
            return held(books)
        finally:
            books.close()


@pytest.fixture(params=ENGINES)
def line(request: pytest.FixtureRequest, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    if request.param == "sqlite":
        with failing_commits(monkeypatch) as cutter:
            yield Line(str(folder / "shop.db"), cutter, run)
        return
    with own_database(request.getfixturevalue("postgresql_url")) as direct, proxied(direct) as (url, cutter):
        yield Line(url, cutter, run)


@pytest.fixture
def files(folder: Path) -> None:
    (folder / "records.jsonl").write_text(jsonl(*RECORDS))
    (folder / "more.jsonl").write_text(jsonl({"record": "party", "code": "BOB"}, {"record": "document", **SALE, "number": "I-2"}))
    (folder / "whole.jsonl").write_text(jsonl({"record": "party", "code": "TIM"}, {"record": "document", **SALE, "number": "I-3"}))
    (folder / "sale.json").write_text(json.dumps(SALE))
    (folder / "edited.json").write_text(json.dumps(SALE | {"lines": [{"item": "BOLT", "quantity": "3"}]}))
    (folder / "items.csv").write_text("sku,type,name,price\nSCREW,stock,Screw,0.30\n")


def shown(result: Result) -> str:
    """The output of a command, but for the name of its company and for seals, which no two books have in common."""
    return re.sub(r'"seal": ".*"', "", result.stdout.replace("CUT", "QUIET"))


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("where", [AFTER, BEFORE])
def test_every_writing_command_does_its_work_once(line: Line, where: str) -> None:
    assert line.quiet("init", company="FIRST").exit_code == 0  # it writes wares.toml, and the others do not
    for args in (("init",), ("load", "records.jsonl"), *COMMANDS):
        expected = line.quiet(*args)
        assert expected.exit_code == 0, expected.stderr
        done = line.cut(where, *args)
        assert line.cutter.cuts == 1, args
        if where == BEFORE and "--all-or-nothing" in args:
            assert (done.exit_code, json.loads(done.stderr)["error"]["code"]) == (1, "INTERRUPTED")
            done = line.uncut(*args)
        assert done.exit_code == 0, (args, done.stderr)
        assert shown(done) == shown(expected), args
        assert line.held("CUT") == line.held("QUIET"), args
    assert line.uncut("verify").exit_code == 0
