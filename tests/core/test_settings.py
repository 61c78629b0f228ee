"""Program settings: who wins, where a value came from, and what is wrong with them."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, SecretStr

from wares import ConfigError
from wares.settings import load_settings
from wares.settings.check import check_settings
from wares.settings.sources import FILE_NAME, config_files


class Rates(BaseModel):
    """Where rates come from."""

    source: str = "none"
    hours: int = 24


class RentalSettings(BaseModel):
    """The settings of a plugin `rental`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    daily_rate: Decimal = Decimal("9.50")
    hosts: list[str] = []
    token: SecretStr = SecretStr("")
    rates: Rates = Rates()


RENTAL = {"rental": RentalSettings}


@pytest.fixture(autouse=True)
def user_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, a home of its own, no WARES_ variable; returns where the user's file would be."""
    for name in [name for name in os.environ if name.startswith("WARES_")]:
        monkeypatch.delenv(name)
    home, work = tmp_path / "home", tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setattr("click.get_app_dir", lambda name: str(home / name))
    file = config_files()[1]
    file.parent.mkdir(parents=True)
    return file


def test_defaults() -> None:
    settings = load_settings()
    assert (settings.database, settings.company, settings.format) == ("wares.db", None, None)
    assert settings.plugins.disabled == ()
    assert not settings.plugins.strict
    assert {row.origin for row in settings.origins()} == {"default"}


