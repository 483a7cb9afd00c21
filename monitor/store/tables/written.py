"""What stays: findings, the journal, and what the store says of itself."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from monitor.store.columns import Instant
from monitor.store.tables.base import metadata, scope

findings = Table(
    "findings",
    metadata,
    scope(key=True),
    Column("check", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("use", String, nullable=False),
    Column("variables", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("told_at", Instant),
    Column("closed_at", Instant),
    Index(None, "scope", "closed_at"),
)

journal = Table(
    "journal",
    metadata,
    scope(key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("event", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", String, nullable=False),  # of the text alone: written twice, kept once
    Column("hash", String, nullable=False),
    UniqueConstraint("scope", "digest"),
    Index(None, "subject"),
)

meta = Table(
    "meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
