"""The hooks of Wares: the manual of the plugin contract.

A plugin is a module (or object) named by an entry point in the group ``wares``. It registers *objects* (item types, document
types, cost methods, ...) and may *wrap* behaviour of any other plugin's objects with ``@hookimpl(wrapper=True)``. Behaviour
hooks receive ``(subject, ctx)``: the subject is an immutable value, the context is frozen and grows with the API. No hook sees
a database session except the two batch hooks `wares_load` and `wares_rows`. Hooks take no defaults; unused arguments may be
left out, as always with pluggy.

The four behaviour hooks and `wares_validate_item` may be wrapped. Every other hook is asked of each plugin by itself, so
that its answer, or its mistake, has a name; a wrapper around one of these would see its own plugin only and is refused at
load. A plugin that raises in a hook, or returns what the hook does not allow, is named in a PluginError (PLUGIN_RAISED,
PLUGIN_RETURNED); to say no to the user, raise `Refused` or return Issues.

Order: bundled plugins first, then third-party ones by name; ``tryfirst``/``trylast`` as in pluggy. What a registration hook
returns is read once, when the books open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pluggy

from wares.contract.item_type import ItemType, Question
from wares.model import (
    Account,
    AccountQuery,
    Context,
    CostContext,
    CostPlan,
    Document,
    Expansion,
    Item,
    Line,
    Masters,
    PriceContext,
    Pricing,
)

if TYPE_CHECKING:
    from pydantic import BaseModel
    from sqlalchemy import MetaData, Table

    from wares.contract.accepted import AcceptedDocument
    from wares.contract.channel import Channel
    from wares.contract.document_type import DocumentType
    from wares.contract.projection import Projection
    from wares.contract.record_type import RecordType
    from wares.contract.report import Report
    from wares.costing.method import CostMethod
    from wares.errors import Issue
    from wares.ledger.chart import Chart
    from wares.model import Posted
    from wares.storage.revisions import MigrationSource
    from wares.storage.unit import Reader

API_VERSION = 1
"""Version of this contract. A plugin module may state ``WARES_API_VERSION = n``; a newer one than ours is not loaded."""

PROJECT = "wares"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

# --- registration: read once, when books open ------------------------------------------------------------------------


@hookspec
def wares_item_types() -> Iterable[ItemType]:
    """Register types of item.

    :return: objects, one per type; their ``key`` is what an item record names in ``type``. A key that two plugins claim is
        reported with both distributions: a bundled plugin wins, two third parties are both disabled.
    :since: 1

    Example::

        @hookimpl
        def wares_item_types():
            return [Rental()]
    """
    raise NotImplementedError


@hookspec
def wares_document_types() -> Iterable[DocumentType]:
    """Register types of document.

    :return: objects; their ``key`` is what a document record names in ``type``; clashes as for item types.
    :since: 1

    Example::

        @hookimpl
        def wares_document_types():
            return [Build(), Unbuild()]
    """
    raise NotImplementedError


@hookspec
def wares_cost_methods() -> Iterable[CostMethod]:
    """Register cost methods.

    :return: objects; their ``key`` is what an item names in ``cost_method``. While a method is absent its pools are readable,
        posting to them is refused, and ``verify`` reports them as not checked.
    :since: 1

    Example::

        @hookimpl
        def wares_cost_methods():
            return [HighestCostFirst()]
    """
    raise NotImplementedError


@hookspec
def wares_channels() -> Iterable[Channel]:
    """Register sales channels: which column of the files that a marketplace exports holds what.

    :return: frozen objects; their ``key`` is what ``wares channels import --channel`` names; clashes as for item types.
    :since: 1

    Example::

        @hookimpl
        def wares_channels():
            return [Channel(key="bazaar", title="Bazaar", reports=(ChannelReport(key="orders", columns={...}, needs=...),))]
    """
    raise NotImplementedError


@hookspec
def wares_record_types() -> Iterable[RecordType]:
    """Register kinds of record for ``wares load``.

    :return: objects; their ``key`` is the value of ``record``; clashes as for item types.
    :since: 1

    Example::

        @hookimpl
        def wares_record_types():
            return [VariantRecord()]
    """
    raise NotImplementedError


@hookspec
def wares_questions() -> Iterable[Question]:
    """Contribute questions to ``wares which``.

    :return: yes/no questions, each speaking for one item type.
    :since: 1

    Example::

        @hookimpl
        def wares_questions():
            return [Question(key="bundle", text="Sold as a bundle of other items?", type="kit", because="...")]
    """
    raise NotImplementedError


@hookspec
def wares_charts_of_accounts() -> Iterable[Chart]:
    """Register chart-of-accounts templates for ``wares init --chart``.

    :return: charts with unique keys.
    :since: 1

    Example::

        @hookimpl
        def wares_charts_of_accounts():
            return [Chart(key="general", title="General business", accounts=(...))]
    """
    raise NotImplementedError


@hookspec
def wares_reports() -> Iterable[Report]:
    """Register reports: listings that ``wares reports`` prints in every format and ``books.reports`` gives to hosts.

    :return: objects; their ``key`` is the name of the command and of the report; clashes as for item types.
    :since: 1

    Example::

        @hookimpl
        def wares_reports():
            return [OverdueRentals()]
    """
    raise NotImplementedError


@hookspec
def wares_projections() -> Iterable[Projection]:
    """Register projections: rows that are kept of documents, so that a long listing need not read the books anew.

    :return: objects; their ``key`` is what ``books.projections`` names; clashes as for item types.
    :since: 1

    Example::

        @hookimpl
        def wares_projections():
            return [RentedOut()]
    """
    raise NotImplementedError


@hookspec
def wares_settings() -> type[BaseModel] | None:
    """Declare this plugin's section of the program settings (``[plugins.<name>]`` in wares.toml, ``WARES_PLUGINS__<NAME>__...``).

    :return: a pydantic model whose fields all have defaults, or None.
    :since: 1

    Example::

        @hookimpl
        def wares_settings():
            return RentalSettings
    """
    raise NotImplementedError


@hookspec
def wares_models() -> MetaData | None:
    """The metadata of the tables this plugin owns, all named ``<plugin>_...`` with ``company_id`` first in every key.

    :return: a SQLAlchemy MetaData (of `wares.storage.WaresModel` subclasses), or None.
    :since: 1

    Example::

        @hookimpl
        def wares_models():
            return RentalTable.metadata
    """
    raise NotImplementedError


@hookspec
def wares_migrations() -> MigrationSource | None:
    """Where this plugin's alembic revisions stand: one linear chain and one version table of its own.

    :return: a `wares.storage.MigrationSource`, or None.
    :since: 1

    Example::

        @hookimpl
        def wares_migrations():
            return MigrationSource("rental", "acme_rental.migrations", RentalTable.metadata, "rental_")
    """
    raise NotImplementedError


# --- the catalogue ---------------------------------------------------------------------------------------------------


@hookspec
def wares_validate_item(item: Item, masters: Masters) -> Iterable[Issue]:
    """Report problems of an item before it is written. Everyone is asked, all Issues are reported together.

    :param item: the item as it would be stored, attributes parsed.
    :param masters: look-ups of other items.
    :return: Issues; an empty list when all is well (None counts as empty).
    :order: the owning type's own ``validate`` runs among the others.
    :since: 1

    Example::

        @hookimpl
        def wares_validate_item(item):
            if item.type == "rental" and item.price is None:
                yield Issue("RENTAL_NEEDS_PRICE", f"{item.sku} has no price per day")
    """
    raise NotImplementedError


@hookspec
def wares_item_created(item: Item) -> None:
    """An item was created. Runs after commit; an exception is logged, never raised.

    :param item: the item as stored.
    :since: 1

    Example::

        @hookimpl
        def wares_item_created(item):
            log.info("new item %s", item.sku)
    """


# --- behaviour: once per line, while a document is recorded -----------------------------------------------------------


@hookspec(firstresult=True)
def wares_expand_line(line: Line, ctx: Context) -> Expansion | None:
    """Expand a line: a kit into the contents that move under it, a group into the rows that replace it.

    :param line: the line as recorded, item and origin looked up. Its item's type owns the answer.
    :param ctx: the document's head, look-ups, settings.
    :return: an `Expansion` (empty for most types). None is a contract error: the core's own implementation, which runs last,
        always answers by asking the owning object's ``expand``.
    :order: implementations other than wrappers are refused at load: wrap instead.
    :since: 1

    Example::

        @hookimpl(wrapper=True)
        def wares_expand_line(line, ctx):
            expansion = yield
            return expansion
    """


@hookspec(firstresult=True)
def wares_price_line(line: Line, ctx: PriceContext) -> Pricing | None:
    """Price a line: its amount, the role it is posted to, whether it is a calculation on the row above.

    :param line: a row after expansion.
    :param ctx: the document's context and the row above it with its running net amount.
    :return: a `Pricing`. None is a contract error.
    :order: as `wares_expand_line`.
    :since: 1

    Example::

        @hookimpl(wrapper=True)
        def wares_price_line(line, ctx):
            pricing = yield
            return pricing._replace(amount=pricing.amount - loyalty(line, ctx))
    """


@hookspec(firstresult=True)
def wares_cost_line(line: Line, ctx: CostContext) -> CostPlan | None:
    """Plan the moves of a line with the source of each move's value, and the costs that its goods absorb. No amount is invented.

    :param line: a row or content that moves goods.
    :param ctx: the document's context and, for goods that come in at a known value, that value.
    :return: a `CostPlan`. Its ``absorbed`` costs need goods that come in at a stated value. None is a contract error.
    :order: as `wares_expand_line`.
    :since: 1

    Example::

        @hookimpl(wrapper=True)
        def wares_cost_line(line, ctx):
            plan = yield
            return plan
    """


@hookspec(firstresult=True)
def wares_map_account(query: AccountQuery, ctx: Context) -> Account | None:
    """Choose the account of a role for a line.

    :param query: the role with the item, line, location and party it is for.
    :param ctx: the document's context.
    :return: an `Account`. None is a contract error: the core's implementation asks the owning type, then the mapping rules
        (line, item, category, item type, location or party, company default), and refuses the document if none answers.
    :order: as `wares_expand_line`.
    :since: 1

    Example::

        @hookimpl(wrapper=True)
        def wares_map_account(query, ctx):
            account = yield
            return account
    """


# --- a batch: the only hooks that touch the plugin's own tables --------------------------------------------------------


@hookspec
def wares_load(records: tuple[Mapping[str, Any], ...], reader: Reader) -> Mapping[str, Any]:
    """Read, once per batch and before planning, what this plugin's behaviour will need from its own tables.

    :param records: the document records of the batch.
    :param reader: a read-only connection to the books, already inside the transaction; every query filters on
        ``reader.company_id``.
    :return: a mapping, which becomes ``ctx.facts[<plugin name>]``; None = nothing.
    :since: 1

    Example::

        @hookimpl
        def wares_load(records, reader):
            return {"rates": load_rates(reader)}
    """
    raise NotImplementedError


@hookspec
def wares_accepted(document: AcceptedDocument, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Say what is known now that a document of the batch was accepted, before the next one is planned: a balance that it used up,
    a place that it took. Nothing is written yet; what is refused never comes here.

    :param document: as each of `wares_rows`.
    :param facts: this plugin's facts, as `wares_load` or this hook gave them last; leave them as they are.
    :return: a mapping, which replaces ``ctx.facts[<plugin name>]`` for the rest of the batch; None = as before.
    :since: 1

    Example::

        @hookimpl
        def wares_accepted(document, facts):
            return {"left": facts["left"] - used_by(document)}
    """
    raise NotImplementedError


