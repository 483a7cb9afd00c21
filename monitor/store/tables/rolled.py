"""Readings by the hour and the day, and which hours are to be counted (again)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Integer, SmallInteger, String, Table

from monitor.store.tables.base import metadata, scope

rollups = Table(  # by sensor first: a chart reads one sensor's year in one stretch
    "rollups",
    metadata,
    scope(key=True),
    Column("sensor", String, primary_key=True),
    Column("hours", SmallInteger, primary_key=True, autoincrement=False),  # 1 or 24
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("low", Float),  # of the readings that judge (GOOD, UNKNOWN); NULL where there is none
    Column("high", Float),
    Column("total", Float),  # over `count` it is the mean; of rain it is what fell
    Column("count", Integer, nullable=False),
    Column("doubted", Integer, nullable=False),  # readings beside those: SUSPECT, FAIL, MISSING
    Column("worst", SmallInteger, nullable=False),  # flag of all of them
    sqlite_with_rowid=False,
)

rollups_due = Table(
    "rollups_due",
    metadata,
    scope(key=True),
    Column("start", BigInteger, primary_key=True, autoincrement=False),
    Column("sensor", String, primary_key=True),  # "": all that have readings in that hour
    Column("since", BigInteger, nullable=False),  # received_at of the first that came too late
    Column("marks", Integer, nullable=False),  # how often: one that came meanwhile is seen by it
    sqlite_with_rowid=False,
)
