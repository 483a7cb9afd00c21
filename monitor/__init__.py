"""A township's risk monitor: 监测 → 预警 → 处置 → 恢复. Read it from the wire to the phone.

Whose world, what time it is, what is written down, which errors decide what
    `scope.py` `clock.py` `journal.py` `errors.py`
What we know beforehand: places, people, plans, units
    `reference/`
Bytes → Observation: the door, the formats, the trusted time, the quality flag
    `ingest/message.py` `ingest/reading.py` `ingest/observation.py` `ingest/assess.py` `ingest/`
Observation → Alert: how bad, since when, what stands
    `alerting/severity.py` `alerting/rule.py` `alerting/fold.py` `alerting/alerts.py` `alerting/`
Alert → Notification: who, when the next, in which words
    `notify/policy.py` `notify/routing.py` `notify/ladders.py` `notify/channel.py` `notify/`
Are we ready? Missed drills, expired plans, dead phones
    `readiness/finding.py` `readiness/sweep.py` `readiness/`
All of it decided: what is remembered, how a site stands, what one reading does, a whole batch
    `judging/memory.py` `judging/draft.py` `judging/judge.py` `judging/` `pipeline.py`
The line: below, the world is touched and nothing is decided
    `mqtt/` `broker.py` `store/` `channels/` `providers/` `history.py`
The configuration, with every fault named
    `discover.py` `settings/`
What people do; what runs; what is shown
    `acts/` `workers/` `exports.py` `chronicle.py`
    `hand_dial.py` `explaining.py` `web/` `app.py` `backtest.py` `cli/`
"""
