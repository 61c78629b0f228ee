"""The hooks of Wares: the manual of the plugin contract.

A plugin is a module (or object) named by an entry point in the group ``wares``. It registers *objects* (item types, document
types, cost methods, ...) and may *wrap* the behaviour of other plugins' objects with ``@hookimpl(wrapper=True)``. Behaviour hooks
receive ``(subject, ctx)``: the subject is an immutable value, and the context is frozen and grows with the API. Only the two batch
hooks `wares_load` and `wares_rows` get a connection to the database. A hook implementation takes no defaults; it may leave out
arguments that it does not use, as always with pluggy.

The four behaviour hooks and `wares_validate_item` may be wrapped. Every other hook is called for each plugin separately, so that
errors name the plugin. A wrapper around such a hook would see its own plugin only and is refused at load. If a plugin raises in a
hook, or returns a value that the hook does not allow, a PluginError names it (PLUGIN_RAISED, PLUGIN_RETURNED). To say no to the
user, raise `Refused` or return Issues.

Order: bundled plugins first, then third-party plugins by name; ``tryfirst`` and ``trylast`` as in pluggy. A registration hook is
called once, when the books open.

The hooks of a batch of documents in the order of their calls: `wares_load` for the batch; then for each document
`wares_expand_line` and `wares_price_line` for its lines, `wares_before_post`, `wares_cost_line` for the lines that move goods,
`wares_map_account` for each role, and `wares_accepted`; `wares_rows` when rows are written; `wares_posted` and
`wares_cost_corrected` after the commit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

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
from wares.values import Record

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
    from wares.storage.migration_source import MigrationSource
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

    :return: objects, one per type; an item record names their ``key`` in ``type``. A key that two plugins claim is reported with
        both distributions: a bundled plugin wins, and two third parties both lose the key.
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

    :return: objects; a document record names their ``key`` in ``type``; clashes as for item types.
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

    :return: objects; an item names their ``key`` in ``cost_method``. While a method is absent, its pools can be read, posting to
        them is refused, and ``verify`` reports them as not checked.
    :since: 1

    Example::

        @hookimpl
        def wares_cost_methods():
            return [HighestCostFirst()]
    """
    raise NotImplementedError


@hookspec
def wares_channels() -> Iterable[Channel]:
    """Register sales channels: the columns of the files that a marketplace exports.

    :return: frozen objects; ``wares channels import --channel`` names their ``key``; clashes as for item types.
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

    :return: yes/no questions, each for one item type.
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
    """Register reports: listings for ``wares reports``, in every format, and for hosts through ``books.reports``.

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
    """Register projections: rows that the books keep of documents, so that a long listing need not read every document.

    :return: objects; ``books.projections`` names their ``key``; clashes as for item types.
    :since: 1

    Example::

        @hookimpl
        def wares_projections():
            return [RentedOut()]
    """
    raise NotImplementedError


@hookspec
def wares_settings() -> type[BaseModel] | None:
    """Declare the plugin's section of the program settings (``[plugins.<name>]`` in wares.toml, ``WARES_PLUGINS__<NAME>__...``).

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
    """Declare the tables of the plugin, all named ``<plugin>_...``, with ``company_id`` first in every key.

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
    """Declare the plugin's alembic revisions: one linear chain with a version table of its own.

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
    """Report problems of an item before it is written. Every plugin is asked, and all Issues are reported together.

    :param item: the item as it would be stored, attributes parsed.
    :param masters: look-ups of other items.
    :return: Issues; empty if there are none (None counts as empty).
    :order: the ``validate`` of the item's type runs among the others.
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
    """Observe the creation of an item, after the commit. An exception is logged, never raised.

    :param item: the item as stored.
    :since: 1

    Example::

        @hookimpl
        def wares_item_created(item):
            log.info("new item %s", item.sku)
    """


# --- behaviour: while a document is recorded, for each line (`wares_map_account`: for each role of a line) --------------


@hookspec(firstresult=True)
def wares_expand_line(line: Line, ctx: Context) -> Expansion | None:
    """Expand a line: a kit into the contents that move under it, a group into the rows that replace it.

    :param line: the line as recorded, with item and origin looked up. The type of its item owns the answer.
    :param ctx: the document's head, look-ups, settings.
    :return: an `Expansion` (empty for most types). None is a contract error: the core's own implementation, which runs last,
        always answers with the ``expand`` of the item's type.
    :order: implementations other than wrappers are refused at load.
    :since: 1

    Example::

        @hookimpl(wrapper=True)
        def wares_expand_line(line, ctx):
            expansion = yield
            return expansion
    """


