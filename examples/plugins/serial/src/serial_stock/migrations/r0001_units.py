"""Units by their numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "serial_unit",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("move_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("location_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["wares_document.company_id", "wares_document.document_id"],
            name="fk_serial_unit_company_id_document_id",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "item_id"],
            ["wares_item.company_id", "wares_item.item_id"],
            name="fk_serial_unit_company_id_item_id",
        ),
        sa.PrimaryKeyConstraint("company_id", "move_id", name="pk_serial_unit"),
    )


def downgrade() -> None:
    op.drop_table("serial_unit")
