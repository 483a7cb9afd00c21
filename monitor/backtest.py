"""`monitor backtest`: the same pure pipeline over history. Nothing is kept, nothing is sent.

One JSON line a reading says what was judged and who would have been told; then, for each site
and hazard, the first warning and the lead time from it to each worse level. Limits are tuned
with it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from monitor.alerting.alerts import Alert, Transition
from monitor.alerting.severity import SEVERITIES, ZH, Severity
from monitor.history import Columns, readings
from monitor.ingest.reading import Reading
from monitor.judging.draft import Draft
from monitor.judging.memory import AlertKey, Knowledge, Memory, Outcome
from monitor.pipeline import Intake, decide
from monitor.scope import Scope, Status
from monitor.settings import Settings

TICK = timedelta(minutes=10)
"""No sensor is called silent sooner, so that history need not be looked at more often."""
_json = json.JSONEncoder(ensure_ascii=False).encode


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command, on its parser."""
    parser.add_argument("--sensor", default="sensor", help="column of the sensor")
    parser.add_argument("--only", default="", metavar="ID", help="the whole file is this sensor")
    parser.add_argument("--quantity", default="quantity", help="column of the quantity, if any")
    parser.add_argument("--time", default="time", help="column of the time")
    parser.add_argument("--value", default="value", help="column of the value")
    parser.add_argument("--unit", help="of the values (default: the sensor's own)")
    parser.add_argument("--zone", help="of times without offset (default: the township's)")
    parser.add_argument(
        "--map", action="append", default=[], metavar="NAME=ID", help="sensor names"
    )


def run(settings: Settings, arguments: argparse.Namespace) -> int:
    """Judge the file; JSON lines with --json, the summary always. Exit code."""
    zone: tzinfo = ZoneInfo(arguments.zone) if arguments.zone else settings.zone
    columns = Columns(
        sensor=arguments.sensor,
        only=arguments.only,
        quantity=arguments.quantity,
        time=arguments.time,
        value=arguments.value,
        zone=zone,
        sensors=dict(pair.split("=", 1) for pair in arguments.map),
        unit=arguments.unit,
    )
    scope = Scope(settings.knowledge.township, Status.ACTUAL, "")
    summary = Summary()
    for judged in judge(settings.knowledge, readings(Path(arguments.readings), columns, scope)):
        summary.add(judged)
        if arguments.json:
            sys.stdout.write(_line(judged))
    _write(summary, settings.knowledge, zone, sys.stdout, as_json=arguments.json)
    return 0


@dataclass(frozen=True, slots=True)
class Judged:
    """One reading and all that came of it."""

    reading: Reading
    outcome: Outcome
    standing: Severity


def judge(knowledge: Knowledge, history: Iterator[Reading]) -> Iterator[Judged]:
    """Decide reading by reading at the time of each, with a tick every ten minutes between."""
    draft: Draft | None = None
    next_tick: datetime | None = None
    for reading in history:
        now = reading.received_at
        if draft is None or next_tick is None:
            draft = Draft(knowledge, Memory.empty(knowledge.township, now))
            next_tick = now + TICK
        tick = now >= next_tick
        if tick:
            next_tick = now + TICK
        outcome = decide(knowledge, draft.memory, Intake((reading,), (), 0), now, tick=tick)
        draft.memory.swap(outcome)
        yield Judged(reading, outcome, draft.around(reading.scope).standing(reading.sensor))


def _line(judged: Judged) -> str:
    reading, outcome = judged.reading, judged.outcome
    said: dict[str, object] = {
        "sensor": reading.sensor,
        "time": (reading.device_time or reading.received_at).isoformat(),
        "value": reading.value,
        "flag": outcome.observations[0].flag.name if outcome.observations else None,
        "reached": max((j.reached for j in outcome.judgements), default=Severity.NORMAL).name,
        "standing": judged.standing.name,
    }
    if outcome.transitions:
        said["transition"] = [
            {"site": t.alert.site, "hazard": t.alert.hazard, "change": t.change, "pages": t.pages}
            | {"from": t.before.name, "to": t.alert.severity.name}
            for t in outcome.transitions
        ]
    if outcome.notifications:
        said["told"] = sorted({n.person for n in outcome.notifications})
    if outcome.quarantined:
        said["quarantined"] = outcome.quarantined[0].reason
    return _json(said) + "\n"


@dataclass(slots=True)
class Course:
    """How one site went through one hazard."""

    alerts: int = 0
    first: dict[Severity, datetime] = field(default_factory=dict)
    """When each level was first called, by observed time."""

    def lead_minutes(self, severity: Severity) -> float | None:
        """From the first warning to that level; None where it never came to it."""
        if severity not in self.first:
            return None
        return (self.first[severity] - min(self.first.values())) / timedelta(minutes=1)


@dataclass(slots=True)
class Summary:
    """What the whole history came to."""

    readings: int = 0
    flags: dict[str, int] = field(default_factory=dict)
    quarantined: dict[str, int] = field(default_factory=dict)
    ignored: int = 0
    told: int = 0
    courses: dict[AlertKey, Course] = field(default_factory=dict)

    def add(self, judged: Judged) -> None:
        """Count one reading."""
        outcome = judged.outcome
        self.readings += 1
        self.ignored += outcome.ignored
        self.told += len(outcome.notifications)
        for observation in outcome.observations:
            self.flags[observation.flag.name] = self.flags.get(observation.flag.name, 0) + 1
        for one in outcome.quarantined:
            self.quarantined[one.reason] = self.quarantined.get(one.reason, 0) + 1
        for transition in outcome.transitions:
            self._follow(transition)

    def _follow(self, transition: Transition) -> None:
        alert: Alert = transition.alert
        course = self.courses.setdefault(AlertKey(alert.scope, alert.site, alert.hazard), Course())
        course.alerts += transition.change == "raised"
        for severity in SEVERITIES[1 : alert.severity + 1]:
            course.first.setdefault(severity, transition.at)


def _write(
    summary: Summary, knowledge: Knowledge, zone: tzinfo, out: TextIO, *, as_json: bool
) -> None:
    if as_json:
        out.write(_json({"summary": _facts(summary)}) + "\n")
        return
    counts = ", ".join(f"{name} {n}" for name, n in sorted(summary.flags.items()))
    out.write(f"{summary.readings} readings ({counts}), would have sent {summary.told} messages\n")
    for reason, number in sorted(summary.quarantined.items()):
        out.write(f"  quarantined: {reason} × {number}\n")
    for (_, site, hazard), course in summary.courses.items():
        known = knowledge.sites.get(site)  # an area of silent gauges is none
        out.write(f"{known.name if known else site} · {hazard}: {course.alerts} alert(s)\n")
        for severity, at in sorted(course.first.items()):
            lead = course.lead_minutes(severity)
            local = f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
            out.write(f"  {ZH[severity]} {severity.name:<6} {local}  {lead:+.0f} min\n")


def _facts(summary: Summary) -> Mapping[str, object]:
    return {
        "readings": summary.readings,
        "flags": summary.flags,
        "quarantined": summary.quarantined,
        "repeats": summary.ignored,
        "messages": summary.told,
        "sites": [
            {
                "site": site,
                "hazard": hazard,
                "alerts": course.alerts,
                "first_warning": min(course.first.values()).isoformat(),
                "lead_minutes": {s.name: course.lead_minutes(s) for s in sorted(course.first)},
            }
            for (_, site, hazard), course in summary.courses.items()
        ],
    }
