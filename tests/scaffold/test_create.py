"""New plugins: names are checked first, each template passes its tests at once, and an installed plugin keeps its contract."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wares import Refused
from wares.plugin_manager.loader import load_plugins
from wares.scaffold import TEMPLATES, create
from wares.testing.contract import MOST_EXAMPLES

NAMES = {
    "item": ("acme-rental", "rental"),
    "document": ("acme-fees", "bank_fee"),
    "method": ("acme-hifo", "highest_first"),
    "channel": ("acme-bazaar", "bazaar"),
    "wrapper": ("acme-loyalty", "stock"),
}
"""Template → name and key of the plugin under test."""


def refused(name: str, folder: Path, **options: Any) -> list[str]:
    with pytest.raises(Refused) as refusal:
        create(name, into=folder, plugins=load_plugins(safe_mode=True), **{"key": "rental", **options})
    assert not any(folder.iterdir())
    return [issue.code for issue in refusal.value.issues]


@pytest.mark.parametrize("name", ["acme rental", "-acme", "acme/rental", "..", "3rentals", "class", "json", "wares", "acmé"])
def test_a_wrong_name_is_refused(name: str, tmp_path: Path) -> None:
    assert "BAD_NAME" in refused(name, tmp_path)


def test_keys_templates_and_wrapped_types_are_checked_together(tmp_path: Path) -> None:
    assert refused("json", tmp_path, key="Not a key", template="nonesuch") == ["BAD_NAME", "BAD_KEY", "UNKNOWN_TEMPLATE"]
    assert refused("acme-more", tmp_path, key="nonesuch", template="wrapper") == ["UNKNOWN_ITEM_TYPE"]


def test_an_existing_folder_is_not_overwritten(tmp_path: Path) -> None:
    create("acme-rental", key="rental", into=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with pytest.raises(Refused, match="FOLDER_EXISTS"):
        create("acme-rental", key="other", into=tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_clash_of_keys_is_a_warning(tmp_path: Path) -> None:
    made = create("acme-kits", key="kit", into=tmp_path, plugins=load_plugins(safe_mode=True))
    assert any("kit (wares" in warning and "will not be used" in warning for warning in made.warnings)
    assert 'acme_kits = "acme_kits"' in (made.folder / "pyproject.toml").read_text()


def test_a_new_version_of_an_installed_plugin_is_not_a_clash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of the first version was removed while its distribution is still installed."""
    info = tmp_path / "site" / "acme_rental-0.1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-rental\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[wares]\nrental = first_rental\n")
    (tmp_path / "site" / "first_rental.py").write_text(
        "from wares import ItemType, hookimpl\nclass Rental(ItemType):\n    key = title = 'rental'\n"
        "@hookimpl\ndef wares_item_types():\n    return [Rental()]\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    made = create("acme-rental", key="rental", into=tmp_path, plugins=load_plugins())
    assert made.warnings == (
        "rental (acme-rental 0.1.0) is installed already, from elsewhere: the new one takes its place when it is installed",
    )
    assert 'rental = "acme_rental"' in (made.folder / "pyproject.toml").read_text()


def test_nine_files_without_a_placeholder_left(tmp_path: Path) -> None:
    for template in TEMPLATES:
        made = create(
            f"acme-{template}", key="stock" if template == "wrapper" else f"acme_{template}", template=template, into=tmp_path
        )
        assert 7 <= len(made.files) <= 10
        for path in made.files:
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"\$\w|\$\{", text), path
            assert max(map(len, text.splitlines()), default=0) <= 132, path


FEW = {MOST_EXAMPLES: "4"}
"""The laws have many examples where the bundled plugins keep them; here the question is whether a project's tests run."""


def pytest_in(folder: Path, *options: str, **environment: str) -> str:
    """Run a project's own tests as its author would; return the output of pytest."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(folder)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "WARES_"))}
    done = subprocess.run(
        command, cwd=folder.parent, env={**kept, **FEW, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def passed(output: str) -> int:
    found = re.search(r"(\d+) passed", output)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("key", ["kit", "matrix", "discount", "group", "expense"])
def test_a_wrapper_fits_every_kind_of_type(key: str, tmp_path: Path) -> None:
    made = create("acme-sets", key=key, template="wrapper", into=tmp_path, plugins=load_plugins(safe_mode=True))
    assert passed(pytest_in(made.folder)) >= 12


USES = {
    "item": """
