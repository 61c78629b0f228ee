"""Count how often the project's prose uses "what" outside a question, per 1,000 words.

    python tools/count_prose.py [--list] [--worst N] [FOLDER ...]

The prose is: docstrings and comments of core/, plugins/ and examples/, the help texts of commands and options there, README.md and
docs/*.md. Code blocks do not count; code inside a sentence counts as words that are not "what". A sentence that ends with a
question mark is a question. FOLDER limits the count to paths that begin with one of the given ones.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
CODE = ("core", "plugins", "examples")
PAGES = ("README.md", "docs/*.md")
HELP = frozenset({"help", "short_help", "epilog"})

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_WHAT = re.compile(r"\bwhat\b", re.IGNORECASE)
_DIRECTIVE = re.compile(r"#\s*(type:|noqa|fmt:|ruff:|mypy:|pragma:|skip:|!)")
_INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_BOUNDARY = re.compile(
    r"""(?<=[.!?])[)"'”’*_]*\s+  # the end of a sentence
    |\n[ \t]*\n  # a paragraph
    |\n(?=[ \t]*(?:[-*+>|\#]|\d+\.|:\w))  # an item of a list, a row of a table, a heading, a field of a docstring
    |[ ]\|[ ]  # a cell of a table
    """,
    re.VERBOSE,
)


class Passage(NamedTuple):
    """One text: a docstring, a block of comments, a help text or a page."""

    path: str
    line: int
    kind: str
    text: str


class Use(NamedTuple):
    """One "what" that is not in a question, with its sentence."""

    path: str
    line: int
    kind: str
    sentence: str


class Tally:
    """A sum of words and of uses of "what"."""

    def __init__(self) -> None:
        self.words = self.whats = 0

    def add(self, words: int, whats: int) -> None:
        self.words += words
        self.whats += whats

    @property
    def per_thousand(self) -> float:
        return 1000 * self.whats / self.words if self.words else 0.0


# --- texts of the project --------------------------------------------------------------------------------------------


def passages(root: Path = ROOT) -> Iterator[Passage]:
    """Every text of the project that people read as prose."""
    for folder in CODE:
        for path in sorted((root / folder).rglob("*.py")):
            yield from passages_of_code(path.read_text("utf-8"), path.relative_to(root).as_posix())
    for pattern in PAGES:
        for path in sorted(root.glob(pattern)):
            yield Passage(path.relative_to(root).as_posix(), 1, "page", without_code_blocks(path.read_text("utf-8")))


def passages_of_code(source: str, path: str) -> Iterator[Passage]:
    """The docstrings, help texts and comments of a module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr):
            if (text := _text_of(node.value)) is not None:
                yield Passage(path, node.lineno, "docstring", without_code_blocks(text))
        elif isinstance(node, ast.keyword) and node.arg in HELP:
            if (text := _text_of(node.value)) is not None:
                yield Passage(path, node.value.lineno, "help", text)
    yield from _comments(source, path)


def _text_of(node: ast.expr) -> str | None:
    """A text as written, or None. The values that an f-string inserts are left out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value for part in node.values if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return None


def _comments(source: str, path: str) -> Iterator[Passage]:
    """The comments of a module; whole-line comments that follow one another are one passage."""
    block: list[str] = []
    first = last = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT or _DIRECTIVE.match(token.string):
            continue
        text, line, alone = token.string.lstrip("#").strip(), token.start[0], not token.line[: token.start[1]].strip()
        if block and not (alone and line == last + 1):
            yield Passage(path, first, "comment", "\n".join(block))
            block = []
        if not alone:
            yield Passage(path, line, "comment", text)
            continue
        first, last = first if block else line, line
        block.append(text)
    if block:
        yield Passage(path, first, "comment", "\n".join(block))


def without_code_blocks(text: str) -> str:
    """The text with an empty line in place of each line of a fenced block, of a doctest or of a block after "::"."""
    kept: list[str] = []
    fence = ""
    literal: int | None = None  # the indentation of the line that ends with "::"
    for line in text.split("\n"):
        bare = line.strip()
        indentation = len(line) - len(line.lstrip())
        if fence:
            fence = "" if bare.startswith(fence) and not bare.strip(fence[0]) else fence
            bare = ""
        elif opening := re.match(r"`{3,}|~{3,}|:{3,}", bare):
            fence, bare = ("" if bare.startswith(":") else opening[0]), ""
        elif literal is not None and bare and indentation <= literal:
            literal = None
        elif literal is not None or bare.startswith(">>>"):
            bare = ""
        kept.append(line if bare else "")
        if bare.endswith("::"):
            literal = indentation
    return "\n".join(kept)


# --- counting --------------------------------------------------------------------------------------------------------


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each sentence of a text with the offset at which it begins."""
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        yield start, text[start : boundary.end()]
        start = boundary.end()
    yield start, text[start:]


def is_question(sentence: str) -> bool:
    """True if the sentence ends with a question mark, whatever quotes or brackets close after it."""
    return sentence.strip().rstrip(")\"'”’*_|` \n").endswith("?")


def count(passage: Passage) -> tuple[int, list[Use]]:
    """The words of a passage and its uses of "what" outside questions."""
    plain = _INLINE_CODE.sub(lambda code: re.sub(r"\S", "x", code[0]), passage.text)
    uses = []
    for start, sentence in sentences(plain):
        if is_question(sentence):
            continue
        for found in _WHAT.finditer(sentence):
            line = passage.line + plain.count("\n", 0, start + found.start())
            text = " ".join(passage.text[start : start + len(sentence)].split())
            uses.append(Use(passage.path, line, passage.kind, text))
    return len(_WORD.findall(plain)), uses


def folder_of(path: str) -> str:
    """The folder under which a file is counted: a room of the core, a plugin, an example, docs or the page itself."""
    parts = path.split("/")
    depth = {"core": 3, "plugins": 2, "examples": 3}.get(parts[0], 1)
    return "/".join(parts[: min(depth, len(parts) - 1)] or parts)


def per_thousand(texts: Iterable[Passage]) -> float:
    """Uses of "what" per 1,000 words over all these texts."""
    tally = Tally()
    for passage in texts:
        words, uses = count(passage)
        tally.add(words, len(uses))
    return tally.per_thousand


# --- the command -----------------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description='Count uses of "what" outside questions, per 1,000 words of prose.')
    parser.add_argument("folders", nargs="*", metavar="FOLDER", help="count only paths that begin so, such as core/wares/posting")
    parser.add_argument("--list", action="store_true", help="print each use with its place and sentence")
    parser.add_argument("--worst", type=int, default=0, metavar="N", help="print the N files with the most uses")
    options = parser.parse_args(arguments)
    folders, files, kinds = defaultdict[str, Tally](Tally), defaultdict[str, Tally](Tally), defaultdict[str, Tally](Tally)
    in_all = Tally()
    prefixes = tuple(folder.removeprefix("./") for folder in options.folders) or ("",)
    for passage in passages():
        if not passage.path.startswith(prefixes):
            continue
        words, uses = count(passage)
        for tally in (folders[folder_of(passage.path)], files[passage.path], kinds[passage.kind], in_all):
            tally.add(words, len(uses))
        if options.list:
            sys.stdout.writelines(f"{use.path}:{use.line}: {use.kind}: {use.sentence}\n" for use in uses)
    if options.worst:
        worst = sorted(files.items(), key=lambda entry: (-entry[1].whats, entry[0]))[: options.worst]
        sys.stdout.write(_table(f"the {len(worst)} worst files", worst))
    if not options.list:
        sys.stdout.write(_table("folder", sorted(folders.items())))
    sys.stdout.write(_table("in all", [*sorted(kinds.items()), ("all", in_all)]))


def _table(title: str, rows: Sequence[tuple[str, Tally]]) -> str:
    width = max([len(title), *(len(name) for name, _ in rows)])
    lines = [f"{title:<{width}}  {'words':>7}  {'what':>5}  per 1,000"]
    lines += [f"{name:<{width}}  {tally.words:>7}  {tally.whats:>5}  {tally.per_thousand:>9.1f}" for name, tally in rows]
    return "\n".join(lines) + "\n\n"


if __name__ == "__main__":
    main()