def test_option_environment_folder_user_default(user_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user_file.write_text('database="1"\ncompany="1"\nformat="csv"\nverbosity="quiet"\n[plugins]\nstrict=true')
    Path(FILE_NAME).write_text('database="/2"\ncompany="2"\nformat="tsv"\n[plugins]\ndisabled=["kit"]')
    monkeypatch.setenv("WARES_COMPANY", "3")
    monkeypatch.setenv("WARES_DATABASE", "/3")
    settings = load_settings(database="/4", company=None)
    assert {row.key: (row.value, row.origin) for row in settings.origins()} == {
        "database": ("/4", "option"),
        "company": ("3", "environment WARES_COMPANY"),
        "format": ("tsv", "./wares.toml"),
        "verbosity": ("quiet", str(user_file)),
        "debug": (False, "default"),
        "safe_mode": (False, "default"),
        "plugins.disabled": (["kit"], "./wares.toml"),
        "plugins.strict": (True, str(user_file)),
    }


@pytest.mark.parametrize("text", ["kit,matrix", " kit , matrix,", '["kit", "matrix"]'])
def test_a_list_in_the_environment_is_plain_or_json(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARES_PLUGINS__DISABLED", text)
    assert load_settings().plugins.disabled == ("kit", "matrix")


def test_a_plugin_has_a_section_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(FILE_NAME).write_text(
        '[plugins.rental]\ndaily_rate = "12"\ntoken = "hush"\n[plugins.rental.rates]\nsource = "file"\nhours = 1'
    )
    monkeypatch.setenv("WARES_PLUGINS__RENTAL__DAILY_RATE", "15.00")
    monkeypatch.setenv("WARES_PLUGINS__RENTAL__HOSTS", '["a", "b"]')
    monkeypatch.setenv("WARES_PLUGINS__RENTAL__RATES__HOURS", "2")
    settings = load_settings()
    assert settings.plugin("rental", RentalSettings) == RentalSettings(
        daily_rate=Decimal("15.00"), hosts=["a", "b"], token=SecretStr("hush"), rates=Rates(source="file", hours=2)
    )
    origins = {row.key: (str(row.value), row.origin) for row in settings.origins(RENTAL)}
    assert origins["plugins.rental.daily_rate"] == ("15.00", "environment WARES_PLUGINS__RENTAL__DAILY_RATE")
    assert origins["plugins.rental.rates.source"] == ("file", "./wares.toml")
    assert origins["plugins.rental.token"] == ("**********", "./wares.toml")
    assert check_settings(RENTAL, ["rental"], sources=settings.sources) == []


def test_a_password_is_not_shown() -> None:
    settings = load_settings(database="postgresql+psycopg://me:hush@server/books")
    assert settings.origins()[0].value == "postgresql+psycopg://me:***@server/books"
    assert "hush" in settings.database


def test_a_database_that_a_file_names_lies_beside_it(user_file: Path) -> None:
    user_file.write_text('database = "shop.db"')
    assert load_settings().database == str(user_file.parent / "shop.db")
    Path(FILE_NAME).write_text('database = "shop.db"')
    assert load_settings().database == "shop.db"


@pytest.mark.parametrize(
    ("toml", "key"),
    [
        ('format = "xml"', "format"),
        ("company = 3", "company"),
        ("plugins = 3", "plugins"),
        ("[plugins]\nstrict = 7", "plugins.strict"),
        ("[plugins]\ndisabled = [3]", "plugins.disabled.0"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(toml: str, key: str) -> None:
    Path(FILE_NAME).write_text(toml)
    with pytest.raises(ConfigError) as raised:
        load_settings()
    assert raised.value.code == "SETTING_INVALID"
    assert f"setting {key}:" in raised.value.message
    assert raised.value.where == "./wares.toml"
    assert [(issue.code, issue.path) for issue in check_settings()] == [("SETTING_INVALID", key)]


def test_a_wrong_value_of_a_plugin_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARES_PLUGINS__RENTAL__DAILY_RATE", "dear")
    settings = load_settings()
    with pytest.raises(ConfigError, match=r"plugins\.rental\.daily_rate") as raised:
        settings.plugin("rental", RentalSettings)
    assert raised.value.where == "environment WARES_PLUGINS__RENTAL__DAILY_RATE"
    assert [issue.code for issue in check_settings(RENTAL, sources=settings.sources)] == ["SETTING_INVALID"]


def test_a_file_that_is_no_toml() -> None:
    Path(FILE_NAME).write_text("database = shop")
    with pytest.raises(ConfigError, match=r"CONFIG_FILE: \./wares\.toml cannot be read"):
        load_settings()
    assert [issue.code for issue in check_settings()] == ["CONFIG_FILE"]


def test_unknown_keys_and_misspelt_variables_get_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(FILE_NAME).write_text(
        'databse = "x"\n[plugins]\ndisable = []\ndisabled = ["kitt"]\n[plugins.rental]\ndaily = 1\n[plugins.lost]\nx = 1'
    )
    monkeypatch.setenv("WARES_COMPANIE", "X")
    monkeypatch.setenv("WARES_PLUGINS__RENTAL__DAYLY_RATE", "1")
    monkeypatch.setenv("WARES_TEST_ANYTHING", "1")
    settings = load_settings()
    found = {
        issue.path: (issue.code, issue.hint)
        for issue in check_settings({"rental": Rates}, ["rental", "kit"], sources=settings.sources)
    }
    assert found.pop("plugins.lost")[0] == "SETTING_UNKNOWN"
    assert found.pop("plugins.rental.daily")[0] == "SETTING_UNKNOWN"
    assert found.pop("WARES_PLUGINS__RENTAL__DAYLY_RATE")[0] == "VARIABLE_UNKNOWN"
    assert found == {
        "databse": ("SETTING_UNKNOWN", "did you mean database?"),
        "plugins.disable": ("SETTING_UNKNOWN", "did you mean plugins.disabled?"),
        "plugins.disabled": ("PLUGIN_UNKNOWN", "did you mean kit?"),
        "WARES_COMPANIE": ("VARIABLE_UNKNOWN", "did you mean WARES_COMPANY?"),
    }
    without_plugins = {issue.path for issue in check_settings(sources=settings.sources)}
    assert without_plugins == {"databse", "plugins.disable", "WARES_COMPANIE"}


def test_the_slow_library_is_imported_only_when_settings_are_read() -> None:
    program = "import sys, wares.settings; raise SystemExit('pydantic_settings' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
