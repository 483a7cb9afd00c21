"""Every table of the store."""

from __future__ import annotations

from monitor.store.tables.base import metadata
from monitor.store.tables.called import (
    acknowledgements,
    attempts,
    channel_health,
    escalations,
    ladders,
    notifications,
    receipts,
    replies,
    stand_downs,
)
from monitor.store.tables.judged import (
    alerts,
    closed_sites,
    marks,
    observations,
    outages,
    quarantine,
    rule_states,
    silences,
)
from monitor.store.tables.rolled import rollups, rollups_due
from monitor.store.tables.written import findings, journal, meta

__all__ = [
    "acknowledgements",
    "alerts",
    "attempts",
    "channel_health",
    "closed_sites",
    "escalations",
    "findings",
    "journal",
    "ladders",
    "marks",
    "meta",
    "metadata",
    "notifications",
    "observations",
    "outages",
    "quarantine",
    "receipts",
    "replies",
    "rollups",
    "rollups_due",
    "rule_states",
    "silences",
    "stand_downs",
]
