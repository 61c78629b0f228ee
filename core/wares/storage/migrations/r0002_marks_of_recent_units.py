"""Marks of the last transactions in the company's head row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column(_company(), sa.Column("recent_units", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column(_company(), "recent_units")


def _company() -> str:
    """Return the name of the table: books made before revision 0003 have it without the prefix."""
    return "wares_company" if sa.inspect(op.get_bind()).has_table("wares_company") else "company"
