"""The parts of the documents that are written from the code are up to date, and each hook documents what it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import write_reference as reference

WRITE = "run: python tools/write_reference.py"
HOOKS = reference.hooks()


def test_there_is_a_hook_for_every_name_in_the_manual() -> None:
    assert len(HOOKS) >= 20


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_hook_documents_every_parameter(hook: reference.Hook) -> None:
    assert reference.problems_of(hook) == []


def test_the_page_of_the_hooks_is_up_to_date() -> None:
    assert reference.HOOKS.read_text("utf-8") == reference.hooks_page(), WRITE


def test_the_command_tree_is_up_to_date() -> None:
    page = reference.COMMANDS.read_text("utf-8")
    assert page == reference.with_tree(page), WRITE


def test_what_a_docstring_lacks_is_found() -> None:
    hook = HOOKS[0]._replace(parameters=("item", "masters"), fields={"param item": "x", "returns": "y"}, example="def f(): ...")
    assert reference.problems_of(hook) == [
        "documents ('item',), takes ('item', 'masters')",
        "has the field :returns:",
        "does not say what it returns",
        "does not say since which API version it is there",
        "has an example of something else",
    ]


def test_every_document_is_on_the_site() -> None:
    docs = reference.HOOKS.parent
    index = (docs / "index.md").read_text("utf-8").splitlines()
    assert [path.stem for path in sorted(Path(docs).glob("*.md")) if path.stem != "index" and path.stem not in index] == []
