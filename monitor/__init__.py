"""A township's risk monitor: 监测 → 预警 → 处置 → 恢复. Read it from the wire to the phone.

Whose world, what time it is, what is written down
    `scope.py` `clock.py` `errors.py` `journal.py`
What we know beforehand: places, people, plans
    `reference/`
Bytes → Observation: the door, the formats, the trusted time, the quality flag
    `ingest/message.py` `ingest/reading.py` `ingest/observation.py` `ingest/`
Observation → Alert: how bad, since when, what stands
    `alerting/severity.py` `alerting/rule.py` `alerting/alerts.py` `alerting/`
Alert → Notification: who, when the next, in which words
    `notify/policy.py` `notify/routing.py` `notify/escalation.py` `notify/channel.py` `notify/`
Are we ready? Missed drills, expired plans, dead phones
    `readiness/`
All of it decided, on one page
    `pipeline.py`
The line: below, the world is touched and nothing is decided
    `mqtt.py` `broker.py` `store/` `channels/`
The configuration, with every fault named
    `discover.py` `settings/`
What people do; what runs; what is shown
    `acts.py` `workers/` `web/` `app.py` `cli.py`
"""
