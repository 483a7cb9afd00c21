"""What one person is texted now, together, by another way, or later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain, count

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting.severity import Severity
from monitor.notify.bundling import FELL, LEVEL, REPORT, SUPERIOR, Told, Waiting, kind_of, plan
from monitor.notify.limits import Limits
from tests.notify.township import NIGHT

MINUTE = timedelta(minutes=1)
LIMITS = Limits()
_NUMBER = count()


def text(site: str = "bridge", severity: Severity = Severity.YELLOW, **other: object) -> Waiting:
    values: dict[str, object] = {
        "id": f"{site}-{severity.name}-{next(_NUMBER)}",
        "subject": site,
        "severity": severity,
        "kind": LEVEL,
        "since": NIGHT,
        "site": site,
        "area": "river/flood",
        "is_urgent": severity is Severity.RED,
    }
    return Waiting(**values | other)  # type: ignore[arg-type]  # made of the fields by name


def told(one: Waiting, at: datetime = NIGHT) -> Told:
    return Told(
        one.id,
        at,
        one.subject,
        one.severity,
        one.kind,
        one.site,
        one.area,
        one.asks,
        one.is_urgent,
    )


def held(one: Waiting) -> Waiting:
    return replace(one, was_held=True)


def test_the_first_goes_at_once_and_the_second_waits_for_the_window() -> None:
    first, second = text("bridge", asks=True), text("ford")
    made = plan([second, first], [], LIMITS, NIGHT)
    assert made.alone == [first.id]
    assert made.held[second.id][0] == NIGHT + LIMITS.window


def test_at_the_end_of_the_window_all_that_waits_is_one_text() -> None:
    waiting = [held(text("ford")), held(text("bank")), text("weir")]
    before = [told(text("bridge"))]
    made = plan(waiting, before, LIMITS, NIGHT + LIMITS.window)
    assert [set(ids) for ids in made.together] == [{one.id for one in waiting}] and not made.alone


def test_another_catchment_waits_for_the_minute_alone() -> None:
    other = text("slope", area="hill/landslide")
    made = plan([other], [told(text("bridge"))], LIMITS, NIGHT)
    assert made.held[other.id][0] == NIGHT + MINUTE


def test_a_worse_level_breaks_through_the_window_and_goes_in_its_own_words() -> None:
    waiting = [held(text("ford")), text("ford", Severity.ORANGE)]
    made = plan(waiting, [told(text("bridge"))], LIMITS, NIGHT + MINUTE)
    assert made.alone == [waiting[1].id] and waiting[0].id in made.held


def test_red_goes_though_every_limit_is_used_up() -> None:
    full = [told(text(str(n)), NIGHT - n * MINUTE) for n in range(20)]
    red = text("bridge", Severity.RED)
    assert plan([red], [*full, told(red)], LIMITS, NIGHT).alone == [red.id]


def test_the_first_red_of_a_catchment_keeps_its_words_and_what_queued_up_is_one_text() -> None:
    reds = [text(site, Severity.RED) for site in ("bridge", "ford", "bank")]
    other = text("slope", Severity.RED, area="hill/landslide")
    made = plan([*reds, other], [], LIMITS, NIGHT)
    first, *behind = sorted(one.id for one in reds)
    assert set(made.alone) == {first, other.id}
    assert [set(ids) for ids in made.together] == [set(behind)] and not made.held


def test_a_red_alone_in_the_queue_keeps_its_words_though_others_went_before() -> None:
    red = text("ford", Severity.RED)
    made = plan([red], [told(text("bridge", Severity.RED))], LIMITS, NIGHT)
    assert made.alone == [red.id] and not made.together


def test_a_red_is_not_told_behind_a_lower_one() -> None:
    reds = [text(site, Severity.RED) for site in ("ford", "bank")]
    made = plan(reds, [told(text("bridge", Severity.ORANGE))], LIMITS, NIGHT)
    assert len(made.alone) == 2


def test_reports_to_the_county_are_told_together_and_with_nothing_else() -> None:
    reports = [held(text(site, kind=REPORT)) for site in ("ford", "bank")]
    made = plan([*reports, held(text("weir"))], [told(text("bridge"))], LIMITS, NIGHT + MINUTE)
    told_together = [set(ids) for ids in made.together]
    assert {one.id for one in reports} in [*told_together, made.held.keys()]
    assert not any(len(ids) == 3 for ids in told_together)


def test_the_same_level_of_a_site_is_told_an_hour_later() -> None:
    again = text("bridge")
    made = plan([again], [told(text("bridge"))], LIMITS, NIGHT + 10 * MINUTE)
    assert made.held[again.id][0] == NIGHT + LIMITS.same_level


def test_an_ask_that_would_be_told_too_late_goes_another_way() -> None:
    full = [told(text(str(n)), NIGHT - n * MINUTE) for n in range(6)]
    asks, tells = text("bridge", asks=True), text("ford")
    made = plan([asks, tells], full, LIMITS, NIGHT)
    assert made.elsewhere == [asks.id] and tells.id in made.held


def test_a_reminder_waits_without_going_another_way() -> None:
    first = text("bridge", asks=True)
    again = text("bridge", asks=True, since=NIGHT + 15 * MINUTE)
    made = plan([again], [told(first)], LIMITS, NIGHT + 15 * MINUTE)
    assert made.elsewhere == [] and again.id in made.held


def test_what_keeps_its_own_words_is_never_told_together() -> None:
    doubts = [held(text(site, kind="suspect")) for site in ("bridge", "ford")]
    made = plan([*doubts, held(text("bank"))], [], LIMITS, NIGHT)
    assert made.together == [] and len(made.alone) == 1


def test_what_keeps_its_own_words_keeps_them_however_long_it_waited() -> None:
    end = text(kind="stand_down", was_held=True, is_outdated=True)
    assert plan([end], [], LIMITS, NIGHT).alone == [end.id]


def test_a_use_is_known_by_its_family() -> None:
    assert {kind_of(use) for use in ("yellow", "worse_red", "drill_tell", "red_plain")} == {LEVEL}
    assert {kind_of(use) for use in ("superior", "superior_dead", "superior_drill")} == {SUPERIOR}
    assert kind_of("fell_plain_tell") == FELL
    assert {kind_of(u) for u in ("superior_suspect", "bridge", "stand_down", "drill_over")} == {
        "superior_suspect", "bridge", "stand_down", "drill"
    }  # fmt: skip


@dataclass
class Phone:
    """What one person's phone shows while texts arrive in any order."""

    told: list[Told] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    how_often: Counter[str] = field(default_factory=Counter)
    due: datetime | None = None

    def look(self, now: datetime) -> None:
        made = plan(self.waiting, self.told, LIMITS, now)
        known = {one.id: one for one in self.waiting}
        for sent in (*([id] for id in made.alone), *made.together):
            self.told += [told(known[id], now)._replace(text=sent[0]) for id in sent]
            self.how_often.update(sent)
        gone = {*made.alone, *chain.from_iterable(made.together)}
        assert not gone & made.held.keys() and gone | made.held.keys() == known.keys()
        assert all(until > now for until, _ in made.held.values())
        self.waiting = [held(one) for one in self.waiting if one.id not in gone]
        self.due = min((until for until, _ in made.held.values()), default=None)


