"""The check of an installed plugin's contract: the laws of wares.testing for every object that it registers, with a few fixed
numbers instead of many drawn ones, and without a test framework."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from wares.contract.channel import Channel
from wares.contract.item_type import ItemType
from wares.contract.report import Report
from wares.costing.method import CostMethod
from wares.errors import PluginError, Refused
from wares.plugin_manager.loader import Plugins
from wares.testing.laws import LawBroken, absence, channels, costs, documents, items, loading, methods, reports, selling
from wares.testing.laws.subject import ChannelCase, DocumentCase, ItemCase, ReportCase, Subject, parted
from wares.values import Record


class Checked(NamedTuple):
    """The result of one law."""

    object: str
    """Kind and key of the object, such as "item type rental"."""
    law: str
    """Name of the law."""
    ok: bool | None
    """True if the law holds; None if it could not be tried."""
    problem: str | None = None
    """The reason if it does not hold or could not be tried."""


Law = tuple[str, Callable[[], object]]
STEPS: tuple[tuple[int, int], ...] = ((3, 1000), (2, 0), (-2, 0), (4, 777), (-5, 0), (7, 1), (-6, 0))


def check(name: str, plugins: Plugins) -> list[Checked]:
    """Check every law for the plugin of this name. Refused PLUGIN_UNKNOWN; PluginError if it is installed but not loaded."""
    record = plugins.record(name)
    if record is None:
        known = ", ".join(each.name for each in plugins.records)
        raise Refused.because("PLUGIN_UNKNOWN", f"no plugin {name!r} is installed", path="NAME", hint=f"there are {known}")
    plugin = plugins.manager.get_plugin(name)
    if plugin is None:
        cause = record.cause
        why = cause.message if cause is not None else f"plugin {name} is {record.status}"
        raise PluginError(cause.code if cause is not None else "PLUGIN_NOT_LOADED", why, plugin=name)
    registry = plugins.registry
    found = [*_tried(f"plugin {name}", _of_plugin(Subject(plugin=plugin)))]
    for key in registry.owned_by(name, "item_types"):
        found += _item_type(plugin, registry.item_types[key])
    for key in registry.owned_by(name, "document_types"):
        found += _document_type(plugin, key, registry.document_types[key].example_records)
    for key in registry.owned_by(name, "cost_methods"):
        found += _tried(f"cost method {key}", _of_method(Subject(plugin=plugin), registry.cost_methods[key]))
    for key in registry.owned_by(name, "reports"):
        found += _report(plugin, registry.reports[key])
    for key in registry.owned_by(name, "channels"):
        found += _channel(plugin, registry.channels[key])
    return found


def _tried(what: str, laws: Iterator[Law]) -> Iterator[Checked]:
    for law, holds in laws:
        try:
            holds()
        except LawBroken as broken:
            yield Checked(what, law, False, str(broken))
        except Exception as error:
            yield Checked(what, law, False, f"{type(error).__name__}: {error}")
        else:
            yield Checked(what, law, True)


def _of_plugin(subject: Subject) -> Iterator[Law]:
    yield "loads strictly", partial(loading.loads, subject)
    yield "hooks take what the manual says", partial(loading.hooks_take_what_the_manual_says, subject)
    yield "tables are its own", partial(loading.tables_are_its_own, subject)
    yield "charts open books", partial(loading.charts_open_books, subject)
    yield "migrations go up, down and up", partial(_migrations, subject)


def _migrations(subject: Subject) -> None:
    from wares.storage.database import open_engine

    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "books.db")
        try:
            loading.migrations_go_up_down_and_up(subject, engine)
        finally:
            engine.dispose()


def _item_type(plugin: object, kind: ItemType) -> list[Checked]:
    what = f"item type {kind.key}"
    if not kind.example_records:
        return [Checked(what, "examples", None, "the type has no example_records to try it with")]
    try:
        needs, example, follows = parted(kind.example_records, kind.key)
    except LawBroken as broken:
        return [Checked(what, "examples", False, str(broken))]
    case = ItemCase(plugin=plugin, needs=needs, key=kind.key, example=example, follows=follows)
    try:
        return list(_tried(what, _of_item(case)))
    finally:
        case.close()


def _of_item(case: ItemCase) -> Iterator[Law]:
    kind = case.kind
    attributes = kind.Attributes.model_validate(case.example.get("attributes", {}))
    yield "the example is accepted", partial(items.example_is_accepted, case)
    yield "attributes have no float", partial(items.attributes_have_no_float, case)
    yield "unknown attributes are refused", partial(items.unknown_attributes_are_refused, case)
    yield "attributes round-trip", partial(items.attributes_round_trip, case, attributes)
    yield "validation is pure and reports Issues", partial(items.validation_is_pure_and_reports_issues, case, attributes)
    yield "behaviour is pure", partial(selling.behaviour_is_pure, case, 1)
    yield "roles are declared and resolve", partial(selling.roles_are_declared_and_resolve, case, 1)
    yield "a wrapper that does nothing is invisible", partial(absence.item_wrapper_is_invisible, case, 1)
    yield "books survive without the plugin", partial(absence.item_survives_absence, case)
    if kind.calculates:
        return
    yield "expansion is linear", partial(selling.expansion_is_linear, case, 7)
    if kind.key in kind.content_types:
        yield "expansion nests", partial(selling.expansion_nests, case, 3)
    if kind.sold:
        yield "parts sum to the whole", partial(selling.parts_sum_to_the_whole, case, 7, 3)
        law = partial(costs.no_cost_is_created_or_lost, case, cents=10_001)
        yield "no cost is created or lost", partial(law, bought=9, sold=7, returned=3)
        yield "sold out, nothing is left", partial(law, bought=7, sold=7, returned=7)


def _document_type(plugin: object, key: str, examples: tuple[Record, ...]) -> list[Checked]:
    what = f"document type {key}"
    if not examples:
        return [Checked(what, "examples", None, "the type has no example_records to try it with")]
    *needs, example = examples
    case = DocumentCase(plugin=plugin, needs=needs, key=key, example=example)
    try:
        return list(_tried(what, _of_document(case)))
    finally:
        case.close()


def _of_document(case: DocumentCase) -> Iterator[Law]:
    yield "a preview is what is posted", partial(documents.preview_is_what_is_posted, case)
    yield "postings balance", partial(documents.postings_balance, case)
    yield "a void takes everything back", partial(documents.void_takes_everything_back, case)
    yield "a key makes it happen once", partial(documents.key_makes_it_happen_once, case)
    yield "unknown keys are refused", partial(documents.unknown_keys_are_refused, case)
    yield "wrong values are refused", partial(documents.wrong_values_are_refused, case)
    yield "a wrapper that does nothing is invisible", partial(absence.document_wrapper_is_invisible, case)
    yield "books survive without the plugin", partial(absence.document_survives_absence, case)


def _report(plugin: object, report: Report) -> list[Checked]:
    what = f"report {report.key}"
    if not report.example_records:
        return [Checked(what, "examples", None, "the report has no example_records to try it with")]
    case = ReportCase(plugin=plugin, needs=report.example_records, key=report.key)
    try:
        return list(_tried(what, _of_report(case)))
    finally:
        case.close()


def _of_report(case: ReportCase) -> Iterator[Law]:
    yield "the example is shown", partial(reports.example_is_shown, case)
    yield "reading is pure", partial(reports.reading_is_pure, case)
    yield "parameters have no float", partial(reports.parameters_have_no_float, case)
    yield "unknown parameters are refused", partial(reports.unknown_parameters_are_refused, case)
    yield "any text is read or refused", partial(reports.any_text_is_read_or_refused, case, "2026-01-31x")
    yield "empty books are shown", partial(reports.empty_books_are_shown, case)


def _channel(plugin: object, channel: Channel) -> list[Checked]:
    what = f"channel {channel.key}"
    if not channel.examples:
        return [Checked(what, "examples", None, "the channel has no examples to try it with")]
    case = ChannelCase(plugin=plugin, key=channel.key, examples=channel.examples)
    try:
        return list(_tried(what, _of_channel(case)))
    finally:
        case.close()


def _of_channel(case: ChannelCase) -> Iterator[Law]:
    yield "the declaration is sound", partial(channels.declaration_is_sound, case)
    yield "files are found by their columns", partial(channels.files_are_found_by_their_columns, case)
    yield "every row is read", partial(channels.every_row_is_read, case)
    yield "again it changes nothing", partial(channels.again_it_changes_nothing, case)
    yield "a preview writes nothing", partial(channels.preview_writes_nothing, case)
    yield "the order of columns does not matter", partial(channels.order_of_columns_does_not_matter, case)
    yield "broken rows are rejected alone", partial(channels.broken_rows_are_rejected_alone, case)
    yield "books survive without the plugin", partial(channels.books_go_on_without, case)


def _of_method(subject: Subject, method: CostMethod) -> Iterator[Law]:
    laws = {
        "every move is valued once": methods.every_move_is_valued_once,
        "values sum to the pool": methods.values_sum_to_the_pool,
        "the last unit takes the rest": methods.last_unit_takes_the_rest,
        "what comes after does not matter": methods.what_comes_after_does_not_matter,
        "one by one is in one go": methods.one_by_one_is_in_one_go,
        "a fold can be taken back": methods.a_fold_can_be_taken_back,
        "who goes by age takes by age": methods.who_goes_by_age_takes_by_age,
    }
    for name, law in laws.items():
        yield name, partial(law, method, STEPS)
    yield "the books verify", partial(_books, subject, method)


def _books(subject: Subject, method: CostMethod) -> None:
    try:
        with subject.books() as books:
            costs.method_keeps_the_books(method.key, books, [(3, 1000), (-2, 0), (4, 777), (-5, 0)], per_lot=method.per_lot)
    finally:
        subject.close()
