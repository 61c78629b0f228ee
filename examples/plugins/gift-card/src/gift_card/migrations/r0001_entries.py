"""Entries of cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "gift_card_entry",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["wares_document.company_id", "wares_document.document_id"],
            name="fk_gift_card_entry_company_id",
        ),
        sa.PrimaryKeyConstraint("company_id", "document_id", "line_id", name="pk_gift_card_entry"),
    )


def downgrade() -> None:
    op.drop_table("gift_card_entry")
