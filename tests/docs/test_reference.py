"""The parts of the documents that are written from the code are up to date, and each hook documents what it takes."""

from __future__ import annotations

from dataclasses import is_dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel

import wares
from tools import write_reference as reference

WRITE = "run: python tools/write_reference.py"
HOOKS = reference.hooks()
ELSEWHERE = {"Channel", "ChannelReport", "Chart", "ChartAccount", "Issue", "RowIssue"}
"""Value types that other pages describe."""


def test_there_is_a_hook_for_every_name_in_the_manual() -> None:
    assert len(HOOKS) >= 20


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_hook_documents_every_parameter(hook: reference.Hook) -> None:
    assert reference.problems_of(hook) == []


def test_the_page_of_the_hooks_is_up_to_date() -> None:
    assert reference.HOOKS.read_text("utf-8") == reference.hooks_page(), WRITE


def test_the_page_of_the_values_is_up_to_date() -> None:
    assert reference.FIELDS.read_text("utf-8") == reference.fields_page(), WRITE


def test_every_public_value_type_is_on_the_page_of_the_values() -> None:
    public = {name: getattr(wares, name) for name in wares.__all__}
    values = {
        name
        for name, each in public.items()
        if isinstance(each, type) and not issubclass(each, BaseModel) and (hasattr(each, "_fields") or is_dataclass(each))
    }
    listed = {name for names in reference.VALUE_TYPES.values() for name in names.split()}
    assert values - listed - ELSEWHERE == set()


def test_a_field_takes_its_meaning_from_the_comment_on_its_line_and_its_default_from_the_class() -> None:
    quantity = next(each for each in reference.fields_of(wares.Line) if each.name == "base_quantity")
    assert quantity == reference.Field("base_quantity", "int", "millionths of the item's unit")
    assert next(each.default for each in reference.fields_of(wares.Item) if each.name == "unit") == "'ea'"
    assert next(each.default for each in reference.fields_of(wares.Item) if each.name == "raw_attributes") == "dict()"
    layer = {each.name: each.annotation for each in reference.fields_of(wares.Layer)}
    assert (layer["remaining"], layer["rest"]) == ("int", "int")  # one set by __init__, one a property


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
