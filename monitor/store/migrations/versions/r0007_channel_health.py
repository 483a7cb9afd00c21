"""How each channel does, kept over restarts; and what is due found without reading all of it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Integer, String

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "channel_health",
        Column("channel", String, primary_key=True),
        Column("state", String, nullable=False),
        Column("since", BigInteger),
        Column("reason", String, nullable=False),
        Column("failures", Integer, nullable=False),
        Column("trials", Integer, nullable=False),
        Column("on_trial", Boolean, nullable=False),
        Column("good_at", BigInteger),
    )
    op.create_index(
        "ix_notifications_state_channel_severity_next_at",
        "notifications",
        ["state", "channel", "severity", "next_at"],
    )
