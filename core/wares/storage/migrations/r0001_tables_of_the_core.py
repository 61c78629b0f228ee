"""Tables of the core."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "wares_company",
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
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_wares_company")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_currency",
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("decimals", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wares_currency")),
        info={"kind": "reference"},
    )
    op.create_table(
        "wares_directory",
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wares_directory")),
        info={"kind": "reference"},
    )
    op.create_table(
        "wares_account",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.Text(), nullable=True),
        sa.Column("active", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_account_company_id")),
        sa.PrimaryKeyConstraint("company_id", "account_id", name=op.f("pk_wares_account")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_wares_account_company_id_code")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_closing",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("date", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_closing_company_id")),
        sa.PrimaryKeyConstraint("company_id", "number", name=op.f("pk_wares_closing")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_document",
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
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_document_company_id")),
        sa.PrimaryKeyConstraint("company_id", "document_id", name=op.f("pk_wares_document")),
        sa.UniqueConstraint("company_id", "key", name=op.f("uq_wares_document_company_id_key")),
        sa.UniqueConstraint("company_id", "number", "revision", name=op.f("uq_wares_document_company_id_number_revision")),
        sa.UniqueConstraint("company_id", "reference_key", name=op.f("uq_wares_document_company_id_reference_key")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_wares_document_company_id_date"), "wares_document", ["company_id", "date"], unique=False)
    op.create_index(
        "ix_wares_document_parent",
        "wares_document",
        ["company_id", "parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_table(
        "wares_item",
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
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_item_company_id")),
        sa.PrimaryKeyConstraint("company_id", "item_id", name=op.f("pk_wares_item")),
        sa.UniqueConstraint("company_id", "sku", name=op.f("uq_wares_item_company_id_sku")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_location",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("active", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_location_company_id")),
        sa.PrimaryKeyConstraint("company_id", "location_id", name=op.f("pk_wares_location")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_wares_location_company_id_code")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_outbox",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_outbox_company_id")),
        sa.PrimaryKeyConstraint("company_id", "sequence", name=op.f("pk_wares_outbox")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_party",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kinds", sa.Text(), nullable=True),
        sa.Column("active", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_party_company_id")),
        sa.PrimaryKeyConstraint("company_id", "party_id", name=op.f("pk_wares_party")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_wares_party_company_id_code")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_pool",
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
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_pool_company_id")),
        sa.PrimaryKeyConstraint("company_id", "pool_id", name=op.f("pk_wares_pool")),
        sa.UniqueConstraint(
            "company_id",
            "item_id",
            "area_id",
            "lot",
            "order_line_id",
            name=op.f("uq_wares_pool_company_id_item_id_area_id_lot_order_line_id"),
        ),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_series",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("series", sa.String(length=200), nullable=False),
        sa.Column("prefix", sa.String(length=200), nullable=False),
        sa.Column("issued", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_series_company_id")),
        sa.PrimaryKeyConstraint("company_id", "series", name=op.f("pk_wares_series")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_setting",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_setting_company_id")),
        sa.PrimaryKeyConstraint("company_id", "key", name=op.f("pk_wares_setting")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_source",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_source_company_id")),
        sa.PrimaryKeyConstraint("company_id", "fingerprint", name=op.f("pk_wares_source")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_application",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("base_amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["wares_document.company_id", "wares_document.document_id"],
            name=op.f("fk_wares_application_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "target_id"],
            ["wares_document.company_id", "wares_document.document_id"],
            name=op.f("fk_wares_application_company_id_target_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_application_company_id")),
        sa.PrimaryKeyConstraint("company_id", "document_id", "target_id", name=op.f("pk_wares_application")),
        info={"kind": "company"},
    )
    op.create_index(
        op.f("ix_wares_application_company_id_target_id_document_id"),
        "wares_application",
        ["company_id", "target_id", "document_id"],
        unique=False,
    )
    op.create_table(
        "wares_component",
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
            ["company_id", "item_id"],
            ["wares_item.company_id", "wares_item.item_id"],
            name=op.f("fk_wares_component_company_id_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "parent_id"],
            ["wares_item.company_id", "wares_item.item_id"],
            name=op.f("fk_wares_component_company_id_parent_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_component_company_id")),
        sa.PrimaryKeyConstraint("company_id", "parent_id", "kind", "position", name=op.f("pk_wares_component")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_wares_component_company_id_item_id"), "wares_component", ["company_id", "item_id"], unique=False)
    op.create_table(
        "wares_entry",
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
            ["wares_document.company_id", "wares_document.document_id"],
            name=op.f("fk_wares_entry_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_entry_company_id")),
        sa.PrimaryKeyConstraint("company_id", "entry_id", name=op.f("pk_wares_entry")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_wares_entry_company_id_document_id"), "wares_entry", ["company_id", "document_id"], unique=False)
    op.create_table(
        "wares_line",
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
            ["wares_document.company_id", "wares_document.document_id"],
            name=op.f("fk_wares_line_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_line_company_id")),
        sa.PrimaryKeyConstraint("company_id", "line_id", name=op.f("pk_wares_line")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_wares_line_company_id_document_id"), "wares_line", ["company_id", "document_id"], unique=False)
    op.create_table(
        "wares_mapping",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("of", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["wares_account.company_id", "wares_account.account_id"],
            name=op.f("fk_wares_mapping_company_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_mapping_company_id")),
        sa.PrimaryKeyConstraint("company_id", "role", "level", "of", name=op.f("pk_wares_mapping")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_move",
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
            ["wares_document.company_id", "wares_document.document_id"],
            name=op.f("fk_wares_move_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"],
            ["wares_pool.company_id", "wares_pool.pool_id"],
            name=op.f("fk_wares_move_company_id_pool_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_move_company_id")),
        sa.PrimaryKeyConstraint("company_id", "move_id", name=op.f("pk_wares_move")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_wares_move_company_id_document_id"), "wares_move", ["company_id", "document_id"], unique=False)
    op.create_index(
        op.f("ix_wares_move_company_id_pool_id_effective_at_sequence"),
        "wares_move",
        ["company_id", "pool_id", "effective_at", "sequence"],
        unique=False,
    )
    op.create_index(
        "ix_wares_move_of_totals",
        "wares_move",
        ["company_id", "pool_id", "effective_at", "sequence"],
        unique=False,
        sqlite_where=sa.text("intent >= 5"),
        postgresql_where=sa.text("intent >= 5"),
    )
    op.create_table(
        "wares_period_total",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("debit", sa.BigInteger(), nullable=False),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "account_id"],
            ["wares_account.company_id", "wares_account.account_id"],
            name=op.f("fk_wares_period_total_company_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_period_total_company_id")),
        sa.PrimaryKeyConstraint("company_id", "account_id", "period", name=op.f("pk_wares_period_total")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_pool_account",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("since", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["wares_document.company_id", "wares_document.document_id"],
            name=op.f("fk_wares_pool_account_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"],
            ["wares_pool.company_id", "wares_pool.pool_id"],
            name=op.f("fk_wares_pool_account_company_id_pool_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_pool_account_company_id")),
        sa.PrimaryKeyConstraint("company_id", "pool_id", "since", "document_id", name=op.f("pk_wares_pool_account")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_pool_month",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("posted", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"],
            ["wares_pool.company_id", "wares_pool.pool_id"],
            name=op.f("fk_wares_pool_month_company_id_pool_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_pool_month_company_id")),
        sa.PrimaryKeyConstraint("company_id", "pool_id", "location_id", "period", name=op.f("pk_wares_pool_month")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_projected",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("projection", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("waits", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["wares_document.company_id", "wares_document.document_id"],
            name=op.f("fk_wares_projected_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_projected_company_id")),
        sa.PrimaryKeyConstraint("company_id", "projection", "document_id", "position", name=op.f("pk_wares_projected")),
        info={"kind": "company"},
    )
    op.create_index(
        "ix_wares_projected_in_order",
        "wares_projected",
        ["company_id", "projection", "day", "document_id", "position"],
        unique=False,
    )
    op.create_index(
        "ix_wares_projected_waits",
        "wares_projected",
        ["company_id", "projection", "day", "document_id", "position"],
        unique=False,
        sqlite_where=sa.text("waits = 1"),
        postgresql_where=sa.text("waits = 1"),
    )
    op.create_table(
        "wares_stock",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("on_order", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "item_id"],
            ["wares_item.company_id", "wares_item.item_id"],
            name=op.f("fk_wares_stock_company_id_item_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_stock_company_id")),
        sa.PrimaryKeyConstraint("company_id", "item_id", "location_id", name=op.f("pk_wares_stock")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_consumption",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("layer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("estimate", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"],
            ["wares_move.company_id", "wares_move.move_id"],
            name=op.f("fk_wares_consumption_company_id_move_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_consumption_company_id")),
        sa.PrimaryKeyConstraint("company_id", "move_id", "layer_id", name=op.f("pk_wares_consumption")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_wares_consumption_company_id_layer_id"), "wares_consumption", ["company_id", "layer_id"], unique=False)
    op.create_table(
        "wares_foreign_line",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("goods_amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"],
            ["wares_line.company_id", "wares_line.line_id"],
            name=op.f("fk_wares_foreign_line_company_id_line_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_foreign_line_company_id")),
        sa.PrimaryKeyConstraint("company_id", "line_id", name=op.f("pk_wares_foreign_line")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_fulfilment",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin_line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency_amount", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"],
            ["wares_line.company_id", "wares_line.line_id"],
            name=op.f("fk_wares_fulfilment_company_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "origin_line_id"],
            ["wares_line.company_id", "wares_line.line_id"],
            name=op.f("fk_wares_fulfilment_company_id_origin_line_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_fulfilment_company_id")),
        sa.PrimaryKeyConstraint("company_id", "origin_line_id", "line_id", name=op.f("pk_wares_fulfilment")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_wares_fulfilment_company_id_line_id"), "wares_fulfilment", ["company_id", "line_id"], unique=False)
    op.create_table(
        "wares_layer",
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
            ["company_id", "move_id"],
            ["wares_move.company_id", "wares_move.move_id"],
            name=op.f("fk_wares_layer_company_id_move_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "pool_id"],
            ["wares_pool.company_id", "wares_pool.pool_id"],
            name=op.f("fk_wares_layer_company_id_pool_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_layer_company_id")),
        sa.PrimaryKeyConstraint("company_id", "pool_id", "layer_id", name=op.f("pk_wares_layer")),
        info={"kind": "company"},
    )
    op.create_index(
        "ix_wares_layer_in_order",
        "wares_layer",
        ["company_id", "pool_id", "exhausted_at", "effective_at", "sequence"],
        unique=False,
    )
    op.create_table(
        "wares_move_link",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("origin_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"],
            ["wares_move.company_id", "wares_move.move_id"],
            name=op.f("fk_wares_move_link_company_id_move_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "origin_id"],
            ["wares_move.company_id", "wares_move.move_id"],
            name=op.f("fk_wares_move_link_company_id_origin_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_move_link_company_id")),
        sa.PrimaryKeyConstraint("company_id", "origin_id", "move_id", name=op.f("pk_wares_move_link")),
        info={"kind": "company"},
    )
    op.create_table(
        "wares_open_line",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("waits_for", sa.String(length=200), nullable=False),
        sa.Column("party_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"],
            ["wares_line.company_id", "wares_line.line_id"],
            name=op.f("fk_wares_open_line_company_id_line_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_open_line_company_id")),
        sa.PrimaryKeyConstraint("company_id", "line_id", name=op.f("pk_wares_open_line")),
        info={"kind": "company"},
    )
    op.create_index(
        op.f("ix_wares_open_line_company_id_party_id_item_id"),
        "wares_open_line",
        ["company_id", "party_id", "item_id"],
        unique=False,
    )
    op.create_table(
        "wares_posting",
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
            ["wares_account.company_id", "wares_account.account_id"],
            name=op.f("fk_wares_posting_company_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "entry_id"],
            ["wares_entry.company_id", "wares_entry.entry_id"],
            name=op.f("fk_wares_posting_company_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_posting_company_id")),
        sa.PrimaryKeyConstraint("company_id", "entry_id", "position", name=op.f("pk_wares_posting")),
        info={"kind": "company"},
    )
    op.create_index(
        op.f("ix_wares_posting_company_id_account_id_date"), "wares_posting", ["company_id", "account_id", "date"], unique=False
    )
    op.create_table(
        "wares_valuation",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("counter_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pool_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("date", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "entry_id"],
            ["wares_entry.company_id", "wares_entry.entry_id"],
            name=op.f("fk_wares_valuation_company_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"],
            ["wares_move.company_id", "wares_move.move_id"],
            name=op.f("fk_wares_valuation_company_id_move_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_valuation_company_id")),
        sa.PrimaryKeyConstraint("company_id", "move_id", "entry_id", "counter_id", name=op.f("pk_wares_valuation")),
        info={"kind": "company"},
    )
    op.create_index(op.f("ix_wares_valuation_company_id_entry_id"), "wares_valuation", ["company_id", "entry_id"], unique=False)
    op.create_table(
        "wares_value_fact",
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
            ["wares_document.company_id", "wares_document.document_id"],
            name=op.f("fk_wares_value_fact_company_id_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "move_id"],
            ["wares_move.company_id", "wares_move.move_id"],
            name=op.f("fk_wares_value_fact_company_id_move_id"),
        ),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_value_fact_company_id")),
        sa.PrimaryKeyConstraint("company_id", "fact_id", name=op.f("pk_wares_value_fact")),
        info={"kind": "company"},
    )
    op.create_index(
        op.f("ix_wares_value_fact_company_id_document_id"), "wares_value_fact", ["company_id", "document_id"], unique=False
    )
    op.create_index(op.f("ix_wares_value_fact_company_id_move_id"), "wares_value_fact", ["company_id", "move_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_wares_value_fact_company_id_move_id"), table_name="wares_value_fact")
    op.drop_index(op.f("ix_wares_value_fact_company_id_document_id"), table_name="wares_value_fact")
    op.drop_table("wares_value_fact")
    op.drop_index(op.f("ix_wares_valuation_company_id_entry_id"), table_name="wares_valuation")
    op.drop_table("wares_valuation")
    op.drop_index(op.f("ix_wares_posting_company_id_account_id_date"), table_name="wares_posting")
    op.drop_table("wares_posting")
    op.drop_index(op.f("ix_wares_open_line_company_id_party_id_item_id"), table_name="wares_open_line")
    op.drop_table("wares_open_line")
    op.drop_table("wares_move_link")
    op.drop_index("ix_wares_layer_in_order", table_name="wares_layer")
    op.drop_table("wares_layer")
    op.drop_index(op.f("ix_wares_fulfilment_company_id_line_id"), table_name="wares_fulfilment")
    op.drop_table("wares_fulfilment")
    op.drop_table("wares_foreign_line")
    op.drop_index(op.f("ix_wares_consumption_company_id_layer_id"), table_name="wares_consumption")
    op.drop_table("wares_consumption")
    op.drop_table("wares_stock")
    op.drop_index(
        "ix_wares_projected_waits",
        table_name="wares_projected",
        sqlite_where=sa.text("waits = 1"),
        postgresql_where=sa.text("waits = 1"),
    )
    op.drop_index("ix_wares_projected_in_order", table_name="wares_projected")
    op.drop_table("wares_projected")
    op.drop_table("wares_pool_month")
    op.drop_table("wares_pool_account")
    op.drop_table("wares_period_total")
    op.drop_index(
        "ix_wares_move_of_totals",
        table_name="wares_move",
        sqlite_where=sa.text("intent >= 5"),
        postgresql_where=sa.text("intent >= 5"),
    )
    op.drop_index(op.f("ix_wares_move_company_id_pool_id_effective_at_sequence"), table_name="wares_move")
    op.drop_index(op.f("ix_wares_move_company_id_document_id"), table_name="wares_move")
    op.drop_table("wares_move")
    op.drop_table("wares_mapping")
    op.drop_index(op.f("ix_wares_line_company_id_document_id"), table_name="wares_line")
    op.drop_table("wares_line")
    op.drop_index(op.f("ix_wares_entry_company_id_document_id"), table_name="wares_entry")
    op.drop_table("wares_entry")
    op.drop_index(op.f("ix_wares_component_company_id_item_id"), table_name="wares_component")
    op.drop_table("wares_component")
    op.drop_index(op.f("ix_wares_application_company_id_target_id_document_id"), table_name="wares_application")
    op.drop_table("wares_application")
    op.drop_table("wares_source")
    op.drop_table("wares_setting")
    op.drop_table("wares_series")
    op.drop_table("wares_pool")
    op.drop_table("wares_party")
    op.drop_table("wares_outbox")
    op.drop_table("wares_location")
    op.drop_table("wares_item")
    op.drop_index(
        "ix_wares_document_parent",
        table_name="wares_document",
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_wares_document_company_id_date"), table_name="wares_document")
    op.drop_table("wares_document")
    op.drop_table("wares_closing")
    op.drop_table("wares_account")
    op.drop_table("wares_directory")
    op.drop_table("wares_currency")
    op.drop_table("wares_company")
