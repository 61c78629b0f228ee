"""The code in README.md and docs/ is run, so that it stays true.

Each document is one test and one story: its blocks run in their order, in one temporary folder and one Python
namespace, so that a block may go on where the last one stopped. What is run:

- ```python: the code.
- ```shell: a bash script; it must succeed.
- ```console: each line after "$ " on its own ("> " continues it). Output shown below a line must be what it prints,
  give or take white space, "..." standing for anything; a command that is shown to end in "error: ..." must fail, the
  others succeed.

The command `wares` is a process of its own each time, forked from one that has imported it (`tests.warm_wares`); README.md runs the
installed command.

Not run: blocks of other languages, blocks that call bootstrap.py, and blocks after `<!-- skip: next -->`. After
`<!-- start-afresh -->` the story goes on in a new folder with an empty namespace.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sybil import Document, Example, Region
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.markdown import CodeBlockParser, SkipParser
from sybil.parsers.markdown.lexers import DirectiveInHTMLCommentLexer
from sybil.typing import Parser

from tests.warm_wares import warm_wares

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
DOCUMENTS = sorted([README, *(ROOT / "docs").rglob("*.md")])


@pytest.fixture(scope="session")
def warm_command() -> Iterator[Path]:
    """The folder with the command `wares` that starts warm."""
    with warm_wares() as folder:
        yield folder


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_code_of_a_document_runs(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("WARES_")]:
        monkeypatch.delenv(name)
    commands = [str(Path(sys.executable).parent)]
    if path != README:
        commands.insert(0, str(request.getfixturevalue("warm_command")))
    monkeypatch.setenv("PATH", os.pathsep.join([*commands, os.environ["PATH"]]))
    monkeypatch.setenv("HOME", str(tmp_path))  # so that no user's own settings come in
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(tempfile.mkdtemp())
    for example in Document.parse(str(path), *PARSERS).examples():
        example.evaluate()


def run_python(example: Example) -> None:
    if "bootstrap.py" not in example.parsed:
        PythonEvaluator()(example)


def run_shell(example: Example) -> None:
    if "bootstrap.py" not in example.parsed:
        done = bash(f"set -o pipefail\n{example.parsed}", "-e")
        assert done.returncode == 0, report(example, example.parsed, done.stdout)


def run_console(example: Example) -> None:
    if "bootstrap.py" in example.parsed:
        return
    for command, shown in console_steps(example.parsed):
        done = bash(command)
        is_shown_to_fail = re.search(r"^error: ", shown, re.MULTILINE) is not None
        assert (done.returncode != 0) == is_shown_to_fail, report(example, command, done.stdout)
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        is_as_shown = not shown.strip() or doctest.OutputChecker().check_output(shown, done.stdout, flags)
        assert is_as_shown, report(example, command, f"{done.stdout}\nbut the document shows\n{shown}")


def console_steps(block: str) -> Iterable[tuple[str, str]]:
    """The commands of a console block, each with the output shown for it."""
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        first, *lines = step.splitlines()
        command = [first]
        while lines and (lines[0] == ">" or lines[0].startswith("> ")):
            command.append(lines.pop(0)[2:])
        yield "\n".join(command), "\n".join(lines)


def bash(script: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a script in the current folder; its output has standard error within, as at a terminal."""
    return subprocess.run(
        ["bash", *options, "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "script",
    [
        "wares --version; wares nope; echo $?; PYTHONPATH=. wares --version",
        """mkdir inside; cd inside; umask 077; WARES_DATABASE=own.db wares init > out; stat -c %a out own.db; cat out
        echo '{"record": "party", "code": "ÄÖÜ"}' | wares load -; wares parties list | head -2
        wares --db no.db items list; echo $?""",
    ],
)
def test_the_warm_command_is_as_the_installed_one(
    script: str, warm_command: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output, both streams in order, exit codes, files, variables and pipes."""
    installed, outputs = Path(sys.executable).parent, []
    for number, commands in enumerate([f"{installed}", f"{warm_command}{os.pathsep}{installed}"]):
        folder = tmp_path / str(number)
        folder.mkdir()
        monkeypatch.chdir(folder)
        with monkeypatch.context() as first:
            first.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
            done = bash(script)
        outputs.append((done.returncode, done.stdout))
    assert outputs[1] == outputs[0]


def report(example: Example, command: str, output: str) -> str:
    place = Path(example.path).relative_to(ROOT)
    return f"{place}, block at line {example.line}:\n{command}\nprinted\n{output}"


def start_afresh(example: Example) -> None:
    example.namespace.clear()
    os.chdir(tempfile.mkdtemp())


def start_afresh_parser(document: Document) -> Iterable[Region]:
    for found in DirectiveInHTMLCommentLexer("start-afresh")(document):
        yield Region(found.start, found.end, found.lexemes["source"], start_afresh)


PARSERS: list[Parser] = [
    CodeBlockParser("python", run_python),
    CodeBlockParser("shell", run_shell),
    CodeBlockParser("console", run_console),
    SkipParser(),
    start_afresh_parser,
]
