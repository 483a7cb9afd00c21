"""Everything that may be written, each act a method of the open transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from monitor.judging.memory import Outcome
from monitor.store import (
    alerts,
    answers,
    callbacks,
    caps,
    due,
    erasure,
    findings,
    health,
    journal,
    ladders,
    marks,
    moving,
    observations,
    outbox,
    pause,
    quiet,
    restoring,
    rollups,
    sweeps,
    texts,
    tries,
    waiting,
)
from monitor.store.hearing import heard_of
from monitor.store.hop import finished, hop

P = ParamSpec("P")
T = TypeVar("T")


def keep(conn: sa.Connection, outcome: Outcome) -> None:
    """Keep all that one batch means (invariant 1). Keeping it again changes nothing.

    An alert is kept before what refers to it.
    """
    observations.keep_observations(conn, outcome.observations)
    observations.keep_judged_again(conn, list(outcome.judged_again.values()))
    observations.keep_quarantined(conn, outcome.quarantined)
    observations.keep_rule_states(
        conn, {key: (rule, outcome.trails[key]) for key, rule in outcome.rows.items()}
    )
    alerts.keep(conn, [*outcome.ended, *outcome.alerts.values()])
    ladders.begin(conn, outcome.escalations)
    outbox.promise(conn, outcome.notifications)
    answers.spare_sent_home(conn, outcome.notifications)
    pause.break_off(conn, outcome.notifications)
    answers.mark_sites(conn, outcome.site_marks)
    quiet.keep(conn, outcome.silences.values(), outcome.outages.values())
    if outcome.silences:
        quiet.hush(conn, outcome.alerts.values())
    marks.keep(conn, outcome.marks)
    journal.write(conn, outcome.entries)


class Transaction:
    """One open transaction, from `Store.writing()`; of no use after its block."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def run(
        self, act: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Run a function of the connection inside this transaction."""
        return await finished(self._connection.run_sync(act, *args, **named))

    keep = hop(keep)
    keep_alerts = hop(alerts.keep)
    begin_escalations = hop(ladders.begin)
    save_ladder = hop(ladders.save)
    heard_of = hop(heard_of)
    promise = hop(outbox.promise)
    claim = hop(outbox.claim)
    next_persons = hop(due.next_persons)
    given_up = hop(caps.given_up)
    outdated = hop(caps.outdated)
    reword = hop(caps.reword)
    lapse = hop(caps.lapse)
    queues = hop(waiting.queues)
    late_queues = hop(waiting.late_queues)
    hold = hop(texts.hold)
    let_go = hop(texts.let_go)
    merge = hop(texts.merge)
    replace_by_other = hop(texts.replace_by_other)
    codes_of = hop(texts.codes_of)
    spare_reminders = hop(texts.spare_reminders)
    channel_health = hop(moving.known_health)
    keep_health = hop(moving.keep_health)
    abandon = hop(moving.abandon)
    strand = hop(moving.strand)
    move_on = hop(moving.move_on)
    give_back = hop(moving.give_back)
    any_waits = hop(moving.any_waits)
    record = hop(tries.record)
    record_all = hop(tries.record_all)
    release = hop(tries.release)
    set_back = hop(outbox.set_back)
    withdraw = hop(outbox.withdraw)
    write = hop(journal.write)
    acknowledge = hop(answers.acknowledge)
    stand_down = hop(answers.stand_down)
    mark_sites = hop(answers.mark_sites)
    keep_reply = hop(callbacks.keep_reply)
    reply_seen = hop(callbacks.reply_seen)
    keep_receipt = hop(callbacks.keep_receipt)
    upsert_findings = hop(findings.upsert)
    findings_told = hop(findings.told)
    keep_sweep = hop(sweeps.keep_sweep)
    erase_person = hop(erasure.erase_person)
    erase_before = hop(erasure.erase_before)
    settle_restored = hop(restoring.settle)
    close_hour = hop(rollups.close_hour)
    keep_rollup = hop(rollups.keep)
    thin_before = hop(rollups.thin_before)
    delete_readings = hop(rollups.delete)
    probe = hop(health.probe)
