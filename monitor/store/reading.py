"""Everything that may be asked of an open store. Each answer is one moment of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from monitor.store import restoring, rollups
from monitor.store.alerts import listed, open_matters, whole
from monitor.store.alerts import one as one_alert
from monitor.store.answers import answers, closed, closures, stood_down
from monitor.store.callbacks import reply_known, unread
from monitor.store.calls import of_subject, open_calls, past_calls
from monitor.store.due import next_due
from monitor.store.findings import open_ones
from monitor.store.health import quarantined_within, skewed, states, tried, uncounted_since
from monitor.store.hearing import heard, heard_of
from monitor.store.hop import hop
from monitor.store.journal import chain, read, scopes, verify
from monitor.store.ladders import (
    calling,
    codes_sent,
    due,
    of_alert,
    of_escalation,
    unanswered,
    unreadable,
)
from monitor.store.ladders import one as one_ladder
from monitor.store.marks import marked, marks_of
from monitor.store.memory import load
from monitor.store.moving import held, known_health
from monitor.store.observations import between, quarantined, seen, tally
from monitor.store.past import pasts
from monitor.store.quiet import outages, silence, silenced, silences
from monitor.store.series import series
from monitor.store.sweeps import failed_addresses, floods, gaps, known_findings, unknown_sensors
from monitor.store.untold import untold, untold_ends

P = ParamSpec("P")
T = TypeVar("T")


class Reads:
    """The reading side; `Store` says on which thread `run` happens."""

    async def run(
        self, act: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run a function of a connection that reads."""
        raise TypeError("only an open store can be read")

    load_memory = hop(load)
    seen = hop(seen)
    pasts = hop(pasts)
    observations = hop(between)
    marked = hop(marked)
    marks_of = hop(marks_of)
    quarantined = hop(quarantined)
    tally = hop(tally)

    series = hop(series)
    is_copy = hop(restoring.is_copy)
    restored = hop(restoring.restored)
    not_called_since_restore = hop(restoring.not_called_since)
    rollups_due = hop(rollups.due)
    count_rollup = hop(rollups.count)
    rollup_scopes = hop(rollups.scopes)
    oldest_readings = hop(rollups.oldest)
    alert_spans = hop(rollups.alert_spans)

    alert = hop(one_alert)
    alerts = hop(listed)
    open_matters = hop(open_matters)
    whole = hop(whole)
    escalations_of = hop(of_escalation)
    ladder = hop(one_ladder)
    due_ladders = hop(due)
    calling_ladders = hop(calling)
    unanswered_ladders = hop(unanswered)
    unreadable_ladders = hop(unreadable)
    ladders_of = hop(of_alert)

    answers = hop(answers)
    heard = hop(heard)
    heard_of = hop(heard_of)
    open_calls = hop(open_calls)
    past_calls = hop(past_calls)
    stood_down = hop(stood_down)
    closed_sites = hop(closed)
    closures = hop(closures)
    codes_sent = hop(codes_sent)
    silences = hop(silences)
    silence = hop(silence)
    silenced = hop(silenced)
    outages = hop(outages)
    unread_replies = hop(unread)
    reply_known = hop(reply_known)

    calls = hop(of_subject)
    next_due = hop(next_due)
    outbox_states = hop(states)
    quarantined_within = hop(quarantined_within)
    tried = hop(tried)
    skewed = hop(skewed)
    uncounted_since = hop(uncounted_since)
    channel_health = hop(known_health)
    held_promises = hop(held)
    untold = hop(untold)
    untold_ends = hop(untold_ends)
    open_findings = hop(open_ones)
    known_findings = hop(known_findings)
    failed_addresses = hop(failed_addresses)
    unknown_sensors = hop(unknown_sensors)
    floods = hop(floods)
    gaps = hop(gaps)
    journal = hop(read)
    verify = hop(verify)
    chain = hop(chain)
    scopes = hop(scopes)
