"""What people do: load → one pure call → one commit. Used by the web, the CLI and the hooks.

What changes the judging (a call by hand, a staff gauge, a closed bridge) is ordered from ingest,
its only writer; what changes the answering is written here, and the escalation is woken.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from monitor.alerting.alerts import Alert
from monitor.alerting.orders import (
    CallByHand,
    EndCall,
    GaugeRead,
    Order,
    SiteClosed,
    SuspectJudged,
)
from monitor.alerting.severity import ZH, Condition, Severity
from monitor.clock import Clock
from monitor.errors import ActRefused, NotFound
from monitor.journal import Entry
from monitor.judging.memory import Knowledge
from monitor.notify.answers import Answered, ForDesk, meaning
from monitor.notify.channel import Medium, Reply
from monitor.notify.routing import stand_down as told_of_end
from monitor.reference.people import Person
from monitor.reference.phones import mask_in
from monitor.reference.places import Site, SiteKind
from monitor.scope import Scope, Status
from monitor.store.answers import Acknowledgement, StandDown
from monitor.store.store import Store

SHORT_ID = 8
"""Characters of an alert's id that the desk shows, and that name it."""
REPLIED_WITHIN = timedelta(days=1)
"""So long after a message a 收到 is taken to speak of it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where acts take place: what they may read, write and wake."""

    knowledge: Knowledge
    store: Store
    clock: Clock
    order: Callable[[Order], Awaitable[object]]
    """Hands an order to ingest; returns once it is kept."""
    wake: Callable[[], None]
    """Escalation and delivery look again at once."""

    @property
    def actual(self) -> Scope:
        return Scope(self.knowledge.township, Status.ACTUAL, "")


async def acknowledge(desk: Desk, alert_id: str, person: str, via: str, by: str) -> str:
    """Enter a named person's answer (应答). Many may answer; each is kept once per severity."""
    alert = await find(desk, alert_id)
    who, entered_by = person_of(desk, person), person_of(desk, by)
    # of all that was told: water that eased meanwhile leaves ladders that still ask for it
    severity = max(alert.told, alert.severity) or alert.worst
    await _answer(desk, alert, who.id, severity, "received", via, by)
    return f"{who.name} 已应答（{entered_by.name} 登记）"


async def _answer(
    desk: Desk, alert: Alert, person: str, severity: Severity, word: str, via: str, by: str
) -> None:
    now = desk.clock.now()
    answer = Acknowledgement(alert.scope, alert.id, person, severity, word, via, by, now)
    channels = desk.knowledge.directory.channels
    voices = [channel.id for channel in channels if channel.medium is Medium.VOICE]
    async with desk.store.writing() as tx:
        if await tx.acknowledge(answer):
            facts = {"severity": severity.name, "word": word, "via": via, "by": by}
            await tx.write([Entry(alert.scope, now, "answer", alert.id, person, facts)])
            # who has answered is not rung a minute later for the same
            await tx.withdraw("answered", subject=alert.id, person=person, channels=voices)
    desk.wake()


async def judge_suspect(desk: Desk, alert_id: str, real: bool, by: str, why: str = "") -> str:
    """Somebody looked at what a doubtful reading says (存疑): it is real, or a false alarm.
    `why`: what they saw; it is kept with the readings."""
    alert = await find(desk, alert_id)
    who = person_of(desk, by)
    if all(c.condition is not Condition.SUSPECT for c in alert.contributions.values()):
        raise ActRefused("这件叫应没有存疑的读数，不用判断真假。")
    severity, word = alert.severity or alert.worst, "real" if real else "false"
    order = SuspectJudged(
        alert.scope, alert.site, alert.hazard, real, by, desk.clock.now(), mask_in(why)
    )
    await _answer(desk, alert, by, severity, word, "desk", by)
    await desk.order(order)
    return f"{who.name} 判断为{'属实' if real else '误报'}，已登记"


