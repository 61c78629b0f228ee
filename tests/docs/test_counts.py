"""The scripts that count files on the way of a document, and lines with `Any`."""

from __future__ import annotations

from pathlib import Path

from tools.count_any import lines_with_any
from tools.count_files import Passage, Visit, followed, passages
from wares.values import minor

MOST_LINES_WITH_ANY = 150


def test_changes_of_file_are_counted_between_visits() -> None:
    passage = Passage(tuple(Visit(file, "price") for file in "aabab"))
    assert (passage.files, passage.changes) == (2, 3)
    assert passage.folded() == [("price", {"a": 3, "b": 2})]


def test_a_stage_that_comes_again_is_shown_again() -> None:
    passage = Passage((Visit("a", "move"), Visit("b", "cost"), Visit("a", "move")))
    assert passage.folded() == [("move", {"a": 1}), ("cost", {"b": 1}), ("move", {"a": 1})]


def test_only_calls_of_the_core_are_visits() -> None:
    assert {visit.file for visit in followed(lambda: (minor("1.50", 2), Path("x").name)).visits} == {"values.py"}


def test_a_document_is_followed_through_the_core() -> None:
    invoice, bill = passages().values()
    assert 10 < invoice.files < bill.files
    assert invoice.files < invoice.changes < bill.changes


def test_lines_with_any_are_counted_once(tmp_path: Path) -> None:
    room = tmp_path / "core"
    room.mkdir()
    (room / "x.py").write_text("from typing import Any\nx: dict[Any, Any]\nAnything = 1\n")
    assert list(lines_with_any(tmp_path, ("core",))) == [
        ("core/x.py", 1, "from typing import Any"),
        ("core/x.py", 2, "x: dict[Any, Any]"),
    ]


def test_the_core_and_the_plugins_have_few_lines_with_any() -> None:
    assert len(list(lines_with_any())) <= MOST_LINES_WITH_ANY
