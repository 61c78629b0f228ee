"""Tables of the core."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("currency", sa.String(length=200), nullable=False),
        sa.Column("decimals", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("master_version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("next_entry", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("closed_through", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("projections", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_company")),
        info={"kind": "company"},
    )
    op.create_table(
        "currency",
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("decimals", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_currency")),
        info={"kind": "reference"},
    )
    op.create_table(
        "directory",
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_directory")),
        info={"kind": "reference"},
    )
    op.create_table(
        "account",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.Text(), nullable=True),
        sa.Column("active", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_account_company_id")),
        sa.PrimaryKeyConstraint("company_id", "account_id", name=op.f("pk_account")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_account_company_id_code")),
        info={"kind": "company"},
    )
    op.create_table(
        "closing",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("date", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_closing_company_id")),
        sa.PrimaryKeyConstraint("company_id", "number", name=op.f("pk_closing")),
        info={"kind": "company"},
    )
    op.create_table(
        "document",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("issued", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("status", sa.String(length=200), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("due", sa.Integer(), autoincrement=False, nullable=True),
        sa.Column("party_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("reference_key", sa.String(length=200), nullable=True),
        sa.Column("currency", sa.String(length=200), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=False),
        sa.Column("goods", sa.String(length=200), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("base_total", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("body_hash", sa.String(length=200), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_document_company_id")),
        sa.PrimaryKeyConstraint("company_id", "document_id", name=op.f("pk_document")),
        sa.UniqueConstraint("company_id", "key", name=op.f("uq_document_company_id_key")),
        sa.UniqueConstraint("company_id", "number", "revision", name=op.f("uq_document_company_id_number_revision")),
        sa.UniqueConstraint("company_id", "reference_key", name=op.f("uq_document_company_id_reference_key")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_document_company_id_date"), "document", ["company_id", "date"], unique=False)
    op.create_index(
        "ix_document_parent",
        "document",
        ["company_id", "parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_table(
        "item",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("sku", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("cost_method", sa.String(length=200), nullable=True),
        sa.Column("category", sa.String(length=200), nullable=True),
        sa.Column("barcode", sa.String(length=200), nullable=True),
        sa.Column("weight", sa.BigInteger(), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("makes", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_item_company_id")),
        sa.PrimaryKeyConstraint("company_id", "item_id", name=op.f("pk_item")),
        sa.UniqueConstraint("company_id", "sku", name=op.f("uq_item_company_id_sku")),
        info={"kind": "company"},
    )
    op.create_table(
        "location",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("active", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_location_company_id")),
        sa.PrimaryKeyConstraint("company_id", "location_id", name=op.f("pk_location")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_location_company_id_code")),
        info={"kind": "company"},
    )
    op.create_table(
        "outbox",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_outbox_company_id")),
        sa.PrimaryKeyConstraint("company_id", "sequence", name=op.f("pk_outbox")),
        info={"kind": "company"},
    )
    op.create_table(
        "party",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kinds", sa.Text(), nullable=True),
        sa.Column("active", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_party_company_id")),
        sa.PrimaryKeyConstraint("company_id", "party_id", name=op.f("pk_party")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_party_company_id_code")),
        info={"kind": "company"},
    )
    op.create_table(
        "pool",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("area_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lot", sa.String(length=200), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("first_method", sa.String(length=200), nullable=False),
        sa.Column("first_rate", sa.BigInteger(), nullable=True),
        sa.Column("method", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("base_quantity", sa.BigInteger(), nullable=False),
        sa.Column("base_value", sa.BigInteger(), nullable=False),
        sa.Column("rate", sa.BigInteger(), nullable=True),
        sa.Column("known_quantity", sa.BigInteger(), nullable=False),
        sa.Column("known_value", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("last_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_pool_company_id")),
        sa.PrimaryKeyConstraint("company_id", "pool_id", name=op.f("pk_pool")),
        sa.UniqueConstraint(
            "company_id",
            "item_id",
            "area_id",
            "lot",
            "order_line_id",
            name=op.f("uq_pool_company_id_item_id_area_id_lot_order_line_id"),
        ),
        info={"kind": "company"},
    )
    op.create_table(
        "series",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=200), nullable=False),
        sa.Column("issued", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_series_company_id")),
        sa.PrimaryKeyConstraint("company_id", "series", name=op.f("pk_series")),
        info={"kind": "company"},
    )
    op.create_table(
        "setting",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_setting_company_id")),
        sa.PrimaryKeyConstraint("company_id", "key", name=op.f("pk_setting")),
        info={"kind": "company"},
    )
    op.create_table(
        "source",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_source_company_id")),
        sa.PrimaryKeyConstraint("company_id", "fingerprint", name=op.f("pk_source")),
        info={"kind": "company"},
    )
    op.create_table(
        "application",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("base_amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.document_id"],
            name=op.f("fk_application_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "target_id"],
            ["document.company_id", "document.document_id"],
            name=op.f("fk_application_company_id_target_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_application_company_id")),
        sa.PrimaryKeyConstraint("company_id", "document_id", "target_id", name=op.f("pk_application")),
        info={"kind": "company"},
    )
    op.create_index(
        op.f("ix_application_company_id_target_id_document_id"),
        "application",
        ["company_id", "target_id", "document_id"],
        unique=False,
    )
    op.create_table(
        "component",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.Column("attributes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "item_id"], ["item.company_id", "item.item_id"], name=op.f("fk_component_company_id_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "parent_id"], ["item.company_id", "item.item_id"], name=op.f("fk_component_company_id_parent_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_component_company_id")),
        sa.PrimaryKeyConstraint("company_id", "parent_id", "kind", "position", name=op.f("pk_component")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_component_company_id_item_id"), "component", ["company_id", "item_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("seal", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.document_id"],
            name=op.f("fk_entry_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_entry_company_id")),
        sa.PrimaryKeyConstraint("company_id", "entry_id", name=op.f("pk_entry")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_entry_company_id_document_id"), "entry", ["company_id", "document_id"], unique=False)
    op.create_table(
        "line",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parent_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("kind", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("base_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("scrapped", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=True),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("goods_amount", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=True),
        sa.Column("unit_factor", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("from_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("lot", sa.String(length=200), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.Column("attributes", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.document_id"],
            name=op.f("fk_line_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_line_company_id")),
        sa.PrimaryKeyConstraint("company_id", "line_id", name=op.f("pk_line")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_line_company_id_document_id"), "line", ["company_id", "document_id"], unique=False)
    op.create_table(
        "mapping",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("of", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.account_id"],
            name=op.f("fk_mapping_company_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_mapping_company_id")),
        sa.PrimaryKeyConstraint("company_id", "role", "level", "of", name=op.f("pk_mapping")),
        info={"kind": "company"},
    )
    op.create_table(
        "move",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("date", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("intent", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("stated", sa.BigInteger(), nullable=True),
        sa.Column("origin_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("share", sa.BigInteger(), nullable=True),
        sa.Column("fallback_cost", sa.BigInteger(), nullable=True),
        sa.Column("counter_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("variance_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("short", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("method", sa.String(length=200), nullable=True),
        sa.Column("annulled_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("annuls", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.document_id"],
            name=op.f("fk_move_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pool.company_id", "pool.pool_id"], name=op.f("fk_move_company_id_pool_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_move_company_id")),
        sa.PrimaryKeyConstraint("company_id", "move_id", name=op.f("pk_move")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_move_company_id_document_id"), "move", ["company_id", "document_id"], unique=False)
    op.create_index(
        op.f("ix_move_company_id_pool_id_effective_at_sequence"),
        "move",
        ["company_id", "pool_id", "effective_at", "sequence"],
        unique=False,
    )
    op.create_index(
        "ix_move_of_totals",
        "move",
        ["company_id", "pool_id", "effective_at", "sequence"],
        unique=False,
        sqlite_where=sa.text("intent >= 5"),
        postgresql_where=sa.text("intent >= 5"),
    )
    op.create_table(
        "period_total",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("debit", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.account_id"],
            name=op.f("fk_period_total_company_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_period_total_company_id")),
        sa.PrimaryKeyConstraint("company_id", "account_id", "period", name=op.f("pk_period_total")),
        info={"kind": "company"},
    )
    op.create_table(
        "pool_account",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.document_id"],
            name=op.f("fk_pool_account_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pool.company_id", "pool.pool_id"], name=op.f("fk_pool_account_company_id_pool_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_pool_account_company_id")),
        sa.PrimaryKeyConstraint("company_id", "pool_id", "since", "document_id", name=op.f("pk_pool_account")),
        info={"kind": "company"},
    )
    op.create_table(
        "pool_month",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("posted", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pool.company_id", "pool.pool_id"], name=op.f("fk_pool_month_company_id_pool_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_pool_month_company_id")),
        sa.PrimaryKeyConstraint("company_id", "pool_id", "location_id", "period", name=op.f("pk_pool_month")),
        info={"kind": "company"},
    )
    op.create_table(
        "projected",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("projection", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("waits", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.document_id"],
            name=op.f("fk_projected_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_projected_company_id")),
        sa.PrimaryKeyConstraint("company_id", "projection", "document_id", "position", name=op.f("pk_projected")),
        info={"kind": "company"},
    )
    op.create_index(
        op.f("ix_projected_company_id_projection_day_document_id_position"),
        "projected",
        ["company_id", "projection", "day", "document_id", "position"],
        unique=False,
    )
    op.create_index(
        "ix_projected_waits",
        "projected",
        ["company_id", "projection", "day", "document_id", "position"],
        unique=False,
        sqlite_where=sa.text("waits = 1"),
        postgresql_where=sa.text("waits = 1"),
    )
    op.create_table(
        "stock",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("on_order", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "item_id"], ["item.company_id", "item.item_id"], name=op.f("fk_stock_company_id_item_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_stock_company_id")),
        sa.PrimaryKeyConstraint("company_id", "item_id", "location_id", name=op.f("pk_stock")),
        info={"kind": "company"},
    )
    op.create_table(
        "consumption",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("layer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("estimate", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"], ["move.company_id", "move.move_id"], name=op.f("fk_consumption_company_id_move_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_consumption_company_id")),
        sa.PrimaryKeyConstraint("company_id", "move_id", "layer_id", name=op.f("pk_consumption")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_consumption_company_id_layer_id"), "consumption", ["company_id", "layer_id"], unique=False)
    op.create_table(
        "foreign_line",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("goods_amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"], ["line.company_id", "line.line_id"], name=op.f("fk_foreign_line_company_id_line_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_foreign_line_company_id")),
        sa.PrimaryKeyConstraint("company_id", "line_id", name=op.f("pk_foreign_line")),
        info={"kind": "company"},
    )
    op.create_table(
        "fulfilment",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin_line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency_amount", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"], ["line.company_id", "line.line_id"], name=op.f("fk_fulfilment_company_id_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "origin_line_id"],
            ["line.company_id", "line.line_id"],
            name=op.f("fk_fulfilment_company_id_origin_line_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_fulfilment_company_id")),
        sa.PrimaryKeyConstraint("company_id", "origin_line_id", "line_id", name=op.f("pk_fulfilment")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_fulfilment_company_id_line_id"), "fulfilment", ["company_id", "line_id"], unique=False)
    op.create_table(
        "layer",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("layer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("arrived_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=False),
        sa.Column("base_quantity", sa.BigInteger(), nullable=False),
        sa.Column("base_value", sa.BigInteger(), nullable=False),
        sa.Column("exhausted_by", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("exhausted_at", sa.BigInteger(), nullable=False),
        sa.Column("exhausted_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"], ["move.company_id", "move.move_id"], name=op.f("fk_layer_company_id_move_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"], ["pool.company_id", "pool.pool_id"], name=op.f("fk_layer_company_id_pool_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_layer_company_id")),
        sa.PrimaryKeyConstraint("company_id", "pool_id", "layer_id", name=op.f("pk_layer")),
        info={"kind": "company"},
    )
    op.create_index(
        op.f("ix_layer_company_id_pool_id_exhausted_at_effective_at_sequence"),
        "layer",
        ["company_id", "pool_id", "exhausted_at", "effective_at", "sequence"],
        unique=False,
    )
    op.create_table(
        "move_link",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"], ["move.company_id", "move.move_id"], name=op.f("fk_move_link_company_id_move_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "origin_id"], ["move.company_id", "move.move_id"], name=op.f("fk_move_link_company_id_origin_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_move_link_company_id")),
        sa.PrimaryKeyConstraint("company_id", "origin_id", "move_id", name=op.f("pk_move_link")),
        info={"kind": "company"},
    )
    op.create_table(
        "open_line",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("waits_for", sa.String(length=200), nullable=False),
        sa.Column("party_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"], ["line.company_id", "line.line_id"], name=op.f("fk_open_line_company_id_line_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_open_line_company_id")),
        sa.PrimaryKeyConstraint("company_id", "line_id", name=op.f("pk_open_line")),
        info={"kind": "company"},
    )
    op.create_index(
        op.f("ix_open_line_company_id_party_id_item_id"), "open_line", ["company_id", "party_id", "item_id"], unique=False
    )
    op.create_table(
        "posting",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=200), nullable=False),
        sa.Column("currency_amount", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("party_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("memo", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["account.company_id", "account.account_id"],
            name=op.f("fk_posting_company_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "entry_id"], ["entry.company_id", "entry.entry_id"], name=op.f("fk_posting_company_id_entry_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_posting_company_id")),
        sa.PrimaryKeyConstraint("company_id", "entry_id", "position", name=op.f("pk_posting")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_posting_company_id_account_id_date"), "posting", ["company_id", "account_id", "date"], unique=False)
    op.create_table(
        "valuation",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("counter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "entry_id"], ["entry.company_id", "entry.entry_id"], name=op.f("fk_valuation_company_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"], ["move.company_id", "move.move_id"], name=op.f("fk_valuation_company_id_move_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_valuation_company_id")),
        sa.PrimaryKeyConstraint("company_id", "move_id", "entry_id", "counter_id", name=op.f("pk_valuation")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_valuation_company_id_entry_id"), "valuation", ["company_id", "entry_id"], unique=False)
    op.create_table(
        "value_fact",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("counter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("annulled", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["document.company_id", "document.document_id"],
            name=op.f("fk_value_fact_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"], ["move.company_id", "move.move_id"], name=op.f("fk_value_fact_company_id_move_id")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.company_id"], name=op.f("fk_value_fact_company_id")),
        sa.PrimaryKeyConstraint("company_id", "fact_id", name=op.f("pk_value_fact")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_value_fact_company_id_document_id"), "value_fact", ["company_id", "document_id"], unique=False)
    op.create_index(op.f("ix_value_fact_company_id_move_id"), "value_fact", ["company_id", "move_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_value_fact_company_id_move_id"), table_name="value_fact")
    op.drop_index(op.f("ix_value_fact_company_id_document_id"), table_name="value_fact")
    op.drop_table("value_fact")
    op.drop_index(op.f("ix_valuation_company_id_entry_id"), table_name="valuation")
    op.drop_table("valuation")
    op.drop_index(op.f("ix_posting_company_id_account_id_date"), table_name="posting")
    op.drop_table("posting")
    op.drop_index(op.f("ix_open_line_company_id_party_id_item_id"), table_name="open_line")
    op.drop_table("open_line")
    op.drop_table("move_link")
    op.drop_index(op.f("ix_layer_company_id_pool_id_exhausted_at_effective_at_sequence"), table_name="layer")
    op.drop_table("layer")
    op.drop_index(op.f("ix_fulfilment_company_id_line_id"), table_name="fulfilment")
    op.drop_table("fulfilment")
    op.drop_table("foreign_line")
    op.drop_index(op.f("ix_consumption_company_id_layer_id"), table_name="consumption")
    op.drop_table("consumption")
    op.drop_table("stock")
    op.drop_index(
        "ix_projected_waits", table_name="projected", sqlite_where=sa.text("waits = 1"), postgresql_where=sa.text("waits = 1")
    )
    op.drop_index(op.f("ix_projected_company_id_projection_day_document_id_position"), table_name="projected")
    op.drop_table("projected")
    op.drop_table("pool_month")
    op.drop_table("pool_account")
    op.drop_table("period_total")
    op.drop_index(
        "ix_move_of_totals", table_name="move", sqlite_where=sa.text("intent >= 5"), postgresql_where=sa.text("intent >= 5")
    )
    op.drop_index(op.f("ix_move_company_id_pool_id_effective_at_sequence"), table_name="move")
    op.drop_index(op.f("ix_move_company_id_document_id"), table_name="move")
    op.drop_table("move")
    op.drop_table("mapping")
    op.drop_index(op.f("ix_line_company_id_document_id"), table_name="line")
    op.drop_table("line")
    op.drop_index(op.f("ix_entry_company_id_document_id"), table_name="entry")
    op.drop_table("entry")
    op.drop_index(op.f("ix_component_company_id_item_id"), table_name="component")
    op.drop_table("component")
    op.drop_index(op.f("ix_application_company_id_target_id_document_id"), table_name="application")
    op.drop_table("application")
    op.drop_table("source")
    op.drop_table("setting")
    op.drop_table("series")
    op.drop_table("pool")
    op.drop_table("party")
    op.drop_table("outbox")
    op.drop_table("location")
    op.drop_table("item")
    op.drop_index(
        "ix_document_parent",
        table_name="document",
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_document_company_id_date"), table_name="document")
    op.drop_table("document")
    op.drop_table("closing")
    op.drop_table("account")
    op.drop_table("directory")
    op.drop_table("currency")
    op.drop_table("company")
