"""The contract of a plugin as such. The contract of each kind of object (`wares.testing.contracts`) inherits from it.

A law that does not apply to the object (a return of an item that is never sold) is not a test of the class. A gap in `gaps` is a
strict xfail: the test fails once the gap is closed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wares.testing.databases import own_database
from wares.testing.laws import loading
from wares.testing.laws.subject import Subject
from wares.values import Record

CONTRACT_VERSION = 1
"""Version of the contract; it rises with each new law that a plugin may break although it keeps the old ones."""
POSTGRESQL_URL = "WARES_TEST_POSTGRESQL_URL"
"""Environment variable with the URL of a PostgreSQL server for the migrations; without it they are tried on SQLite only."""
MOST_EXAMPLES = "WARES_TEST_EXAMPLES"
"""Environment variable with the most sets of values that a law is tried with, for a quick run; without it each law has its own
number."""

Test = TypeVar("Test", bound=Callable[..., None])


def applies_if(condition: Callable[[Any], object]) -> Callable[[Test], Test]:
    """Mark a test that belongs to a class only if `condition(class)` holds."""

    def mark(test: Test) -> Test:
        test.applies_if = condition  # type: ignore[attr-defined]  # our own mark on the function
        return test

    return mark


def for_all(law: Callable[..., None], *, examples: int = 25, **drawn: st.SearchStrategy[object]) -> None:
    """Check a law for `examples` sets of values that hypothesis draws, or for as many as MOST_EXAMPLES says."""
    most = int(os.environ.get(MOST_EXAMPLES) or examples)

    @settings(max_examples=min(examples, most), deadline=None)
    @given(**drawn)
    def holds(**values: object) -> None:
        law(**values)

    holds()


class PluginContract:
    """The tests of a plugin as such."""

    contract_version: ClassVar[int] = CONTRACT_VERSION
    plugin: object
    """The plugin: a module or an object; None is the core."""
    others: ClassVar[Sequence[object]] = ()
    """Plugins that it builds on."""
    needs: ClassVar[Sequence[Record]] = ()
    """Records that its examples need first."""
    gaps: ClassVar[Mapping[str, str]] = {}
    """Test → the reason why it fails for now."""

    def __init_subclass__(cls, **options: object) -> None:
        super().__init_subclass__(**options)
        if not hasattr(cls, "plugin"):
            return
        for name in [name for name in dir(cls) if name.startswith("test_")]:
            test = getattr(cls, name)
            condition = getattr(test, "applies_if", None)
            if condition is not None and not condition(cls):
                setattr(cls, name, None)
            elif name in cls.gaps and name not in vars(cls):
                setattr(cls, name, pytest.mark.xfail(reason=cls.gaps[name], strict=True)(_copy(test)))
        unknown = [name for name in cls.gaps if getattr(cls, name, None) is None]
        if unknown:
            raise TypeError(f"{cls.__name__}.gaps names {', '.join(unknown)}, which the class does not have")

    @classmethod
    def examined(cls) -> Subject:
        """Return the subject that the fixture `subject` gives to the tests of this class."""
        return Subject(plugin=cls.plugin, others=cls.others, needs=cls.needs)

    def test_loads_strictly(self, subject: Subject) -> None:
        loading.loads(subject)

    def test_hooks_take_what_the_manual_says(self, subject: Subject) -> None:
        loading.hooks_take_what_the_manual_says(subject)

    def test_tables_are_its_own(self, subject: Subject) -> None:
        loading.tables_are_its_own(subject)

    @applies_if(lambda its: hasattr(its.plugin, "wares_charts_of_accounts"))
    def test_charts_open_books(self, subject: Subject) -> None:
        loading.charts_open_books(subject)

    def test_migrations_go_up_down_and_up(self, subject: Subject, tmp_path: Path) -> None:
        from wares.storage.database import open_engine

        for url in filter(None, (f"sqlite:///{tmp_path / 'books.db'}", os.environ.get(POSTGRESQL_URL))):
            with own_database(url) as place:
                engine = open_engine(place)
                loading.migrations_go_up_down_and_up(subject, engine)
                engine.dispose()


def _copy(test: Callable[..., None]) -> Callable[..., None]:
    """Return a copy of a test, so that a mark on it does not mark the test of the contract."""

    @wraps(test)
    def copied(*arguments: object, **fixtures: object) -> None:
        test(*arguments, **fixtures)

    return copied