if use:
    books.items.add("rental", sku="BIKE", price="25")
post("invoice", lines=[{"item": "BIKE", "quantity": 2}])
""",
    "document": 'post("bank_fee", amount="20.00", memo="January")',
    "method": """
if use:
    books.items.add("stock", sku="BOLT", price="2", cost_method="highest_first")
    for cost in ("1.00", "3.00"):
        post("bill", lines=[{"item": "BOLT", "quantity": 5, "unit_cost": cost}])
post("invoice", lines=[{"item": "BOLT", "quantity": 3}])
""",
    "channel": """
from wares.testing import import_text
example = open(sys.argv[1] + ".csv").read() if not use else __import__("acme_bazaar").EXAMPLE
open(sys.argv[1] + ".csv", "w").write(example)
import_text(books, example, channel="bazaar")
""",
    "wrapper": """
if use:
    books.items.add("stock", sku="BOLT", price="2")
post("invoice", goods="later", lines=[{"item": "BOLT", "quantity": 10}])
""",
}
"""Template → code that is run with the plugin, and again without it."""
REFUSED_WITHOUT = {
    "item": "ITEM_TYPE_MISSING",
    "document": "UNKNOWN_DOCUMENT_TYPE",
    "method": "METHOD_MISSING",
    "channel": "UNKNOWN_CHANNEL",
}
BOOKS = """
import json, os, sys
from wares import Refused
from wares.plugin_manager.loader import load_plugins
from wares.testing import post as post_to

def state():
    return json.dumps([books.docs.list(), [books.docs.entries(row["number"]) for row in books.docs.list()],
                       books.stock.list(), books.gl.trial_balance()], default=str)

def post(type, **keys):
    return post_to(books, type, **keys)

path, use = sys.argv[1], sys.argv[2] == "with"
from wares import Books
books = Books.open(f"sqlite:///{path}")
if use:
    from wares.scaffold import check
    wrong = [each for each in check(sys.argv[3], load_plugins()) if not each.ok]
    assert not wrong, wrong
    for code, kind in (("SUPPLIER", "supplier"), ("CUSTOMER", "customer")):
        books.parties.add(code, kinds=[kind])
else:
    assert load_plugins().record(sys.argv[3]) is None
    assert state() == open(path + ".state").read(), "what was recorded reads as before"
    assert [each for each in books.verify()["checks"] if not each["ok"]] == []
try:
    exec(sys.argv[4])
except Refused as refused:
    print(refused)
if use:
    assert books.docs.list()
    open(path + ".state", "w").write(state())
books.close()
"""


@pytest.mark.parametrize("template", TEMPLATES)
def test_built_installed_used_and_uninstalled(template: str, tmp_path: Path) -> None:
    """Installed as a wheel, the plugin passes its tests and its contract; after its removal its documents are still there."""
    name, key = NAMES[template]
    made = create(name, key=key, template=template, into=tmp_path, plugins=load_plugins(safe_mode=True))
    assert not made.warnings
    lint = subprocess.run([sys.executable, "-m", "ruff", "check", "."], cwd=made.folder, capture_output=True, check=False)
    assert lint.returncode == 0, lint.stdout
    package, plugin = name.replace("-", "_"), name.replace("-", "_") if template == "wrapper" else key
    site, wheels = tmp_path / "site", tmp_path / "wheels"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(made.folder)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = wheels.glob(f"{package}-0.1.0-*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", str(site), str(wheel)], check=True, capture_output=True)
    assert (site / package / "py.typed").is_file()
    assert passed(pytest_in(made.folder, "-o", "pythonpath=", PYTHONPATH=str(site))) >= 12

    def run(which: str, **environment: str) -> str:
        command = [sys.executable, "-c", BOOKS, str(tmp_path / "books.db"), which, plugin, USES[template]]
        done = subprocess.run(
            command, env={**os.environ, **FEW, **environment}, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("with", PYTHONPATH=str(site)) == ""
    said = run("without")
    assert REFUSED_WITHOUT.get(template, "") in said
    assert bool(said) is (template in REFUSED_WITHOUT)
