"""Settings of the program, not of the books: which database, which company, how to print, which plugins.

    option  >  WARES_* environment  >  ./wares.toml  >  user file  >  default

    database = "shop.db"                    # WARES_DATABASE
    [plugins]
    disabled = ["matrix"]                   # WARES_PLUGINS__DISABLED=matrix,group
    [plugins.rental]                        # WARES_PLUGINS__RENTAL__DAILY_RATE: the fields of the model that the
    daily_rate = "9.50"                     # plugin `rental` declares with the hook wares_settings

Policies of the books (`negative_stock` ...) are records in the books, never here. A host that embeds Wares reads none
of this: it names its database itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, PrivateAttr, field_validator

from wares.errors import Issue
from wares.settings.sources import Model, Source, origin_of, read_sources, section_of, validated


class Origin(NamedTuple):
    """A setting, its value and where the value came from (`wares config show --origin`)."""

    key: str
    value: Any
    origin: str


class PluginChoice(BaseModel):
    """The section `[plugins]`: which plugins take part. Beside it stands one section per plugin that has settings."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    disabled: tuple[str, ...] = ()
    strict: bool = False
    """Whether a plugin that cannot be loaded ends the program instead of being left out."""

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
    """Whether plugins of third parties are left out."""
    plugins: PluginChoice = PluginChoice()
    _sources: tuple[Source, ...] = PrivateAttr(default=())

    def plugin(self, name: str, model: type[Model]) -> Model:
        """The section of a plugin, parsed by the model that it declared. ConfigError if a value is wrong."""
        sources = section_of(self._sources, name, model)
        return validated(model, sources, ("plugins", name))

    def origin(self, name: str) -> str:
        """Where one setting of the program came from: an option, a variable, a file, or the default."""
        return origin_of(self._sources, (name,))

    def origins(self, models: Mapping[str, type[BaseModel]] | None = None) -> list[Origin]:
        """Every setting with its value and where it came from; with `models`, those of these plugins too. Passwords in
        URLs are masked."""
        rows = list(_origins(self, self._sources, ()))
        for name, model in (models or {}).items():
            section = section_of(self._sources, name, model)
            rows += _origins(validated(model, section, ("plugins", name)), section, ("plugins", name))
        return rows

    def check(self, models: Mapping[str, type[BaseModel]] | None = None, installed: Collection[str] | None = None) -> list[Issue]:
        """Everything wrong with the settings of this run: `check_settings` over the same sources."""
        from wares.settings.check import check_settings

        return check_settings(models, installed, sources=self._sources)


def load_settings(**options: Any) -> Settings:
    """The settings as the command line, environment and files give them. An option that is None was not given.

    ConfigError SETTING_INVALID names a wrong value and where it stands, CONFIG_FILE a file that is no TOML.
    """
    sources = read_sources(Settings, options)
    settings = validated(Settings, sources, ())
    settings._sources = sources
    return settings


def _origins(model: BaseModel, sources: tuple[Source, ...], at: tuple[str, ...]) -> Iterator[Origin]:
    for path, value in _leaves(model, ()):
        shown = re.sub(r"(://[^:/@]*:)[^/]*@", r"\1***@", value) if isinstance(value, str) else value
        yield Origin(".".join((*at, *path)), shown, origin_of(sources, path, at))


def _leaves(model: BaseModel, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), list(value) if isinstance(value, tuple) else value
