"""An alert as the desk sees it: how bad, since when, and of each duty whether it has answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import BaseModel

from monitor.acts import SHORT_ID
from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Condition
from monitor.judging.memory import Knowledge
from monitor.notify.escalation import Escalation
from monitor.notify.occasions import site_of
from monitor.notify.phrases import quantity_of
from monitor.notify.tiers import is_doubt
from monitor.reference.units import QUANTITIES
from monitor.store.answers import StandDown
from monitor.store.restoring import RESTORED
from monitor.web.asked import AskedDuty, asked, name_of, of_escalation, standing, together
from monitor.web.evidence import Evidence, Marked, evidence, marks, silent_in
from monitor.web.quieted import Hush, Out, hush_of, out_ones
from monitor.web.service import Service
from monitor.web.sites import Closure, closures

_WAITS = ("待应答", "叫应上提", "已叫未应", "待重新叫应")
"""States of a duty that nobody has answered for."""


class Matter(BaseModel):
    """One alert (叫应事项) with all who were asked."""

    id: str
    short_id: str
    status: str
    drill: str
    site: str
    site_name: str
    hazard: str
    severity: str
    worst: str
    told_level: str
    """The worst that people were told."""
    overcalled: bool
    """A late value showed that it was less than they were told, or (`worst` normal) none (补判)."""
    one_with: str = ""
    """The alert that stood on in its place: late values showed that it never ended; "": none."""
    condition: str
    is_active: bool
    opened_at: datetime
    """These are in the township's own time, for a command that does not know its zone."""
    updated_at: datetime
    cleared_at: datetime | None
    value: float | None
    unit: str
    over_m: float | None
    """m above the warning level 警戒水位, below where negative; None where no level speaks."""
    basis: str
    origin: str
    """"sensor", or who rang."""
    code: str
    """The digits that answer it by SMS, of the newest escalation."""
    stood_down_by: str
    stood_down_at: datetime | None
    reason: str
    duties: list[AskedDuty]
    hush: Hush | None
    """The silence beneath which nobody is called for it; None: none."""
    outages: list[Out]
    """Sensors of its site that are out of service."""
    closed: Closure | None = None
    """Who closed the bridge or road there (封控)."""
    told: int
    """How many more persons were told without being asked to answer."""
    silent: list[str] = []
    """Of a silent area (片区失联): each of its silent sensors, by name."""
    held_back: int = 0
    """Texts that a person's limit holds back now; they are told in that person's next one."""
    told_together: int = 0
    """Texts that were told in one message with others."""
    evidence: Evidence | None = None
    """What to look at while it is 存疑 or 失联; null otherwise."""
    marks: list[Marked] = []
    """What people said of its doubted readings."""

    @property
    def is_suspect(self) -> bool:
        return self.condition == Condition.SUSPECT

    @property
    def rows(self) -> list[AskedDuty]:
        """As the desk shows them."""
        return together(self.duties)

    @property
    def dial(self) -> list[AskedDuty]:
        """Whom nobody has reached: the hand-dial list."""
        return [duty for duty in self.rows if duty.state == "已叫未应"]

    @property
    def put_back(self) -> list[AskedDuty]:
        """Who was being called when the backup was made, until they are called anew."""
        return [duty for duty in self.rows if duty.state == "待重新叫应"]

    @property
    def wants_hands(self) -> bool:
        """Whether there is something to be done about it at the desk."""
        return self.stood_down_at is None or any(duty.state in _WAITS for duty in self.duties)

    @property
    def waiting(self) -> dict[str, str]:
        """Person → name and duties, of those who have not answered, each once."""
        found: dict[str, list[str]] = {}
        for duty in self.duties:
            for one in duty.people:
                if one.answered_at is None and duty.state in _WAITS:
                    found.setdefault(one.person, [one.name]).append(duty.title)
        return {id: f"{name} · {'、'.join(titles)}" for id, (name, *titles) in found.items()}


