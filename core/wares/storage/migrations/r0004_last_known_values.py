"""The last known unit value of a pool is an exact ratio. It was the rounded money of the last move.

Each pool gets its value from its moves when it is read next.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("UPDATE wares_pool SET known_quantity = -1, known_value = 0")


def downgrade() -> None:
    """Keep the values: both are values of a unit."""
