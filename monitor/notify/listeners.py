"""Everyone whom one change of an alert concerns, each as an Ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerting.alerts import Alert
from monitor.notify.calling import Ask
from monitor.notify.channel import Medium
from monitor.notify.directory import (
    DAY_BEGINS,
    DAY_ENDS,
    Directory,
    barred,
    called,
    desk_reach,
    media_for,
)
from monitor.notify.escalation import LadderState, Reach
from monitor.notify.ladders import Advance
from monitor.notify.phrases import facts_for
from monitor.notify.policy import Tier
from monitor.notify.templates import DEAD, UNCALLED
from monitor.notify.tiers import superior_uses, uses_for
from monitor.reference.people import DUTY_DESK, LEADER_ON_DUTY, Duty
from monitor.reference.places import Named, Site


@dataclass(frozen=True, slots=True)
class Audience:
    """One alert and the people around its site. `heard`: roles that were told before."""

    directory: Directory
    alert: Alert
    site: Site
    since: datetime
    """When the water was seen; what is left of its travel counts from here."""
    now: datetime
    heard: frozenset[str] = field(default_factory=frozenset)

    def desk(self, ladder: str | None, uses: tuple[str, ...] = ()) -> Ask:
        """Step 0 of everything: the duty room's own screen."""
        facts = facts_for(self.directory, self.site, None, self.since, self.now)
        uses = uses or self.uses(None)
        return Ask(desk_reach(self.directory), DUTY_DESK, uses, facts, ladder, ladder is not None)

    def uses(self, duty: Duty | None) -> tuple[str, ...]:
        if duty is None:
            return uses_for(self.directory, self.alert, bool(self.heard), False, self.now)
        travel = self.directory.travel(duty, self.site)
        # whoever called for a village did not say that the water is on its way to it
        downstream = travel > timedelta(0) and not isinstance(self.site, Named)
        return uses_for(self.directory, self.alert, duty.role in self.heard, downstream, self.now)

    def rung(self, advance: Advance) -> Iterator[Ask]:
        """The calls of a ladder: its own duty by level, those above as 叫应上提."""
        ladder = advance.ladder
        for call in advance.calls:
            own = call.of.duty == ladder.duty and call.of is ladder.steps[0]
            duty = self.directory.people.duties.get(ladder.duty)
            facts = facts_for(self.directory, self.site, duty, self.since, self.now)
            uses = self.uses(duty)
            if not own:
                asked = self.directory.people.duties.get(call.of.duty)
                is_leader = asked is not None and asked.role == LEADER_ON_DUTY
                uses = superior_uses(self.directory, self.alert, _silence(advance), is_leader)
                facts |= _unanswered(advance)
            yield Ask(call.reach, call.of.duty, uses, facts, ladder.id, True, call.step, call.round)

    def told(self, duties: Iterable[Duty], tier: Tier, uses: tuple[str, ...] = ()) -> Iterator[Ask]:
        """Told at once, or in daytime; no answer asked. No `uses`: as their duty reads it."""
        for duty in duties:
            call = called(
                self.directory, self.alert.scope, duty, media_for(tier, duty.role), self.now
            )
            due_at = self._daytime() if duty.role in tier.daytime_only else None
            facts = facts_for(self.directory, self.site, duty, self.since, self.now)
            for reach in call.first:
                yield Ask(
                    reach, duty.id, uses or self.uses(duty), facts, None, False, due_at=due_at
                )

    def hand_dialled(self, advances: Iterable[Advance]) -> Iterator[Ask]:
        """The desk is told of each ladder that has called everybody in vain; not of its own:
        whom would it dial?"""
        for ladder in (one.ladder for one in advances):
            duty = self.directory.people.duties.get(ladder.duty)
            if ladder.state is LadderState.DONE and not (duty and duty.role == DUTY_DESK):
                facts = {"duty": ladder.steps[0].title}
                desk = desk_reach(self.directory)
                yield Ask(desk, DUTY_DESK, ("hand_dial",), facts, None, False)

    def groups(self, tier: Tier) -> Iterator[Ask]:
        """A copy for each group channel; in a drill only for those on its list."""
        facts = facts_for(self.directory, self.site, None, self.since, self.now)
        for channel in self.directory.channels:
            why_not = barred(self.directory, self.alert.scope, channel.id)
            if channel.id in tier.groups and not why_not:
                reach = Reach("", "", channel.id, channel.medium.value, "")
                yield Ask(reach, "", self.uses(None), facts, None, False)

    def missed(self, duties: Iterable[Duty], tier: Tier) -> Iterator[tuple[str, str, str]]:
        """(duty, person or "", why not) for everyone whom nothing reaches."""
        for duty in duties:
            media = media_for(tier, duty.role)
            call = called(self.directory, self.alert.scope, duty, media, self.now)
            yield from ((duty.id, person, why) for person, why in call.missed)

    def _daytime(self) -> datetime | None:
        """The next 07:00 local where it is night now; None by day."""
        if not self.directory.is_night(self.now):
            return None
        local = self.now.astimezone(self.directory.people.zone)
        day = local.date() + timedelta(days=local.time() >= DAY_ENDS)
        return datetime.combine(day, DAY_BEGINS, local.tzinfo).astimezone(self.now.tzinfo)


