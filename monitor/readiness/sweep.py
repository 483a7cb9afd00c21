"""One round of all checks: what is new, what is mended, who is told now.

Idempotent by the key (check, subject, period): a second sweep over what the first one kept
says nothing. On the first start findings are listed and not sent. After that an owner gets one
bundled message, at most one a local day, in office hours, and not while an orange or red alert
is open; a reminder a week later. What makes a red alert unreachable is told at any hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from monitor.alerting.severity import Severity
from monitor.journal import Entry
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Finding, FindingKey, ScheduledCheck
from monitor.scope import Scope

REMIND_AFTER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding that stands, as the store keeps it."""

    finding: Finding
    """As it was last found."""
    opened_at: datetime
    told_at: datetime | None
    """When its owner was last told; None: listed, never sent."""
    tell_on: date
    """The local day from which its owner is (again) told."""


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """What the sweeps before have left."""

    standing: Mapping[FindingKey, KnownFinding]
    told_on: Mapping[str, date]
    """By owner: the local day of the last bundle that was not all urgent, also where all in it
    is mended by now."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one owner is told in one message; never empty, urgent ones first, then by due day."""

    owner: str
    findings: tuple[Finding, ...]

    @property
    def urgent(self) -> bool:
        """Whether nothing in it could have waited."""
        return all(finding.urgent for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Sweep:
    """All that one sweep means. The store keeps it in one transaction."""

    known: KnownFindings
    """Takes the place of what was known."""
    opened: tuple[Finding, ...]
    reminded: tuple[Finding, ...]
    """Told before, and told again in one of the bundles."""
    closed: tuple[FindingKey, ...]
    """Their cause is gone."""
    bundles: tuple[Bundle, ...]


def sweep(
    checks: Iterable[ScheduledCheck], facts: Facts, known: KnownFindings | None, now: datetime
) -> Sweep:
    """Compare what stands with what was known. `known` None: nothing was ever swept here."""
    before = known or KnownFindings({}, {})
    tell_on = facts.today(now) + (REMIND_AFTER if known is None else timedelta(0))
    found = {f.key: f for check, given in checks for f in check.find(facts, given, now)}
    standing = {
        key: _continued(before.standing.get(key), finding, now, tell_on)
        for key, finding in found.items()
    }
    bundles = _bundles(standing, before, facts, now)
    told = {finding.key for bundle in bundles for finding in bundle.findings}
    return Sweep(
        known=_after(standing, before, bundles, facts.today(now), now),
        opened=tuple(f for key, f in found.items() if key not in before.standing),
        reminded=tuple(f for key, f in found.items() if key in told and standing[key].told_at),
        closed=tuple(key for key in before.standing if key not in found),
        bundles=bundles,
    )


def _continued(
    before: KnownFinding | None, finding: Finding, now: datetime, tell_on: date
) -> KnownFinding:
    if before is None:
        return KnownFinding(finding, now, None, tell_on)
    worse = finding.urgent and not before.finding.urgent
    return KnownFinding(
        finding, before.opened_at, before.told_at, tell_on if worse else before.tell_on
    )


def _after(
    standing: Mapping[FindingKey, KnownFinding],
    before: KnownFindings,
    bundles: Sequence[Bundle],
    today: date,
    now: datetime,
) -> KnownFindings:
    """What is known once the bundles are promised."""
    told = {finding.key for bundle in bundles for finding in bundle.findings}
    return KnownFindings(
        {
            key: replace(entry, told_at=now, tell_on=today + REMIND_AFTER) if key in told else entry
            for key, entry in standing.items()
        },
        {**before.told_on, **{bundle.owner: today for bundle in bundles if not bundle.urgent}},
    )


def _bundles(
    standing: Mapping[FindingKey, KnownFinding],
    before: KnownFindings,
    facts: Facts,
    now: datetime,
) -> tuple[Bundle, ...]:
    """The messages that go out now, one an owner."""
    today, zone = facts.today(now), facts.directory.people.zone
    calm = facts.worst_open < Severity.ORANGE and facts.office.open_at(now, zone)

    def goes(entry: KnownFinding) -> bool:
        earlier = before.standing.get(entry.finding.key)
        news = earlier is None or earlier.told_at is None or not earlier.finding.urgent
        waits = before.told_on.get(entry.finding.owner) == today
        return entry.tell_on <= today and ((entry.finding.urgent and news) or (calm and not waits))

    due: dict[str, list[Finding]] = {}
    for entry in standing.values():
        if goes(entry):
            due.setdefault(entry.finding.owner, []).append(entry.finding)
    return tuple(Bundle(owner, _ordered(some)) for owner, some in sorted(due.items()))


def _ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (not f.urgent, f.due, f.key)))


def entries(result: Sweep, scope: Scope, now: datetime) -> tuple[Entry, ...]:
    """The sweep as journal rows."""

    def entry(event: str, key: FindingKey, **facts: object) -> Entry:
        return Entry(scope, now, event, "/".join(key), facts=facts)

    told = (finding for bundle in result.bundles for finding in bundle.findings)
    return (
        *(entry("finding.opened", f.key, owner=f.owner, urgent=f.urgent) for f in result.opened),
        *(entry("finding.told", f.key, owner=f.owner) for f in told),
        *(entry("finding.closed", key) for key in result.closed),
    )
