"""The files of `load` and the identities of their recorded lines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BROKEN_OFF = sa.text("is_whole = 0")


def upgrade() -> None:
    op.create_table(
        "wares_loaded_file",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("path_hash", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins", sa.Text(), nullable=False),
        sa.Column("is_whole", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_loaded_file_company_id")),
        sa.PrimaryKeyConstraint("company_id", "file_id", name=op.f("pk_wares_loaded_file")),
    )
    op.create_index(op.f("ix_wares_loaded_file_company_id_path_hash"), "wares_loaded_file", ["company_id", "path_hash"])
    op.create_index(
        "ix_wares_loaded_file_broken_off", "wares_loaded_file", ["company_id", "file_id"],
        sqlite_where=BROKEN_OFF, postgresql_where=BROKEN_OFF,
    )  # fmt: skip
    op.create_table(
        "wares_loaded_part",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("file_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("part", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("through", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["wares_company.company_id"], name=op.f("fk_wares_loaded_part_company_id")),
        sa.ForeignKeyConstraint(
            ["company_id", "file_id"],
            ["wares_loaded_file.company_id", "wares_loaded_file.file_id"],
            name=op.f("fk_wares_loaded_part_company_id_file_id"),
        ),
        sa.PrimaryKeyConstraint("company_id", "file_id", "part", name=op.f("pk_wares_loaded_part")),
    )


def downgrade() -> None:
    op.drop_table("wares_loaded_part")
    op.drop_table("wares_loaded_file")
