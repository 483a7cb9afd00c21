"""One round of all checks: what is new, what is mended, who is told now.

Idempotent by the key (check, subject, period): a second sweep over what the first one kept
says nothing. On the first start findings are listed and not sent. After that an owner gets one
bundled message, at most one a local day, in office hours, and not while an orange or red alert
is open; a reminder a week later. What makes a red alert unreachable is told at any hour.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.alerting.severity import Severity
from monitor.journal import Entry
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Finding, FindingKey, ScheduledCheck
from monitor.scope import Scope

REMIND_AFTER = timedelta(days=7)
FIRST_SWEEP = "readiness.first_sweep"
"""The journal event after which findings are sent; its subject is "readiness"."""
TOLD = "readiness.told"
"""The journal event of a bundle that could wait; its subject is the owner."""
TOLD_URGENTLY = "readiness.told_urgently"


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A finding that stands, as the store keeps it."""

    finding: Finding
    """As it was last found."""
    opened_at: datetime
    told_at: datetime | None
    """When its owner was last told, or it was listed on the first start; None: not yet."""


@dataclass(frozen=True, slots=True)
class KnownFindings:
    """What the sweeps before have left."""

    standing: Mapping[FindingKey, KnownFinding]
    told_at: Mapping[str, datetime]
    """By owner: the last bundle that was not all urgent, also where all in it is mended."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one owner is told in one message; never empty, urgent ones first, then by due day."""

    owner: str
    findings: tuple[Finding, ...]

    @property
    def could_wait(self) -> bool:
        """Whether not all in it is urgent: such a bundle goes once a day."""
        return not all(finding.urgent for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Sweep:
    """All that one sweep means. The store keeps it in one transaction."""

    first: bool
    """Nothing was swept here before: what was found is listed and not sent."""
    known: KnownFindings
    """Takes the place of what was known."""
    opened: tuple[Finding, ...]
    reminded: tuple[Finding, ...]
    """Told before, and told again in one of the bundles."""
    closed: tuple[FindingKey, ...]
    """Their cause is gone."""
    bundles: tuple[Bundle, ...]
    broken: Mapping[str, Exception]
    """Checks that raised, by name: what they had found goes on standing."""


def sweep(
    checks: Iterable[ScheduledCheck], facts: Facts, known: KnownFindings | None, now: datetime
) -> Sweep:
    """Compare what stands with what was known. `known` None: nothing was ever swept here."""
    before = known or KnownFindings({}, {})
    found: dict[FindingKey, Finding] = {}
    broken: dict[str, Exception] = {}
    for check, given in checks:
        try:
            found |= {finding.key: finding for finding in check.find(facts, given, now)}
        except Exception as defect:  # noqa: BLE001 - one broken check must not hide the others
            broken[check.name] = defect
            found |= {k: one.finding for k, one in before.standing.items() if k.check == check.name}
    bundles = () if known is None else _bundles(found.values(), before, facts, now)
    sent = {finding.key for bundle in bundles for finding in bundle.findings}
    standing = _standing(found.values(), before, set(found) if known is None else sent, now)
    rested = {bundle.owner: now for bundle in bundles if bundle.could_wait}
    return Sweep(
        first=known is None,
        known=KnownFindings(standing, {**before.told_at, **rested}),
        opened=tuple(f for key, f in found.items() if key not in before.standing),
        reminded=tuple(f for key, f in found.items() if key in sent and _told_at(before, key)),
        closed=tuple(key for key in before.standing if key not in found),
        bundles=bundles,
        broken=broken,
    )


def _told_at(known: KnownFindings, key: FindingKey) -> datetime | None:
    return known.standing[key].told_at if key in known.standing else None


def _bundles(
    found: Iterable[Finding], before: KnownFindings, facts: Facts, now: datetime
) -> tuple[Bundle, ...]:
    """The messages that go out now, one an owner."""
    today, zone = facts.today(now), facts.directory.people.zone
    calm = facts.worst_open < Severity.ORANGE and facts.office.open_at(now, zone)
    resting = {owner for owner, at in before.told_at.items() if facts.today(at) == today}

    def is_news(finding: Finding) -> bool:
        known = before.standing.get(finding.key)
        worse = known is not None and finding.urgent and not known.finding.urgent
        return known is None or known.told_at is None or worse

    def goes(finding: Finding) -> bool:
        if finding.urgent and is_news(finding):
            return True
        told_at = _told_at(before, finding.key)
        again = told_at is not None and today - facts.today(told_at) >= REMIND_AFTER
        return calm and finding.owner not in resting and (again or is_news(finding))

    due: dict[str, list[Finding]] = {}
    for finding in filter(goes, found):
        due.setdefault(finding.owner, []).append(finding)
    return tuple(Bundle(owner, _ordered(some)) for owner, some in sorted(due.items()))


def _standing(
    found: Iterable[Finding], before: KnownFindings, told: Collection[FindingKey], now: datetime
) -> dict[FindingKey, KnownFinding]:
    """What stands once `told` are promised (or listed, on the first start)."""
    standing = {}
    for finding in found:
        known = before.standing.get(finding.key)
        told_at = now if finding.key in told else _told_at(before, finding.key)
        standing[finding.key] = KnownFinding(finding, known.opened_at if known else now, told_at)
    return standing


def _ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda f: (not f.urgent, f.due, f.key)))


def entries(result: Sweep, scope: Scope, now: datetime) -> tuple[Entry, ...]:
    """The sweep as journal rows."""

    def entry(event: str, key: FindingKey, **facts: object) -> Entry:
        return Entry(scope, now, event, "/".join(key), facts=facts)

    def told(bundle: Bundle) -> Entry:
        event = TOLD if bundle.could_wait else TOLD_URGENTLY
        named = ["/".join(finding.key) for finding in bundle.findings]
        return Entry(scope, now, event, bundle.owner, facts={"findings": named})

    begun = (Entry(scope, now, FIRST_SWEEP, "readiness"),) if result.first else ()
    return (
        *begun,
        *(entry("finding.opened", f.key, owner=f.owner, urgent=f.urgent) for f in result.opened),
        *(told(bundle) for bundle in result.bundles),
        *(entry("finding.closed", key) for key in result.closed),
    )
