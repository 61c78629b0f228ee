"""The hash of the content of each document and entry, and the sealings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("wares_document", sa.Column("content", sa.String(200), nullable=True))
    op.add_column("wares_entry", sa.Column("content", sa.String(200), nullable=True))
    op.create_table(
        "wares_sealing",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_seal", sa.String(200), nullable=False),
        sa.Column("closings", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("documents", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digests", sa.Text(), nullable=False),
        sa.Column("seal", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_sealing_company_id")),
        sa.PrimaryKeyConstraint("company_id", "number", name=op.f("pk_wares_sealing")),
    )


def downgrade() -> None:
    op.drop_table("wares_sealing")
    op.drop_column("wares_entry", "content")
    op.drop_column("wares_document", "content")
