"""The laws of a plugin as such: it loads, its hooks fit, its tables are its own, its migrations go up, down and up again."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Protocol, get_type_hints

from sqlalchemy import Engine
from sqlalchemy import inspect as inspect_database

from wares.books import Books
from wares.contract import hookspecs
from wares.errors import WaresError
from wares.testing.laws import LawBroken, require
from wares.testing.laws.costs import require_sound
from wares.testing.laws.subject import Subject


class Keyed(Protocol):
    """An object that a plugin registers under a key."""

    @property
    def key(self) -> str:
        """The key."""
        ...


def loads(subject: Subject) -> None:
    """Check that the plugin loads strictly: without a misspelt hook, a wrong signature, a wrong object or another's key."""
    try:
        plugins = subject.plugins
    except WaresError as error:
        raise LawBroken(f"the plugin does not load: {error}; {error.hint}") from error
    require(not plugins.problems, f"the plugin loads with problems: {'; '.join(map(str, plugins.problems))}")
    plugins.manager.check_pending()


def registers(subject: Subject, kind: str, thing: Keyed) -> None:
    """Check that the plugin registers the object of the contract under its key."""
    found = getattr(subject.plugins.registry, kind).get(thing.key)
    require(found is not None, f"{subject.name} registers no {thing.key!r} among its {kind}")
    owner = subject.plugins.registry.owner(kind, thing.key)
    who = owner.name if owner is not None else "nobody"
    require(type(found) is type(thing), f"{thing.key!r} among the {kind} is a {type(found).__name__} of {who}")


def hooks_take_what_the_manual_says(subject: Subject) -> None:
    """Check that annotated parameters of a hook implementation have the types of hookspecs.py."""
    wrong = list(_wrong_annotations(subject))
    require(not wrong, "; ".join(wrong))


def _wrong_annotations(subject: Subject) -> Iterator[str]:
    manager = subject.plugins.manager
    for caller in manager.get_hookcallers(subject.plugin) or ():
        spec = getattr(hookspecs, caller.name)
        wanted = _hints(spec)
        for impl in caller.get_hookimpls():
            if impl.plugin is not subject.plugin:
                continue
            given = _hints(impl.function)
            for name in impl.argnames:
                ours, theirs = wanted.get(name, Any), given.get(name, Any)
                if ours is not Any and theirs not in (Any, object, ours):
                    yield f"{caller.name} takes {name}: {ours}, not {theirs}"


def _hints(function: Callable[..., object]) -> dict[str, object]:
    """Return the resolved annotations; names imported for type checkers only are looked up in `wares`."""
    import wares

    names = {name: getattr(wares, name) for name in wares.__all__}
    try:
        return get_type_hints(inspect.unwrap(function), localns=names)
    except NameError:
        return {}


def tables_are_its_own(subject: Subject) -> None:
    """Check that each table is named after the plugin (or has the prefix of its migrations), keeps the rules of the schema, and
    comes with migrations."""
    from wares.storage.lint import lint

    registry = subject.plugins.registry
    metadata, source = registry.models.get(subject.name), registry.migrations.get(subject.name)
    own = [] if metadata is None else [table for table in metadata.tables.values() if _is_named(table.name, subject)]
    if metadata is not None:
        foreign = [name for name in metadata.tables if not _is_named(name, subject) and not _is_somebodys(name, subject)]
        require(not foreign, f"tables {', '.join(foreign)} do not start with {subject.name}_")
    require(not own or source is not None, f"{subject.name} has tables but no migrations: implement wares_migrations")
    if own:
        problems = [issue for issue in lint(own[0].metadata) if issue.where in {table.name for table in own}]
        require(not problems, "; ".join(map(str, problems)))


def _is_named(table: str, subject: Subject) -> bool:
    registry = subject.plugins.registry
    owner = next((owner for _, owner in registry.things() if owner.name == subject.name), None)
    return owner is not None and registry.owns_table(owner, table)


def _is_somebodys(table: str, subject: Subject) -> bool:
    """True if another plugin owns the table: the models of all plugins in one process share the metadata of WaresModel."""
    from wares.storage.model import WaresModel

    models = WaresModel.__subclasses__()
    return any(model.__tablename__ == table and table.startswith(f"{model.__plugin__}_") for model in models)


def migrations_go_up_down_and_up(subject: Subject, engine: Engine) -> None:
    """Check that the migrations make exactly the tables of the metadata on an empty database, remove them, and make them again."""
    from wares.storage.migration_source import CORE
    from wares.storage.revise import differences
    from wares.storage.revisions import downgrade, migrate, status

    source = subject.plugins.registry.migrations.get(subject.name)
    if source is None:
        return
    migrate(engine, (CORE, source))
    require(not (left := differences(engine, source)), f"the migrations do not lead to the models: {left}")
    downgrade(engine, source)
    still = [name for name in inspect_database(engine).get_table_names() if source.owns(name)]
    require(not still, f"downgrading leaves {', '.join(still)} behind")
    migrate(engine, (CORE, source))
    require(not (left := differences(engine, source)), f"after down and up the tables differ: {left}")
    states = {each.owner: each for each in status(engine, (CORE, source))}
    require(states[source.owner].up_to_date, f"after migrating, {source.owner} is at {states[source.owner].current}")


def charts_open_books(subject: Subject) -> None:
    """Check that with each of the plugin's charts a company can open, buy, sell and be paid, and that the books verify."""
    for key in subject.plugins.registry.owned_by(subject.name, "charts"):
        try:
            _trade_with(key, subject)
        except WaresError as error:
            raise LawBroken(f"chart {key}: a company cannot trade with it: {error}; {error.hint}") from error


def _trade_with(chart: str, subject: Subject) -> None:
    books = Books.open("sqlite://", chart=chart, plugins=subject.plugins)
    try:
        bank = next((row["code"] for row in books.gl.accounts() if "bank" in row["roles"]), None)
        for code, kind in (("S", "supplier"), ("C", "customer")):
            books.parties.add(code, kinds=[kind])
        books.items.add("stock", sku="GOODS", price="10", cost="4")
        books.post("bill", date="2026-01-02", party="S", lines=[{"item": "GOODS", "quantity": 3}])
        books.post("invoice", date="2026-01-03", party="C", lines=[{"item": "GOODS", "quantity": 2}])
        books.post("payment", date="2026-01-04", direction="in", party="C", account=bank, amount="20")
        require_sound(books, f"chart {chart}")
    finally:
        books.close()
