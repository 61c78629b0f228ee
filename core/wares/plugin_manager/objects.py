"""Checks of registered objects: each check yields one sentence for a mistake, or nothing.

They run once, at load, so that a mistake in a plugin is named there and not in the middle of an invoice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from pydantic import BaseModel

from wares.contract.channel import Channel
from wares.contract.document_type import DocumentType
from wares.contract.item_type import ItemType, Question
from wares.contract.projection import Projection
from wares.contract.record_type import RecordType
from wares.contract.report import Report
from wares.costing.method import CostMethod
from wares.errors import shown
from wares.model import Side
from wares.plugin_manager.registry import Registered
from wares.runtime.deprecations import removed_facts

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,9}")
OWN_WORDS = frozenset({"list"})
"""Commands of `wares reports` that are no reports."""


class WrongObject(Exception):
    """Raised if a registration hook returned an object that its contract does not allow; the text names the mistake."""


class Kind(NamedTuple):
    """A registration hook: the kind of object that it registers, with its check."""

    hook: str
    kind: str
    check: Callable[[object], Iterator[str]]
    many: bool = True


def registered_by(kind: Kind, plugin: str, returned: object) -> list[Registered]:
    """Return the checked objects of one registration hook's answer. Raises WrongObject."""
    if not kind.many:
        if returned is None:
            return []
        _raise_first(kind.hook, kind.check(returned))
        return [Registered(kind.kind, plugin, returned)]
    if isinstance(returned, str | bytes) or not isinstance(returned, Iterable):
        raise WrongObject(f"{kind.hook} returned {_short(returned)}; it must return an iterable of objects")
    found: list[Registered] = []
    for thing in returned:
        _raise_first(kind.hook, kind.check(thing))
        key = _key_of(thing)
        if any(other.key == key for other in found):
            raise WrongObject(f"{kind.hook} returned the key {key!r} twice")
        found.append(Registered(kind.kind, key, thing))
    return found


def _raise_first(hook: str, problems: Iterator[str]) -> None:
    for problem in problems:
        raise WrongObject(f"{hook} returned {problem}")


def _short(thing: object) -> str:
    return shown(thing, 80)


def _no(thing: object, wanted: type) -> str:
    if isinstance(thing, type):
        return f"the class {thing.__name__}; return an object: {thing.__name__}()"
    return f"{_short(thing)}, which is no {wanted.__name__}"


def _key_of(thing: object) -> str:
    return str(getattr(thing, "key", ""))


def _who(thing: object) -> str:
    return f"{type(thing).__name__} ({_key_of(thing)})"


def _key(thing: object) -> Iterator[str]:
    key = getattr(thing, "key", None)
    if not isinstance(key, str) or not KEY.fullmatch(key):
        rule = "a key is lower_snake: a letter, then at most 39 letters, digits or _"
        yield f"{type(thing).__name__} with key {_short(key)}; {rule}"


def _texts(thing: object, *names: str) -> Iterator[str]:
    for name in names:
        if not isinstance(value := getattr(thing, name, None), str) or not value:
            yield f"{_who(thing)} with {name} {_short(value)}; it must be a text"


def _strict(who: str, name: str, model: object) -> Iterator[str]:
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        yield f"{who} whose {name} is {_short(model)}; it must be a pydantic model (a subclass of wares.Attributes)"
    elif model.model_config.get("extra") != "forbid" or not model.model_config.get("frozen"):
        yield f'{who} whose {name} is not strict; it needs model_config = ConfigDict(extra="forbid", frozen=True)'


def _roles(thing: object, roles: object) -> Iterator[str]:
    if not _are_names(roles):
        yield f"{_who(thing)} whose roles() gives {_short(roles)}; it must give a frozenset of names"


def _frozen_names(thing: object, *names: str) -> Iterator[str]:
    for name in names:
        value = getattr(thing, name)
        if not _are_names(value):
            yield f"{_who(thing)} with {name} {_short(value)}; it must be a frozenset of names"


def _are_names(value: object) -> bool:
    return isinstance(value, frozenset | set) and all(isinstance(each, str) for each in value)


def _item_type(thing: object) -> Iterator[str]:
    if not isinstance(thing, ItemType):
        yield _no(thing, ItemType)
        return
    yield from _key(thing)
    yield from _texts(thing, "title", "sale_role", "purchase_role")
    yield from _strict(_who(thing), "Attributes", thing.Attributes)
    yield from _frozen_names(thing, "content_types")
    yield from _roles(thing, thing.roles())


