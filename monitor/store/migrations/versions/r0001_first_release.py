"""The tables of the first release, as they were: a later change is a revision of its own."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None

tables = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Table(
    "alerts",
    tables,
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("site", String, nullable=False),
    Column("hazard", String, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("worst", SmallInteger, nullable=False),
    Column("condition", String, nullable=False),
    Column("contributions", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("origin", String, nullable=False),
    Column("announced", SmallInteger, nullable=False),
    Column("asked", SmallInteger, nullable=False),
    Column("cleared_at", BigInteger),
    Column("updated_at", BigInteger, nullable=False),
    Index(None, "scope", "cleared_at"),
)

Table(
    "closed_sites",
    tables,
    Column("scope", String, primary_key=True),
    Column("site", String, primary_key=True),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

Table(
    "findings",
    tables,
    Column("scope", String, primary_key=True),
    Column("check", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("use", String, nullable=False),
    Column("variables", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("due", Date, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("told_at", BigInteger),
    Column("closed_at", BigInteger),
    Index(None, "scope", "closed_at"),
)

Table(
    "journal",
    tables,
    Column("scope", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("event", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", String, nullable=False),
    Column("hash", String, nullable=False),
    UniqueConstraint("scope", "digest"),
    Index(None, "subject"),
)

Table(
    "meta",
    tables,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

Table(
    "notifications",
    tables,
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("ladder", String),
    Column("person", String, nullable=False),
    Column("duty", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("address", String, nullable=False),
    Column("use", String, nullable=False),
    Column("variables", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("code", String, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("step", SmallInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("if_standing", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("reason", String, nullable=False),
    Column("withdrawn", String, nullable=False),
    Index(None, "address", "created_at"),
    Index(None, "ladder"),
    Index(None, "state", "channel", "next_at"),
    Index(None, "subject"),
)

Table(
    "observations",
    tables,
    Column("scope", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("sensor", String, primary_key=True),
    Column("device_time", BigInteger),
    Column("received_at", BigInteger, nullable=False),
    Column("observed_at", BigInteger, nullable=False),
    Column("raw_value", Float),
    Column("raw_unit", String, nullable=False),
    Column("value", Float),
    Column("flag", SmallInteger, nullable=False),
    Column("reasons", String, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("retained", Boolean, nullable=False),
    Column("detail", Text),
    Index(None, "scope", "observed_at", "sensor"),
    sqlite_with_rowid=False,
)

Table(
    "quarantine",
    tables,
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("topic", String, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("retained", Boolean, nullable=False),
    Column("reason", String, nullable=False),
    Column("detail", String, nullable=False),
    Index(None, "scope", "received_at"),
)

Table(
    "receipts",
    tables,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("notification", String, nullable=False),
    Column("provider_id", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("delivered", Boolean, nullable=False),
    Column("reason", String, nullable=False),
    Column("blames_person", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "notification"),
)

Table(
    "replies",
    tables,
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("phone", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("channel", String, nullable=False),
    Column("why", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("seen_by", String),
    Column("seen_at", BigInteger),
    Index(None, "seen_at", "at"),
)

Table(
    "rule_states",
    tables,
    Column("scope", String, primary_key=True),
    Column("rule", String, primary_key=True),
    Column("sensor", String, primary_key=True),
    Column("params_hash", String, nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    sqlite_with_rowid=False,
)

Table(
    "acknowledgements",
    tables,
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("alert", String, ForeignKey("alerts.id"), nullable=False),
    Column("person", String, nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("word", String, nullable=False),
    Column("via", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index(None, "alert", "person"),
)

Table(
    "attempts",
    tables,
    Column("notification", String, ForeignKey("notifications.id"), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("claimed_at", BigInteger, nullable=False),
    Column("lease_until", Float),
    Column("outcome", String),
    Column("provider_id", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("blames_person", Boolean, nullable=False),
    Column("recorded_at", BigInteger),
    Index(None, "lease_until"),
    Index(None, "provider_id"),
)

Table(
    "escalations",
    tables,
    Column("id", String, primary_key=True),
    Column("scope", String, nullable=False),
    Column("alert", String, ForeignKey("alerts.id"), nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("code", String, nullable=False),
    Column("no_code", String, nullable=False),
    Index(None, "alert"),
)

Table(
    "stand_downs",
    tables,
    Column("alert", String, ForeignKey("alerts.id"), primary_key=True),
    Column("scope", String, nullable=False),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

Table(
    "ladders",
    tables,
    Column("id", String, primary_key=True),
    Column("escalation", String, ForeignKey("escalations.id"), nullable=False),
    Column("scope", String, nullable=False),
    Column("alert", String, ForeignKey("alerts.id"), nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("state", String, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("snapshot", Text, nullable=False),
    Index(None, "alert"),
    Index(None, "state", "due_at"),
)


def upgrade() -> None:
    tables.create_all(op.get_bind())