ARRIVALS = st.lists(
    st.tuples(
        st.integers(0, 1800),
        st.sampled_from(["a", "b", "c", "d"]),
        st.sampled_from([Severity.BLUE, Severity.YELLOW, Severity.ORANGE, Severity.RED]),
        st.sampled_from([LEVEL, SUPERIOR, FELL, "suspect"]),
        st.booleans(),
    ),
    max_size=40,
)


@given(ARRIVALS)
def test_whatever_arrives_nobody_is_above_the_limits_and_each_is_told_once(
    arrivals: Iterable[tuple[int, str, Severity, str, bool]],
) -> None:
    phone, wanted = Phone(), []
    for second, site, severity, kind, asks in sorted(arrivals):
        at = NIGHT + timedelta(seconds=second)
        wanted.append((at, text(site, severity, kind=kind, asks=asks, since=at)))
    now = NIGHT
    while wanted or phone.waiting:
        soon = [at for at, _ in wanted[:1]] + [phone.due] * bool(phone.waiting and phone.due)
        now = max(now, min(soon))
        phone.waiting += [one for at, one in wanted if at <= now]
        wanted = [(at, one) for at, one in wanted if at > now]
        phone.look(now)
    assert set(phone.how_often.values()) <= {1}
    texts = {one.text: one.at for one in phone.told if not one.is_red}
    for cap in LIMITS.caps:
        for moment in texts.values():
            within = [at for at in texts.values() if moment <= at < moment + cap.within]
            assert len(within) <= cap.most


@given(ARRIVALS)
def test_no_red_is_ever_held(
    arrivals: Iterable[tuple[int, str, Severity, str, bool]],
) -> None:
    phone = Phone()
    for second, site, severity, kind, asks in sorted(arrivals):
        at = NIGHT + timedelta(seconds=second)
        phone.waiting.append(text(site, severity, kind=kind, asks=asks, since=at))
        phone.look(at)
        assert not any(one.is_urgent for one in phone.waiting)
