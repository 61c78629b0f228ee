"""Find everything that is wrong with the settings, as Issues (`wares config check`)."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from wares.errors import ConfigError, Issue
from wares.settings import Settings
from wares.settings.sources import PREFIX, SettingSource, invalid, merged, read_sources, section_of, variable

NOT_SETTINGS = ("WARES_TEST_",)
"""Prefixes of variables that are not settings: those of the test suite."""


def check_settings(
    models: Mapping[str, type[BaseModel]] | None = None,
    installed: Collection[str] | None = None,
    *,
    sources: tuple[SettingSource, ...] | None = None,
) -> list[Issue]:
    """Return everything wrong with the settings: unreadable files, wrong values, unknown keys, misspelt variables.

    Nothing is raised. `models` are the settings models by plugin, `installed` the names of all plugins; without them the
    sections of plugins are not checked.
    """
    try:
        sources = read_sources(Settings, {}) if sources is None else sources
    except ConfigError as error:
        return [Issue(error.code, error.message, hint=error.hint)]
    known = _known_paths(models)
    issues = [*_wrong_values(sources, models or {})]
    for source in sources:
        if source.folder is not None:
            issues += (_unknown(path, known, source) for path in _stray(source.values, known, models is not None))
    issues += _stray_variables(known, models is not None)
    return [*issues, *_unknown_plugins(sources, installed)]


def _wrong_values(sources: tuple[SettingSource, ...], models: Mapping[str, type[BaseModel]]) -> Iterator[Issue]:
    sections: list[tuple[type[BaseModel], tuple[SettingSource, ...], tuple[str, ...]]] = [(Settings, sources, ())]
    sections += [(model, section_of(sources, name, model), ("plugins", name)) for name, model in models.items()]
    for model, section, at in sections:
        try:
            model.model_validate(merged(section))
        except ValidationError as error:
            yield from invalid(error, section, at)


def _known_paths(models: Mapping[str, type[BaseModel]] | None) -> set[tuple[str, ...]]:
    sections: dict[tuple[str, ...], type[BaseModel]] = {(): Settings}
    sections |= {("plugins", name): model for name, model in (models or {}).items()}
    return {path for at, model in sections.items() for path in _field_paths(model, at)}


def _field_paths(model: type[BaseModel], at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from _field_paths(kind, (*at, name))
        else:
            yield (*at, name)


def _stray(values: Mapping[str, object], known: set[tuple[str, ...]], judge_plugins: bool) -> Iterator[tuple[str, ...]]:
    """Yield the paths in a file that no model knows; a model checks the keys inside its own tables itself."""

    def walk(table: Mapping[str, object], at: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        for key, value in table.items():
            path = (*at, key)
            if path in known or (at == ("plugins",) and isinstance(value, Mapping) and not judge_plugins):
                continue
            if not any(one[: len(path)] == path for one in known):
                yield path
            elif isinstance(value, Mapping):
                yield from walk(value, path)

    yield from walk(values, ())


def _unknown(path: tuple[str, ...], known: set[tuple[str, ...]], source: SettingSource) -> Issue:
    key = ".".join(path)
    return Issue(
        "SETTING_UNKNOWN",
        f"{source.name} gives {key}, which is not a setting",
        path=key,
        hint=_meant(key, {".".join(one) for one in known}),
        where=source.name,
    )


def _stray_variables(known: set[tuple[str, ...]], judge_plugins: bool) -> Iterator[Issue]:
    names = {variable(path) for path in known} | {variable(("plugins",))}
    for name in sorted(os.environ):
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper in names or upper.startswith(NOT_SETTINGS):
            continue
        nested = any(upper.startswith(f"{one}__") for one in names - {variable(("plugins",))})
        section = upper.startswith(variable(("plugins", ""))) and upper.count("__") > 1
        if not nested and (judge_plugins or not section):
            yield Issue("VARIABLE_UNKNOWN", f"{name} is not a setting of Wares", path=name, hint=_meant(upper, names))


def _unknown_plugins(sources: tuple[SettingSource, ...], installed: Collection[str] | None) -> Iterator[Issue]:
    choice = merged(sources).get("plugins", {})
    disabled = choice.get("disabled", ()) if isinstance(choice, Mapping) else ()
    if isinstance(disabled, str):
        disabled = [name.strip() for name in disabled.split(",") if name.strip()]
    for name in disabled if installed is not None else ():
        if name not in (installed or ()):
            message = f"plugins.disabled names {name!r}, which is not installed"
            yield Issue("PLUGIN_UNKNOWN", message, path="plugins.disabled", hint=_meant(str(name), installed or ()))


def _meant(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else "wares config show lists the settings"