async def reply(desk: Desk, said: Reply, channel: str) -> str:
    """What a phone sent back: an answer to its open call, or a line for the duty desk.

    A provider may post the same reply twice; the second says nothing new.
    """
    now = desk.clock.now()
    if await desk.store.reply_known(desk.actual, channel, said):
        return "posted before"
    calls = await desk.store.open_calls(said.phone)
    past = await desk.store.past_calls(said.phone, now - REPLIED_WITHIN)
    meant = meaning(said, calls, past)
    if not isinstance(meant, Answered):
        why = meant.reason if isinstance(meant, ForDesk) else ""
        async with desk.store.writing() as tx:
            await tx.keep_reply(desk.actual, channel, said, why)
        return meant.reason
    channels = desk.knowledge.directory.channels
    via = next((one.medium.value for one in channels if one.id == channel), channel)
    for call in meant.calls:
        alert = await desk.store.alert(call.alert)
        assert alert is not None  # a call refers to it
        word = call.kind or ("received" if meant.verdict == "heard" else meant.verdict)
        await _answer(desk, alert, call.person, call.severity, word, via, call.person)
        if meant.verdict != "heard":
            real = meant.verdict == "real"
            order = SuspectJudged(
                alert.scope, alert.site, alert.hazard, real, call.person, now, via
            )
            await desk.order(order)
    async with desk.store.writing() as tx:
        await tx.keep_reply(desk.actual, channel, said, "")
    return meant.verdict


async def reply_seen(desk: Desk, reply_id: str, by: str) -> str:
    """Somebody at the desk has read a reply that fits no call."""
    who = person_of(desk, by)
    async with desk.store.writing() as tx:
        if not await tx.reply_seen(reply_id, by, desk.clock.now()):
            raise NotFound("没有这条未读回复，或已有人看过。")
    return f"{who.name} 已阅"


async def stand_down(
    desk: Desk, alert_id: str, by: str, reason: str = "", entered_by: str | None = None
) -> str:
    """End the matter in a named person's name (解除) and tell all who were told.

    `entered_by`: who took the leader's word for it and entered it; None: the leader did.
    """
    alert = await find(desk, alert_id)
    leader, officer = person_of(desk, by), person_of(desk, entered_by or by)
    now = desk.clock.now()
    leaders = desk.knowledge.directory.people.leaders(now)
    if leaders and leader not in leaders:
        names = "、".join(f"{one.name}（{one.id}）" for one in leaders)
        raise ActRefused(f"解除要经领导同意，{leader.name}不是。能同意的：{names}")
    calls = await desk.store.calls(alert.id)
    told = tuple(dict.fromkeys(call.notification.person for call in calls))
    ended = await desk.store.stood_down(alert.id)
    before = ended.at if ended else None
    taken = await desk.store.codes_sent(now - REPLIED_WITHIN)
    response = told_of_end(desk.knowledge.directory, alert, told, by, now, taken, before)
    # first: were the power cut between the two, people would have gone home from an alert that
    # takes them for called, and calls nobody anew; ordering it twice changes nothing
    await desk.order(EndCall(alert.scope, alert.site, alert.hazard, by, now))
    async with desk.store.writing() as tx:
        if not await tx.stand_down(StandDown(alert.scope, alert.id, by, mask_in(reason), now)):
            raise ActRefused("这件叫应已经解除过了。")
        await tx.withdraw("stood down", subject=alert.id)
        await tx.promise(response.notifications)
        entered = Entry(alert.scope, now, "act.entered", alert.id, officer.id, {"for": leader.id})
        await tx.write([*response.entries, *([entered] if officer != leader else [])])
    desk.wake()
    persons = {id for id in told if id in desk.knowledge.directory.people.persons}
    return f"{leader.name} 解除，已通知 {len(persons)} 人"


async def call_by_hand(
    desk: Desk, place: str, level: str, because: str, source: str, by: str, hazard: str = "flood"
) -> str:
    """Start the same chain without a sensor. `place`: a site, or a village, which is called at
    one site of its own: whoever concerns two sites is called once."""
    site = _site_for(desk, place)
    severity = Severity[level.upper()]
    person_of(desk, by)
    if hazard not in desk.knowledge.directory.policies:
        known = "、".join(sorted(desk.knowledge.directory.policies))
        raise NotFound(f"没有风险“{hazard}”的叫应规则，叫不到任何人。已有：{known}")
    now = desk.clock.now()
    said = mask_in(because), mask_in(source)  # the journal keeps them for good
    village = "" if place in desk.knowledge.sites else place
    order = CallByHand(desk.actual, site.id, hazard, severity, *said, by, now, village)
    await desk.order(order)
    named = desk.knowledge.directory.villages[village].name if village else site.name
    if not await _called_since(desk, order):
        return f"{named}：{ZH[severity]}级没有新发叫应，{site.name}已叫过或在暂停提醒中；原因已记入"
    return f"{named}：{ZH[severity]}级叫应已发出（来源：{source}）"


