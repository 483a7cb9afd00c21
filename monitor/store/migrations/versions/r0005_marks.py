"""What people said of doubted readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "marks",
        sa.Column("scope", sa.String, primary_key=True),
        sa.Column("sensor", sa.String, primary_key=True),
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("observed_at", sa.BigInteger, nullable=False),
        sa.Column("value", sa.Float),
        sa.Column("real", sa.Boolean, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("why", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("scope", "sensor", "key", name="pk_marks"),
        sqlite_with_rowid=False,
    )