def _unanswered(advance: Advance) -> dict[str, str]:
    """Whom the superior is called for, and how often; no count where nobody was called."""
    said = {"duty": advance.ladder.steps[0].title}
    return said | ({"n": str(advance.times)} if advance.times else {})


def _silence(advance: Advance) -> str:
    """Which words say why the duty below did not answer: see `superior_uses`."""
    if advance.is_dead:
        return DEAD
    return UNCALLED if advance.ladder.steps[0].reaches and not advance.times else ""


def merged(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """One message a person and channel: the first, so those that want an answer come first.

    A climb to a superior is a matter of its own and is written beside what they are told anyhow.
    But who climbs is not reminded beside of what he was told before: both end in the same digits.
    And a phone rings once at a moment, and then speaks of the danger: the climb can be read.
    """
    asks = tuple(asks)
    climbing = {(ask.reach.person, ask.reach.channel) for ask in asks if _climbs(ask)}
    groups: dict[tuple[str, str, bool], list[Ask]] = {}
    for ask in asks:
        climbs, is_read = _climbs(ask), ask.reach.medium != Medium.VOICE
        key = (ask.reach.person, ask.reach.channel, climbs and is_read)
        if is_read and _reminds(ask) and key[:2] in climbing:
            continue
        group = groups.setdefault(key, [])
        if group and _climbs(group[0]) and not climbs:
            group.clear()
        if not group or climbs is _climbs(group[0]):
            group.append(ask)
    return tuple(_one(group) for group in groups.values())


def _climbs(ask: Ask) -> bool:
    return "superior_vacant" in ask.uses


def _reminds(ask: Ask) -> bool:
    """Whether it says again what its own duty was told before."""
    return not _climbs(ask) and (ask.step > 0 or ask.round > 1)


def _one(group: list[Ask]) -> Ask:
    """The first; where it names a silent duty and there are more, it says how many. Some of them
    out of reach or not called: it says that of all, for it is nobody's fault; else the count of
    the one that was called least."""
    first = min(group, key=_blames)
    duties = {ask.facts.get("duty") for ask in group}
    if len(duties) == 1:
        return first
    counted = f"{first.facts['duty']}等{len(duties)}岗"
    return replace(first, facts={**first.facts, "duty": counted})


def _blames(ask: Ask) -> tuple[bool, bool, int]:
    is_dead, is_uncalled = (ask.uses[0].endswith(why) for why in (DEAD, UNCALLED))
    return not is_dead, not is_uncalled, int(ask.facts.get("n", 0))