async def _called_since(desk: Desk, order: CallByHand) -> bool:
    """Whether anybody is told anything by that order: not where as much was told before."""
    place = (order.scope, order.site, order.hazard)
    matters = await desk.store.open_matters()
    about = [one for one in matters if (one.scope, one.site, one.hazard) == place]
    calls = [call for one in about for call in await desk.store.calls(one.id)]
    return any(call.notification.created_at >= order.at for call in calls)


async def read_gauge(desk: Desk, place: str, value: float, by: str) -> str:
    """Enter a staff-gauge reading, in m of the site's datum. Raises ActRefused for a slip of the
    hand: water may rise over what the instrument can measure, but not by all of its span."""
    site = site_of(desk, place)
    sensors = [s for s in desk.knowledge.sensors.values() if s.site == site.id]
    gauge = next((s for s in sensors if s.quantity == "level"), None)
    if gauge is None:
        raise NotFound(f"{site.name}没有水位站，不能登记水尺读数。")
    person_of(desk, by)
    span = desk.knowledge.quality[gauge.id].limits.gross_fail
    if span is not None and abs(value - (span.low + span.high) / 2) > 1.5 * (span.high - span.low):
        range_ = f"{span.low:.2f}–{span.high:.2f}"
        raise ActRefused(f"{value:.2f} 米不像{site.name}的水位（{range_} 米），请看小数点。")
    await desk.order(GaugeRead(desk.actual, gauge.id, value, by, desk.clock.now()))
    return f"{site.name} 水尺 {value:.2f} 米，已登记"


async def close_site(desk: Desk, place: str, closed: bool, by: str) -> str:
    """Mark a bridge or road closed (封桥), or open again. Raises ActRefused for a place that
    nobody crosses, unless it was marked before."""
    site = site_of(desk, place)
    person_of(desk, by)
    crossings = crossings_of(desk.knowledge)
    known = (desk.actual, site.id) in await desk.store.closed_sites()
    if site not in crossings and not known:
        names = "、".join(f"{one.name}（{one.id}）" for one in crossings) or "没有"
        raise ActRefused(f"{site.name}不是桥或路口，不能登记封控。能封控的：{names}")
    if not closed and not known:
        raise ActRefused(f"{site.name}没有登记封控。")
    await desk.order(SiteClosed(desk.actual, site.id, closed, by, desk.clock.now()))
    return f"{site.name} 已登记{'封控' if closed else '恢复通行'}"


def crossings_of(knowledge: Knowledge) -> tuple[Site, ...]:
    """The places that can be closed: fords, and wherever a camera looks for people crossing."""
    watched = {s.site for s in knowledge.sensors.values() if s.quantity == "detection"}
    sites = knowledge.sites.values()
    return tuple(s for s in sites if s.kind is SiteKind.FORD or s.id in watched)


async def find(desk: Desk, named: str) -> Alert:
    """By its id; or of the open real ones by the site's id, or by the beginning of the id."""
    if (alert := await desk.store.alert(named)) is not None:
        return alert
    open_ones = [a for a in await desk.store.open_matters() if a.scope == desk.actual]
    meant = [a for a in open_ones if a.site == named or named == a.id[:SHORT_ID]]
    if len(meant) > 1:
        raise ActRefused(f"“{named}”有 {len(meant)} 件叫应，请用编号指明是哪一件。")
    if not meant:
        raise NotFound(f"没有编号为“{named}”的叫应，编号见值班台。")
    return meant[0]


def person_of(desk: Desk, person: str) -> Person:
    """Raises NotFound."""
    known = desk.knowledge.directory.people.persons
    if person not in known:
        raise NotFound(f"责任清单里没有“{person}”，请用 people.yaml 里的编号。")
    return known[person]


def site_of(desk: Desk, place: str) -> Site:
    """Raises NotFound."""
    if place not in desk.knowledge.sites:
        known = "、".join(sorted(desk.knowledge.sites))
        raise NotFound(f"没有风险点“{place}”。已有：{known}")
    return desk.knowledge.sites[place]


def _site_for(desk: Desk, place: str) -> Site:
    """The site of that id; of a village the one that lies in it, the first in `places.yaml`, else
    the one whose water reaches it soonest."""
    sites, villages = desk.knowledge.sites, desk.knowledge.directory.villages
    if place in sites or place not in villages:
        return site_of(desk, place)
    own = [(timedelta(0), site) for site in sites.values() if site.village == place]
    near = [(t.travel, s) for s in sites.values() for t in s.threatens if t.village == place]
    if not own and not near:
        raise NotFound(f"{villages[place].name}没有登记风险点，请指明风险点。")
    return min(own or near, key=lambda found: found[0])[1]
