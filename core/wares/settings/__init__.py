"""Settings of the program, not of the books: the database, the company, the output format, the plugins.

    option  >  WARES_* environment  >  ./wares.toml  >  user file  >  default

    database = "shop.db"                    # WARES_DATABASE
    [plugins]
    disabled = ["matrix"]                   # WARES_PLUGINS__DISABLED=matrix,group
    [plugins.rental]                        # WARES_PLUGINS__RENTAL__DAILY_RATE: the fields of the model that the
    daily_rate = "9.50"                     # plugin `rental` declares with the hook wares_settings

Policies of the books (`negative_stock` ...) are records in the books, never here. A host that embeds Wares reads none of
these settings: it names its database itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, PrivateAttr, field_validator

from wares.runtime.secrets_in_urls import without_password
from wares.settings.sources import Model, SettingSource, origin_of, read_sources, section_of, validated


class SettingOrigin(NamedTuple):
    """A setting, its value and the place that gave the value (`wares config show --origin`)."""

    key: str
    value: object
    origin: str


class PluginChoice(BaseModel):
    """The section `[plugins]`: the choice of plugins. Each plugin with settings has a section of its own beside it."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    disabled: tuple[str, ...] = ()
    strict: bool = False
    """True: a plugin that cannot be loaded ends the program. False: it is left out."""

    @field_validator("disabled", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return [name.strip() for name in value.split(",") if name.strip()] if isinstance(value, str) else value


class Settings(BaseModel):
    """The settings of one run of the program."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    database: str = "wares.db"
    """A file or a URL."""
    company: str | None = None
    format: Literal["table", "json", "jsonl", "csv", "tsv", "html"] | None = None
    """None: a table on a terminal, JSON otherwise."""
    verbosity: Literal["quiet", "normal", "verbose"] = "normal"
    debug: bool = False
    safe_mode: bool = False
    """True: plugins of third parties are left out."""
    plugins: PluginChoice = PluginChoice()
    _sources: tuple[SettingSource, ...] = PrivateAttr(default=())

    def plugin(self, name: str, model: type[Model]) -> Model:
        """Return the section of a plugin, parsed by the model that it declared. ConfigError if a value is wrong."""
        sources = section_of(self._sources, name, model)
        return validated(model, sources, ("plugins", name))

    def origin(self, name: str) -> str:
        """Return the origin of one setting of the program: an option, a variable, a file, or the default."""
        return origin_of(self._sources, (name,))

    def origins(self, models: Mapping[str, type[BaseModel]] | None = None) -> list[SettingOrigin]:
        """Return every setting with its value and origin; with `models` also the settings of these plugins.

        Passwords in URLs are masked.
        """
        rows = list(_origins(self, self._sources, ()))
        for name, model in (models or {}).items():
            section = section_of(self._sources, name, model)
            rows += _origins(validated(model, section, ("plugins", name)), section, ("plugins", name))
        return rows

    @property
    def sources(self) -> tuple[SettingSource, ...]:
        """The places that the settings were read from, strongest first."""
        return self._sources


def load_settings(**options: object) -> Settings:
    """Return the settings of the command line, environment and files. An option that is None was not given.

    Raises ConfigError SETTING_INVALID for a wrong value, with its place, and CONFIG_FILE for a file that is not TOML.
    """
    sources = read_sources(Settings, options)
    settings = validated(Settings, sources, ())
    settings._sources = sources
    return settings


def _origins(model: BaseModel, sources: tuple[SettingSource, ...], at: tuple[str, ...]) -> Iterator[SettingOrigin]:
    for path, value in _leaves(model, ()):
        shown = without_password(value) if isinstance(value, str) else value
        yield SettingOrigin(".".join((*at, *path)), shown, origin_of(sources, path, at))


def _leaves(model: BaseModel, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), list(value) if isinstance(value, tuple) else value
