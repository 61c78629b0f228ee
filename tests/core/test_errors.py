"""Errors as values: each can be pickled, and each says as JSON what it says as text."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from wares.errors import ConfigError, Conflict, Issue, PluginError, Refused, StorageError, WaresError, WrongAnswer

TWO = (
    Issue("NO_PRICE", "BOLT has no price", "lines[0].unit_price", "give one"),
    Issue("NO_ITEM", "no item", plugin="kit", where="I-1"),
)
ERRORS: tuple[WaresError, ...] = (
    Refused(TWO),
    Refused.because("UNKNOWN_ITEM", "there is no item", path="lines[1].item", hint="did you mean BOLT?"),
    Conflict("BUSY", "another writer was first", retryable=True, hint="run it again"),
    PluginError("PLUGIN_RAISED", "plugin kit raised", plugin="kit"),
    WrongAnswer(lambda: None, "price", "a Pricing", 3),
    StorageError("NO_DATABASE", "there is no database", where="shop.db"),
    ConfigError("UNKNOWN_SETTING", "there is no setting colour"),
)
each_error = pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)


@each_error
def test_an_error_is_pickled_whole(error: WaresError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), again.to_dict(), again.args) == (str(error), error.to_dict(), error.args)
    assert getattr(again, "retryable", None) == getattr(error, "retryable", None)


@each_error
def test_an_error_is_json(error: WaresError) -> None:
    shown = json.loads(json.dumps(error.to_dict()))
    assert (shown["code"], shown["message"]) == (error.code, error.message)
    assert [issue["code"] for issue in shown["issues"]] == [issue.code for issue in error.issues]


def test_every_issue_keeps_its_place() -> None:
    shown = Refused(TWO).to_dict()
    assert shown == {
        "code": "NO_PRICE", "message": "BOLT has no price", "hint": "give one", "plugin": None, "where": "lines[0].unit_price",
        "issues": [
            {"code": "NO_PRICE", "message": "BOLT has no price", "path": "lines[0].unit_price", "hint": "give one", "plugin": None,
             "where": None},
            {"code": "NO_ITEM", "message": "no item", "path": None, "hint": None, "plugin": "kit", "where": "I-1"},
        ],
    }  # fmt: skip


def _refuse() -> None:
    raise Refused(TWO)


def test_a_refusal_comes_out_of_a_pool_of_processes() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        with pytest.raises(Refused) as refusal:
            processes.submit(_refuse).result()
        assert refusal.value.issues == TWO
        with pytest.raises(Refused):
            processes.submit(_refuse).result()
