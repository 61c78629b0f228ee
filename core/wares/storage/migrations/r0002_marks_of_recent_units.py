"""Marks of the last transactions in the company's head row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("company", sa.Column("recent_units", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("company", "recent_units")