def _document_type(thing: object) -> Iterator[str]:
    if not isinstance(thing, DocumentType):
        yield _no(thing, DocumentType)
        return
    yield from _key(thing)
    yield from _texts(thing, "title", "prefix")
    if not PREFIX.fullmatch(thing.prefix):
        yield f"{_who(thing)} with prefix {_short(thing.prefix)}; it is a capital letter, then at most 9 capitals or digits"
    if not isinstance(side := getattr(thing, "side", None), Side):
        yield f"{_who(thing)} with side {_short(side)}; it must be a wares.Side"
    if thing.sign not in (1, -1) or thing.direction not in (1, 0, -1):
        yield f"{_who(thing)} with sign {thing.sign!r} and direction {thing.direction!r}; they are 1 or -1, and 1, 0 or -1"
    for removed in removed_facts("DocumentType", thing):
        yield f"{_who(thing)}, which states {removed.name}: nothing reads it any more; {removed.instead}"
    yield from _frozen_names(thing, "header_keys", "line_keys")
    if not isinstance(fulfils := getattr(thing, "fulfils", None), Mapping):
        yield f"{_who(thing)} with fulfils {_short(fulfils)}; it must map types of document to kinds of link"
    yield from _strict(_who(thing), "Attributes", thing.Attributes)
    yield from _roles(thing, thing.roles())


def _cost_method(thing: object) -> Iterator[str]:
    if not isinstance(thing, CostMethod):
        yield _no(thing, CostMethod)
    yield from _key(thing)
    yield from _texts(thing, "title")


def _channel(thing: object) -> Iterator[str]:
    if not isinstance(thing, Channel):
        yield _no(thing, Channel)
        return
    yield from _key(thing)
    yield from _texts(thing, "title")
    yield from (f"Channel ({thing.key}), which {problem}" for problem in thing.problems())


def _record_type(thing: object) -> Iterator[str]:
    if not isinstance(thing, RecordType):
        yield _no(thing, RecordType)
    yield from _key(thing)


def _report(thing: object) -> Iterator[str]:
    if not isinstance(thing, Report):
        yield _no(thing, Report)
        return
    yield from _key(thing)
    yield from _texts(thing, "title")
    if thing.key in OWN_WORDS:
        yield f"{_who(thing)}, whose key is a word of `wares reports` itself"
    columns = getattr(thing, "columns", None)
    if not isinstance(columns, tuple) or not columns or not all(isinstance(name, str) for name in columns):
        yield f"{_who(thing)} with columns {_short(columns)}; they must be a tuple of names"
    yield from _strict(_who(thing), "Parameters", thing.Parameters)


def _projection(thing: object) -> Iterator[str]:
    if not isinstance(thing, Projection):
        yield _no(thing, Projection)
    yield from _key(thing)


def _question(thing: object) -> Iterator[str]:
    if not isinstance(thing, Question):
        yield _no(thing, Question)
    yield from _key(thing)


def _chart(thing: object) -> Iterator[str]:
    if isinstance(thing, type):
        yield _no(thing, object)
    if not hasattr(thing, "accounts"):
        yield f"{_short(thing)}, which is no Chart"
    yield from _key(thing)
    yield from _texts(thing, "title")
    accounts = getattr(thing, "accounts", None)
    for account in accounts if isinstance(accounts, tuple) else (accounts,):
        words = [getattr(account, name, None) for name in ("code", "name", "type")]
        roles = getattr(account, "roles", None)
        if not all(isinstance(word, str) for word in (*words, *(roles if isinstance(roles, tuple) else (None,)))):
            yield f"Chart ({_key_of(thing)}) with the account {_short(account)}; its accounts are a tuple of ChartAccounts"


def _settings(thing: object) -> Iterator[str]:
    if not isinstance(thing, type) or not issubclass(thing, BaseModel):
        yield f"{_short(thing)}; it must be a pydantic model (the class) or None"
        return
    needed = [name for name, field in thing.model_fields.items() if field.is_required()]
    if needed:
        yield f"{thing.__name__}, whose fields {', '.join(needed)} have no default; every setting needs one"


def _models(thing: object) -> Iterator[str]:
    from sqlalchemy import MetaData

    if not isinstance(thing, MetaData):
        yield f"{_short(thing)}; it must be a SQLAlchemy MetaData or None"


def _migrations(thing: object) -> Iterator[str]:
    from wares.storage.migration_source import MigrationSource

    if not isinstance(thing, MigrationSource):
        yield f"{_short(thing)}; it must be a wares.storage.MigrationSource or None"


KINDS = (
    Kind("wares_item_types", "item_types", _item_type),
    Kind("wares_document_types", "document_types", _document_type),
    Kind("wares_cost_methods", "cost_methods", _cost_method),
    Kind("wares_channels", "channels", _channel),
    Kind("wares_record_types", "record_types", _record_type),
    Kind("wares_charts_of_accounts", "charts", _chart),
    Kind("wares_reports", "reports", _report),
    Kind("wares_projections", "projections", _projection),
    Kind("wares_questions", "questions", _question),
    Kind("wares_settings", "settings", _settings, many=False),
    Kind("wares_models", "models", _models, many=False),
    Kind("wares_migrations", "migrations", _migrations, many=False),
)
"""Every registration hook; a new one is a line here, a field of the Registry and an entry in hookspecs.py."""