async def matter(service: Service, alert: Alert, *, phones: bool = False) -> Matter:
    """Read all that is known of an alert's calls. `phones`: whole, else masked."""
    store, knowledge = service.store, service.settings.knowledge
    escalations = await store.escalations_of(alert.id)
    calls, answers = await store.calls(alert.id), await store.answers(alert.id)
    back = await _put_back(service, escalations)
    duties = [
        asked(knowledge, ladder, of_escalation(escalation, calls), answers, back, phones=phones)
        for escalation, ladder in standing(knowledge.directory, alert, escalations)
    ]
    called = {person.person for duty in duties for person in duty.people}
    told = {call.notification.person for call in calls} - called - {""}
    seen = evidence(service, alert, phones=phones) if is_doubt(alert) else None
    said = await marks(service, alert)
    whole = await store.whole(alert)
    ended = await store.stood_down(alert.id)
    if ended is not None and any(one.opened_at > ended.at for one in escalations):
        ended = None  # people were called anew: it is not over
    return _view(knowledge, alert, escalations, ended).model_copy(
        update={
            "duties": duties,
            "overcalled": alert.told > whole.worst,
            "one_with": whole.id if whole.id != alert.id else "",
            "told": len(told),
            "evidence": seen,
            "marks": said,
            "hush": await hush_of(service, alert),
            "closed": await _closed(service, alert),
            "outages": [one for one in await out_ones(service) if one.site == alert.site],
            "held_back": sum(call.is_held_back for call in calls),
            "told_together": sum(call.told_with > 0 for call in calls),
        }
    )


async def _closed(service: Service, alert: Alert) -> Closure | None:
    known = await closures(service, alert.scope)
    return next((one for one in known if one.site == alert.site), None)


async def _put_back(service: Service, escalations: Iterable[Escalation]) -> frozenset[str]:
    """Of their ladders those that a restore ended and that nobody was called for since."""
    if not any(one.reason == RESTORED for x in escalations for one in x.ladders):
        return frozenset()
    return frozenset(ladder.id for ladder in await service.store.not_called_since_restore())


async def open_matters(service: Service, *, phones: bool = False) -> list[Matter]:
    """What is not over yet, worst first; drills too, each says so."""
    alerts = await service.store.open_matters()
    return [await matter(service, alert, phones=phones) for alert in alerts]


def _view(
    knowledge: Knowledge, alert: Alert, escalations: Sequence[Escalation], ended: StandDown | None
) -> Matter:
    """The alert itself, nobody asked yet."""
    site, zone = site_of(knowledge.directory, alert), knowledge.directory.people.zone
    value, unit, over = _measured(knowledge, alert)
    return Matter(
        id=alert.id,
        short_id=alert.id[:SHORT_ID],
        status=alert.scope.status,
        drill=alert.scope.drill_id,
        site=alert.site,
        site_name=site.name,
        hazard=alert.hazard,
        severity=alert.severity.name.lower(),
        worst=alert.worst.name.lower(),
        told_level=alert.told.name.lower(),
        overcalled=False,
        condition=alert.condition,
        is_active=alert.is_active,
        opened_at=alert.opened_at.astimezone(zone),
        updated_at=alert.updated_at.astimezone(zone),
        cleared_at=alert.cleared_at.astimezone(zone) if alert.cleared_at else None,
        value=value,
        unit=unit,
        over_m=over,
        basis=alert.lead.basis,
        origin=alert.origin,
        code=escalations[-1].code if escalations else "",
        stood_down_by=name_of(knowledge, ended.by) if ended else "",
        stood_down_at=ended.at if ended else None,
        reason=ended.reason if ended else "",
        duties=[],
        hush=None,
        outages=[],
        told=0,
        silent=silent_in(knowledge, alert),
    )


def _measured(knowledge: Knowledge, alert: Alert) -> tuple[float | None, str, float | None]:
    """The value that speaks, its unit, and its height over the warning level. Where a person
    speaks for the alert, the worst that a sensor says beside it."""
    measured = [c for c in alert.contributions.values() if c.value is not None]
    if alert.lead.value is None and measured:
        alert = replace(alert, lead=max(measured, key=lambda c: c.severity))
    quantity = QUANTITIES.get(quantity_of(knowledge.directory, alert))
    value, site = alert.lead.value, knowledge.sites.get(alert.site)
    if quantity is None or value is None or not alert.is_active:
        return None, "", None
    if quantity.name != "level" or site is None or site.warning_level is None:
        return value, quantity.unit, None
    return value, quantity.unit, round(value - site.warning_level, 2)
