"""Creation of a new plugin: check the names, write the files of a template, and suggest the next commands."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from string import Template
from typing import NamedTuple

from wares.errors import Issue, Refused, WaresError
from wares.plugin_manager.loader import Plugins
from wares.plugin_manager.objects import KEY

TEMPLATES = {
    "item": "a type of item",
    "document": "a type of document",
    "method": "a cost method",
    "channel": "a sales channel",
    "wrapper": "something that watches or changes another type's behaviour",
}
"""Template → description of the plugin that it starts."""
KINDS = {
    "item": "item_types",
    "document": "document_types",
    "method": "cost_methods",
    "channel": "channels",
    "wrapper": "item_types",
}
"""Template → the kind of object of which `--type` gives the key."""
COMMON = {"pyproject.toml": "pyproject.toml", "README.md": "README.md", "CHANGELOG.md": "CHANGELOG.md", "gitignore": ".gitignore"}
OWN = {
    "package.py": "src/$package/__init__.py",
    "test_contract.py": "tests/test_contract.py",
    "test_object.py": "tests/$module.py",
}
"""File of a template → its place in the project."""
WATCHING = {"package.py": OWN["package.py"], "test_contract.py": OWN["test_contract.py"], "test_watching.py": OWN["test_object.py"]}
"""The same for a wrapper of a type that is not sold by the piece (a discount, a group), for which the worked examples of a
wrapper do not fit."""
DISTRIBUTION = re.compile(r"[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?")


class Created(NamedTuple):
    """A new project."""

    folder: Path
    """The folder of the project."""
    files: tuple[Path, ...]
    """The files written."""
    warnings: tuple[str, ...]
    """Clashes with other plugins or packages."""

    @property
    def next_steps(self) -> tuple[str, ...]:
        """Commands that install it and run its tests."""
        return (f'pip install --no-build-isolation -e "{self.folder.name}[dev]"', f"pytest {self.folder.name}")


def create(
    name: str,
    *,
    key: str,
    template: str = "item",
    into: Path | None = None,
    plugins: Plugins | None = None,
    dry_run: bool = False,
) -> Created:
    """Write the project `name` with a plugin whose object has this key, and warn of clashes with `plugins`.

    Raises Refused with every Issue: BAD_NAME, BAD_KEY, UNKNOWN_TEMPLATE, UNKNOWN_ITEM_TYPE, FOLDER_EXISTS.
    """
    folder = (into or Path.cwd()) / name
    issues = [*_issues(name, key, template, folder, plugins)]
    if issues:
        raise Refused(issues)
    names = _names(name, key, template, plugins)
    own = OWN if template != "wrapper" or plugins is None or _is_sold_by_the_piece(key, plugins) else WATCHING
    written = []
    for place, text in _files(template, own, names):
        path = folder / place
        written.append(path)
        if not dry_run:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return Created(folder, tuple(written), tuple(_warnings(names, key, template, plugins)))


def package_of(name: str) -> str:
    """Return the name of the package in a distribution of this name."""
    return re.sub(r"[-.]+", "_", name).lower()


def _issues(name: str, key: str, template: str, folder: Path, plugins: Plugins | None) -> Iterator[Issue]:
    package = package_of(name)
    if not DISTRIBUTION.fullmatch(name) or not package.isidentifier() or keyword.iskeyword(package):
        hint = "letters, digits and single hyphens, beginning with a letter: acme-rental"
        yield Issue("BAD_NAME", f"{name!r} cannot be the name of a distribution and its package", "NAME", hint)
    elif package in sys.stdlib_module_names or package == "wares":
        yield Issue("BAD_NAME", f"{package!r} is a package of Python or of Wares itself", "NAME", f"try {name}-plugin")
    if not KEY.fullmatch(key):
        yield Issue("BAD_KEY", f"{key!r} cannot be a key", "--type", "lower case: a letter, then at most 39 letters, digits or _")
    elif keyword.iskeyword(key):
        yield Issue("BAD_KEY", f"{key!r} is a keyword of Python", "--type", f"try {key}_item")
    if template not in TEMPLATES:
        yield Issue("UNKNOWN_TEMPLATE", f"there is no template {template!r}", "--template", ", ".join(TEMPLATES))
    elif template == "wrapper" and plugins is not None and key not in plugins.registry.item_types:
        known = ", ".join(sorted(plugins.registry.item_types))
        yield Issue("UNKNOWN_ITEM_TYPE", f"there is no item type {key!r} to wrap", "--type", f"the types are {known}")
    if folder.exists():
        yield Issue("FOLDER_EXISTS", f"{folder.name} exists already", "NAME", "choose another name, or remove the folder")


def _names(name: str, key: str, template: str, plugins: Plugins | None) -> dict[str, str]:
    package = package_of(name)
    words = [word for word in key.split("_") if word]
    holder = plugins.record(key) if plugins is not None else None
    is_taken = holder is not None and not _is_of(holder.distribution, name)
    return {
        "name": name,
        "package": package,
        "plugin": package if template == "wrapper" or is_taken else key,
        "key": key,
        "module": "test_" + (package if template == "wrapper" else key),
        "Class": "".join(word.capitalize() for word in words),
        "title": " ".join(words).capitalize(),
        "words": " ".join(words),
        "CLASS": key.upper(),
        "PREFIX": re.sub(r"[^A-Z0-9]", "", key.upper())[:6],
        "SKU": key.upper().replace("_", "-"),
        "what": TEMPLATES[template],
        "wares": _minor_version(),
    }


def _is_of(distribution: str, name: str) -> bool:
    """True if a distribution is an installed version of the one that is being written."""
    return package_of(distribution) == package_of(name)


def _minor_version() -> str:
    try:
        return ".".join(version("wares").split(".")[:2])
    except PackageNotFoundError:
        return "0"


def _is_sold_by_the_piece(key: str, plugins: Plugins) -> bool:
    """True if ten of the type's example at 10 make a total of 100, tried in a company in memory."""
    from wares.testing import company, post, record
    from wares.testing.laws import LawBroken
    from wares.testing.laws.subject import parted

    books = company(plugins)
    try:
        needs, example, follows = parted(plugins.registry.item_types[key].example_records, key)
        record(books, [*needs, example, *follows])
        line = {"item": example["sku"], "quantity": 10, "unit_price": "10"}
        return post(books, "invoice", preview=True, goods="later", lines=[line]).total == 100
    except (WaresError, LawBroken):
        return False
    finally:
        books.close()


def _files(template: str, own: Mapping[str, str], names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the place and the text of every file."""
    for part, places in (("common", COMMON), (template, own)):
        folder = files("wares.scaffold") / "templates" / part
        for source, place in places.items():
            text = (folder / f"{source}.tmpl").read_text(encoding="utf-8")
            yield Template(place).substitute(names), Template(text).substitute(names)
    yield Template("src/$package/py.typed").substitute(names), ""


def _warnings(names: dict[str, str], key: str, template: str, plugins: Plugins | None) -> Iterator[str]:
    if plugins is not None and template != "wrapper":
        owner = plugins.registry.owner(KINDS[template], key)
        if owner is not None and _is_of(owner.distribution, names["name"]):
            yield f"{owner} is installed already, from elsewhere: the new one takes its place when it is installed"
            return
        if owner is not None:
            outcome = "yours will not be used" if owner.bundled else "both will be disabled"
            yield f"{owner} has the key {key!r} already: while both are installed, {outcome}"
    if find_spec(names["package"]) is not None:
        yield f"a package {names['package']} can be imported already, and one of the two will hide the other"
