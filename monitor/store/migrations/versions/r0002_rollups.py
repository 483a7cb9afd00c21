"""Readings by the hour and the day, which stay when the raw ones have gone."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Float, Integer, SmallInteger, String

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "rollups",
        Column("scope", String, primary_key=True),
        Column("sensor", String, primary_key=True),
        Column("hours", SmallInteger, primary_key=True, autoincrement=False),
        Column("start", BigInteger, primary_key=True, autoincrement=False),
        Column("low", Float),
        Column("high", Float),
        Column("total", Float),
        Column("count", Integer, nullable=False),
        Column("doubted", Integer, nullable=False),
        Column("worst", SmallInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rollups_due",
        Column("scope", String, primary_key=True),
        Column("start", BigInteger, primary_key=True, autoincrement=False),
        Column("sensor", String, primary_key=True),
        Column("since", BigInteger, nullable=False),
        Column("marks", Integer, nullable=False),
        sqlite_with_rowid=False,
    )