@hookspec
def wares_rows(posted: tuple[AcceptedDocument, ...], reader: Reader) -> Iterable[tuple[Table, tuple[Any, ...]]]:
    """Add rows to this plugin's own tables in the transaction of the documents just planned.

    :param posted: the documents of the batch, each with its ``document_id``, ``number``, ``line_ids`` (line number → id),
        ``moves`` and, as ``planned.document``, the document as it was priced.
    :param reader: as in `wares_load`.
    :return: pairs of (table, tuple in the order of its columns); only tables named ``<plugin>_...`` (or with
        the prefix of the plugin's `MigrationSource`).
    :since: 1

    Example::

        @hookimpl
        def wares_rows(posted, reader):
            for document in posted:
                yield RentalTable.__table__, (reader.company_id, document.document_id, document.number)
    """
    raise NotImplementedError


# --- around posting --------------------------------------------------------------------------------------------------


@hookspec
def wares_before_post(document: Document, ctx: Context) -> Iterable[Issue]:
    """Veto a document before it is costed: every Issue returned refuses it.

    :param document: the priced document.
    :param ctx: its context.
    :return: Issues; empty to let it pass.
    :since: 1

    Example::

        @hookimpl
        def wares_before_post(document, ctx):
            if ctx.header.party and ctx.header.party.code == "BLOCKED":
                yield Issue("CUSTOMER_BLOCKED", "this customer may not buy")
    """
    raise NotImplementedError


@hookspec
def wares_posted(document: Posted) -> None:
    """A document was posted. Runs after the outermost commit; dropped on rollback; an exception is logged, never raised.

    :param document: the posted document as `Books.post` returns it.
    :since: 1

    Example::

        @hookimpl
        def wares_posted(document):
            log.info("posted %s", document.number)
    """


@hookspec
def wares_voided(document: Posted) -> None:
    """A document was voided. After commit, isolated, as `wares_posted`.

    :param document: the document as it now stands.
    :since: 1

    Example::

        @hookimpl
        def wares_voided(document):
            log.info("void %s", document.number)
    """


@hookspec
def wares_cost_corrected(correction: Posted) -> None:
    """The cost of something already recorded changed because of a later fact. After commit, isolated, as `wares_posted`.

    :param correction: the document that caused it, as `wares_posted` has it; its ``corrections`` name each corrected move
        with its ``document_id``, ``item_id``, ``day`` and ``difference`` in minor units.
    :since: 1

    Example::

        @hookimpl
        def wares_cost_corrected(correction):
            log.info("%s corrected the cost of %d moves", correction.number, len(correction.corrections))
    """
