"""Rules for every bundled plugin: public imports only, unique keys, and a question for each type, in order."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

import wares
from tests.plugins.builders import TYPES
from wares import Question

NAMES = ("stock", "assembly", "kit", "matrix", "calculation", "nonstock", "service", "group")
FILES = sorted(path for name in NAMES for path in (Path(__file__).parents[2] / "plugins" / name / f"wares_{name}").rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_imports_only_public_names(path: Path) -> None:
    own = path.parent.name
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("wares"):
            assert node.module == "wares" or node.module.split(".")[0] == own, node.module
            if node.module == "wares":
                assert {alias.name for alias in node.names} <= set(wares.__all__)
        elif isinstance(node, ast.Import):
            assert not any(alias.name.startswith("wares") for alias in node.names)


def questions() -> list[Question]:
    return [question for name in NAMES for question in getattr(importlib.import_module(f"wares_{name}"), "wares_questions", list)()]


def test_each_type_has_a_question() -> None:
    asked = questions()
    assert {question.type for question in asked} == set(TYPES)
    assert len({question.key for question in asked}) == len({question.weight for question in asked}) == len(asked)
    assert all(question.text.endswith("?") and question.because for question in asked)


def test_the_questions_stand_in_order() -> None:
    order = [question.type for question in sorted(questions(), key=lambda question: question.weight)]
    assert order[:7] == ["matrix", "kit", "service", "assembly", "stock", "non_stock", "expense"]


def test_every_type_has_a_summary() -> None:
    for key, kind in TYPES.items():
        assert kind.key == key
        assert kind.title
        assert kind.summary
        assert kind.content_types <= set(TYPES)
