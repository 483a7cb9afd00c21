"""Who is called and what came of it: ladders, the outbox, answers."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
)

from monitor.alerting.severity import Severity
from monitor.notify.channel import SendOutcome
from monitor.notify.delivery import Delivery
from monitor.notify.escalation import Ladder, LadderState
from monitor.notify.health import ChannelState
from monitor.store.columns import Coded, Instant, Sealed, Shaped
from monitor.store.tables.base import id_, metadata, scope

escalations = Table(
    "escalations",
    metadata,
    id_(),
    scope(),
    Column("alert", String, ForeignKey("alerts.id"), nullable=False),
    Column("severity", Coded(Severity), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("code", String, nullable=False),
    Column("no_code", String, nullable=False),
    Index(None, "alert"),
)

ladders = Table(
    "ladders",
    metadata,
    id_(),
    Column("escalation", String, ForeignKey("escalations.id"), nullable=False),
    scope(),
    Column("alert", String, ForeignKey("alerts.id"), nullable=False),
    Column("severity", Coded(Severity), nullable=False),
    Column("state", Coded(LadderState), nullable=False),
    Column("due_at", Instant, nullable=False),
    # All of it; the other columns are for finding.
    Column("snapshot", Sealed(Shaped(Ladder)), nullable=False),
    Index(None, "state", "due_at"),
    Index(None, "alert"),
)

notifications = Table(
    "notifications",
    metadata,
    id_(),
    scope(),
    Column("subject", String, nullable=False),
    Column("ladder", String),
    Column("person", String, nullable=False),
    Column("duty", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("address", Sealed(alike=True), nullable=False),
    Column("use", String, nullable=False),
    Column("variables", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("code", String, nullable=False),
    Column("severity", Coded(Severity), nullable=False),
    Column("step", SmallInteger, nullable=False),
    Column("round", SmallInteger, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("if_standing", Boolean, nullable=False),
    # What became of it; the columns above are the promise and never change.
    Column("state", Coded(Delivery), nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("reason", String, nullable=False),
    Column(
        "withdrawn", String, nullable=False
    ),  # why it is not to be sent any more; "" while it is
    Column("held_at", Instant),  # when a limit first held it back; NULL: never
    Column("told_by", String),  # the subject of the message that told it with others
    Index(None, "state", "channel", "next_at"),
    Index(None, "state", "channel", "severity", "next_at"),  # the worst first, a few at a time
    Index(None, "subject"),
    Index(None, "ladder"),
    Index(None, "address", "created_at"),
    Index(None, "person", "created_at"),
    Index(None, "told_by"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("notification", String, ForeignKey("notifications.id"), primary_key=True),
    Column("number", SmallInteger, primary_key=True),
    Column("claimed_at", Instant, nullable=False),
    Column("lease_until", Float),  # seconds of Clock.elapsed; NULL once recorded
    Column("outcome", Coded(SendOutcome)),  # NULL while under way
    Column("provider_id", String, nullable=False, default=""),
    Column("reason", String, nullable=False, default=""),
    Column("blames_person", Boolean, nullable=False, default=False),
    Column("recorded_at", Instant),
    Index(None, "provider_id"),
    Index(None, "lease_until"),
)

channel_health = Table(  # as the deliverer of each knows it; a row for each that ever failed
    "channel_health",
    metadata,
    Column("channel", String, primary_key=True),
    Column("state", Coded(ChannelState), nullable=False),
    Column("since", Instant),
    Column("reason", String, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("trials", Integer, nullable=False),
    Column("on_trial", Boolean, nullable=False),
    Column("good_at", Instant),
)

receipts = Table(  # what a provider reports later, by callback
    "receipts",
    metadata,
    Column("id", Sealed(alike=True), primary_key=True),  # made of the number
    Column("channel", String, nullable=False),
    Column("notification", String, nullable=False),  # "" where it fits none that we sent
    Column("provider_id", String, nullable=False),
    Column("phone", Sealed(alike=True), nullable=False),
    Column("delivered", Boolean, nullable=False),
    Column("reason", String, nullable=False),
    Column("blames_person", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "notification"),
)

acknowledgements = Table(
    "acknowledgements",
    metadata,
    id_(),
    scope(),
    Column("alert", String, ForeignKey("alerts.id"), nullable=False),
    Column("person", String, nullable=False),
    Column("severity", Coded(Severity), nullable=False),
    Column("word", String, nullable=False),
    Column("via", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "alert", "person"),
)

stand_downs = Table(
    "stand_downs",
    metadata,
    Column("alert", String, ForeignKey("alerts.id"), primary_key=True),
    scope(),
    Column("by", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("at", Instant, nullable=False),
)

replies = Table(  # not understood: shown to the duty desk, never dropped
    "replies",
    metadata,
    Column("id", Sealed(alike=True), primary_key=True),  # made of number and words
    scope(),
    Column("phone", Sealed(alike=True), nullable=False),
    Column("text", Sealed(Text), nullable=False),
    Column("channel", String, nullable=False),
    Column("why", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("seen_by", String),
    Column("seen_at", Instant),
    Index(None, "seen_at", "at"),
)
