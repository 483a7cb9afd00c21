"""Silences (暂停提醒) and sensors out of service (停用)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import BigInteger, Boolean, Column, Date, String

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "silences",
        Column("id", String),
        Column("scope", String, nullable=False),
        Column("site", String, nullable=False),
        Column("hazard", String, nullable=False),
        Column("sensor", String, nullable=False),
        Column("owner", String, nullable=False),
        Column("reason", String, nullable=False),
        Column("by", String, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("until", BigInteger, nullable=False),
        Column("asked_until", BigInteger, nullable=False),
        Column("agreed_by", String, nullable=False),
        Column("ended_at", BigInteger),
        Column("ended_by", String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_silences"),
    )
    op.create_index("ix_silences_ended_at", "silences", ["ended_at"])
    op.create_table(
        "outages",
        Column("scope", String, nullable=False),
        Column("sensor", String, nullable=False),
        Column("owner", String, nullable=False),
        Column("substitute", String, nullable=False),
        Column("repair_by", Date, nullable=False),
        Column("reason", String, nullable=False),
        Column("by", String, nullable=False),
        Column("since", BigInteger, nullable=False),
        Column("needs_second", Boolean, nullable=False),
        Column("agreed_by", String, nullable=False),
        Column("back_at", BigInteger),
        Column("back_by", String, nullable=False),
        sa.PrimaryKeyConstraint("scope", "sensor", name="pk_outages"),
    )
