"""The subscriptions sold, and the amounts recognised."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "subscription_sold",
        *[
            sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)
            for name in ("company_id", "line_id", "document_id", "of_line_id", "item_id", "start", "months", "amount")
        ],
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"], ["wares_line.company_id", "wares_line.line_id"], name="fk_subscription_sold_line_id"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["wares_document.company_id", "wares_document.document_id"],
            name="fk_subscription_sold_document_id",
        ),
        sa.PrimaryKeyConstraint("company_id", "line_id", name="pk_subscription_sold"),
    )
    op.create_table(
        "subscription_recognised",
        *[
            sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)
            for name in ("company_id", "document_id", "of_line_id", "amount")
        ],
        sa.ForeignKeyConstraint(
            ["company_id", "document_id"],
            ["wares_document.company_id", "wares_document.document_id"],
            name="fk_subscription_recognised_document_id",
        ),
        sa.PrimaryKeyConstraint("company_id", "document_id", "of_line_id", name="pk_subscription_recognised"),
    )


def downgrade() -> None:
    op.drop_table("subscription_recognised")
    op.drop_table("subscription_sold")
