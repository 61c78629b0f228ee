"""What two plugins claim: whatever it is, both distributions are named, and the program goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.core.plugins.conftest import Shelf
from wares.cli.extensions import plugin_commands
from wares.cli.main import main
from wares.plugin_manager.loader import load_plugins

COMMAND = "import click\n@click.command()\ndef say():\n    'Say it.'\n    click.echo('said')\n"
TABLES = """
from sqlalchemy import MetaData
from wares.storage import MigrationSource
@hookimpl
def wares_migrations():
    return MigrationSource({owner!r}, "nothing.migrations", MetaData(), {prefix!r})
"""


@pytest.fixture
def wares(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The command line with what stands on the shelf."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    plugin_commands.cache_clear()
    yield lambda *words: CliRunner().invoke(main, words)
    plugin_commands.cache_clear()


def offers(shelf: Shelf, distribution: str, version: str, *commands: str) -> None:
    """A distribution with these commands."""
    shelf.install(distribution, version)
    stem = distribution.replace("-", "_")
    (shelf.folder / f"shelf_{stem}_say.py").write_text(COMMAND)
    lines = "".join(f"{name} = shelf_{stem}_say:say\n" for name in commands)
    (shelf.folder / f"{stem}-{version}.dist-info" / "entry_points.txt").write_text(f"[wares.commands]\n{lines}")


def doctored(wares: Any) -> list[str]:
    """What the doctor says of plugins."""
    checks = json.loads(wares("-f", "json", "doctor").stdout)["checks"]
    return [check["detail"] for check in checks if check["id"] == "plugins" and not check["ok"]]


def test_two_that_offer_one_command_both_lose_it(shelf: Shelf, wares: Any) -> None:
    offers(shelf, "acme-a", "1.0", "greet", "bow")
    offers(shelf, "acme-b", "2.0", "greet")
    greeted = wares("greet")
    assert greeted.exit_code == 1
    assert "COMMAND_TAKEN: the command greet is offered by acme-a 1.0 and acme-b 2.0" in greeted.stderr
    assert wares("bow").stdout == "said\n", "what is not contested goes on"
    assert "Disabled: claimed by acme-a 1.0 and acme-b 2.0." in " ".join(wares("--help").stdout.split())
    assert doctored(wares) == ["COMMAND_TAKEN: the command 'greet' is offered by acme-a 1.0 and acme-b 2.0; neither is used"]


def test_a_bundled_command_and_the_core_s_own_stay(shelf: Shelf, wares: Any) -> None:
    offers(shelf, "acme-a", "1.0", "greet", "verify")
    offers(shelf, "wares", "9.9", "greet")
    assert wares("greet").stdout == "said\n"
    assert "invariants" in wares("verify", "--help").stdout
    assert doctored(wares) == [
        "COMMAND_TAKEN: the command 'greet' is offered by wares 9.9 and acme-a 1.0; wares 9.9 is bundled and keeps it",
        "COMMAND_TAKEN: the command 'verify' of acme-a 1.0 has the name of a command of Wares, which keeps it",
    ]


def test_safe_mode_leaves_the_commands_of_third_parties_out(shelf: Shelf, wares: Any) -> None:
    offers(shelf, "acme-a", "1.0", "greet")
    refused = wares("--safe-mode", "greet")
    assert refused.exit_code == 1
    assert "the command greet belongs to acme-a 1.0, and safe mode leaves third parties out" in refused.stderr


def adds(shelf: Shelf, distribution: str, under: str, *commands: str) -> None:
    """A distribution that adds commands under a command."""
    offers(shelf, distribution, "1.0", *commands)
    points = shelf.folder / f"{distribution.replace('-', '_')}-1.0.dist-info" / "entry_points.txt"
    points.write_text(points.read_text().replace("[wares.commands]", f"[wares.commands.{under}]"))


GROUP = "import click\nfrom wares.cli import PluginGroup\n@click.group(cls=PluginGroup)\ndef shop():\n    'Keep a shop.'\n" + (
    "@shop.command()\ndef own():\n    'Its own.'\n    click.echo('own')\n"
)


def test_commands_are_added_to_a_group_of_another_plugin(shelf: Shelf, wares: Any) -> None:
    offers(shelf, "acme-shop", "1.0", "shop")
    (shelf.folder / "shelf_acme_shop_say.py").write_text(GROUP.replace("def shop", "def say").replace("@shop", "@say"))
    text = (shelf.folder / "shelf_acme_shop_say.py").read_text().replace("group(cls", "group('shop', cls")
    (shelf.folder / "shelf_acme_shop_say.py").write_text(text)
    adds(shelf, "acme-a", "shop", "greet", "own", "bow")
    adds(shelf, "acme-b", "shop", "bow")
    (shelf.folder / "shelf_acme_b_say.py").write_text("raise ValueError")
    assert wares("shop", "greet").stdout == "said\n"
    assert wares("shop", "own").stdout == "own\n", "the group's own command keeps its name"
    shown = " ".join(wares("shop", "--help").stdout.split())
    assert "Disabled: claimed by acme-a 1.0 and acme-b 1.0. greet A command of acme-a 1.0. own Its own." in shown
    assert "COMMAND_TAKEN: the command shop bow is offered by acme-a 1.0 and acme-b 1.0" in wares("shop", "bow").stderr
    assert "safe mode leaves third parties out" in wares("--safe-mode", "shop", "greet").stderr
    assert doctored(wares) == ["COMMAND_TAKEN: the command 'shop bow' is offered by acme-a 1.0 and acme-b 1.0; neither is used"]


@pytest.mark.parametrize(
    ("first", "second"),
    [({"owner": "rent", "prefix": "rent_"}, {"owner": "rent", "prefix": "x_"}),
     ({"owner": "rent", "prefix": "rent_"}, {"owner": "rental", "prefix": "rent_"}),
     ({"owner": "rent", "prefix": "rent_"}, {"owner": "rental", "prefix": "rent_al_"})],
)  # fmt: skip
def test_tables_that_two_plugins_claim(shelf: Shelf, first: dict[str, str], second: dict[str, str]) -> None:
    shelf.install("acme-a", "1.0", one=TABLES.format(**first))
    shelf.install("acme-b", "2.0", two=TABLES.format(**second))
    plugins = load_plugins()
    (problem,) = plugins.problems
    assert problem.code == "KEY_TAKEN"
    assert "one (acme-a 1.0) and two (acme-b 2.0); it is disabled for all of them" in problem.message
    assert "tables" in problem.message
    assert plugins.registry.migrations == {}
    assert [row["error"] is not None for row in plugins.report()] == [True, True]


def test_tables_side_by_side_are_no_clash(shelf: Shelf) -> None:
    shelf.install("acme-a", "1.0", rent=TABLES.format(owner="rent", prefix="rent_"))
    shelf.install("acme-b", "2.0", rental=TABLES.format(owner="rental", prefix="rental_"))
    assert load_plugins().problems == ()


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("@hookimpl\ndef wares_item_types():\n    return [Rental()]", "item type 'rental'"),
        ("from wares import Chart\n@hookimpl\ndef wares_charts_of_accounts():\n    return [Chart(key='x', title='x', accounts=())]",
         "chart of accounts 'x'"),
        ("class Own(RecordType):\n    key = 'shift'\n    def translate(self, *a): return ()\n"
         "@hookimpl\ndef wares_record_types():\n    return [Own()]", "record type 'shift'"),
    ],
)  # fmt: skip
def test_keys_that_two_plugins_claim(shelf: Shelf, source: str, kind: str) -> None:
    shelf.install("acme-a", "1.0", one=source)
    shelf.install("acme-b", "2.0", two=source)
    (problem,) = load_plugins().problems
    assert problem.message == f"{kind} is registered by one (acme-a 1.0) and two (acme-b 2.0); it is disabled for all of them"