@hookspec(firstresult=True)
def wares_price_line(line: Line, ctx: PriceContext) -> Pricing | None:
    """Price a line: its amount, the role that it is posted to, and whether it is a calculation on the row above.

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

    :param query: the role, with its item, line, location and party.
    :param ctx: the document's context.
    :return: an `Account` of a type that can hold the role: goods and receivables are assets, payables liabilities. None is a
        contract error: the core's implementation asks the item's type, then the mapping rules (line,
        item, category, item type, location or party, company default), and refuses the document if there is no account.
    :order: as `wares_expand_line`.
    :since: 1

    Example::

        @hookimpl(wrapper=True)
        def wares_map_account(query, ctx):
            account = yield
            return account
    """


# --- a batch: the plugin's facts before it, and its own rows after it ---------------------------------------------------


@hookspec
def wares_load(records: tuple[Record, ...], reader: Reader) -> Record:
    """Read from the plugin's own tables the facts that its behaviour needs, before the batch is planned. A revision is
    read for once more, when the document that it replaces is annulled.

    :param records: the document records of the batch, or the one record of a revision.
    :param reader: a read-only connection to the books, inside the transaction; every query filters on ``reader.company_id``.
    :return: a mapping, which becomes ``ctx.facts[<plugin name>]``; None = no facts.
    :since: 1

    Example::

        @hookimpl
        def wares_load(records, reader):
            return {"rates": load_rates(reader)}
    """
    raise NotImplementedError


@hookspec
def wares_accepted(document: AcceptedDocument, facts: Record) -> Record | None:
    """Update the plugin's facts after a document of the batch was accepted, before the next one is planned: a balance that it used
    up, a place that it took. It cannot refuse any more: use `wares_before_post`. The rows of a late document are written already.
    Refused documents do not come here.

    :param document: the accepted document, a frozen value, as in `wares_rows`.
    :param facts: the plugin's facts, as `wares_load` or this hook last returned them; do not change them.
    :return: a mapping, which replaces ``ctx.facts[<plugin name>]`` for the rest of the batch; None = no change.
    :since: 1

    Example::

        @hookimpl
        def wares_accepted(document, facts):
            return {"left": facts["left"] - used_by(document)}
    """
    raise NotImplementedError


@hookspec
def wares_rows(posted: tuple[AcceptedDocument, ...], reader: Reader) -> Iterable[tuple[Table, tuple[object, ...]]]:
    """Add rows to the plugin's own tables, in the transaction of the documents. It is called at each write of the batch: at its
    end, and before a late document or a revision is read for. Each document comes here once.

    :param posted: the documents accepted since the last write, frozen values, each with its ``document_id``, ``number``,
        ``line_ids`` (line number → id), ``moves``, ``postings`` and, as ``planned.document``, its priced rows.
    :param reader: as in `wares_load`.
    :return: pairs of (table, tuple in the order of its columns), for tables named ``<plugin>_...`` (or with the prefix of the
        plugin's `MigrationSource`) only.
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
    """Veto a document before it is costed: any Issue refuses it.

    :param document: the priced document.
    :param ctx: its context.
    :return: Issues; empty = the document may be posted.
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
    """Observe a posted document, after the outermost commit; not called after a rollback. An exception is logged, never raised.

    :param document: the posted document as `Books.post` returns it.
    :since: 1

    Example::

        @hookimpl
        def wares_posted(document):
            log.info("posted %s", document.number)
    """


@hookspec
def wares_voided(document: Posted) -> None:
    """Observe a voided document, as `wares_posted`.

    :param document: the document after the void.
    :since: 1

    Example::

        @hookimpl
        def wares_voided(document):
            log.info("void %s", document.number)
    """


@hookspec
def wares_cost_corrected(correction: Posted) -> None:
    """Observe a document that changed the cost of recorded moves, as `wares_posted`.

    :param correction: the document that caused the changes, as in `wares_posted`; its ``corrections`` hold a `CostChange` for each
        corrected move, with its ``document_id``, ``item_id``, ``day`` and ``difference`` in minor units.
    :since: 1

    Example::

        @hookimpl
        def wares_cost_corrected(correction):
            log.info("%s corrected the cost of %d moves", correction.number, len(correction.corrections))
    """
