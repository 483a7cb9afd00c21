"""duty_vacant, person_unreachable and roster_gap: would a red alert reach somebody?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from monitor.notify.channel import Medium
from monitor.readiness.checks import duty_vacant, person_unreachable, roster_gap
from monitor.readiness.facts import Facts
from monitor.readiness.finding import Check, Finding
from monitor.reference.people import Duty, Roster, Shift
from tests.readiness.township import (
    DUTIES,
    NOW,
    PERSONS,
    ROSTER,
    SMS,
    changed_duty,
    directory,
    facts,
    local,
    person,
)

DEAD = frozenset({Medium.SMS, Medium.VOICE})


def found(check: Check, known: Facts) -> tuple[Finding, ...]:
    return check.find(known, check.parameters(), NOW)


@pytest.mark.parametrize("check", [duty_vacant, person_unreachable, roster_gap])
def test_a_township_in_order_has_no_finding(check: object) -> None:
    assert found(check.CHECK, facts()) == ()  # type: ignore[attr-defined]  # each module binds it


def test_a_vacant_duty_with_a_substitute_can_wait() -> None:
    duties = changed_duty("bridge-village", person=None)
    (finding,) = found(duty_vacant.CHECK, facts(directory=directory(duties=duties)))
    assert finding.key == ("duty_vacant", "bridge-village", "")
    assert (finding.owner, finding.text) == ("desk", "桥头村村级责任人空缺，请定人")
    assert not finding.urgent


def test_a_vacant_duty_that_must_answer_a_red_alert_is_urgent() -> None:
    duties = changed_duty("bridge-village", person=None, substitute=None)
    (finding,) = found(duty_vacant.CHECK, facts(directory=directory(duties=duties)))
    assert finding.urgent


def test_a_vacant_duty_that_no_red_alert_asks_can_wait() -> None:
    duties = changed_duty("planner", person=None)
    (finding,) = found(duty_vacant.CHECK, facts(directory=directory(duties=duties)))
    assert not finding.urgent


def test_a_dead_phone_names_the_duty_and_who_stands_in() -> None:
    (finding,) = found(person_unreachable.CHECK, facts(failures={"carder": DEAD}))
    assert finding.use == "phone_dead"
    assert finding.variables == {
        "kind": "电话打不通",
        "place": "桥头村",
        "duty": "村级责任人",
        "due": "5月16日",
        "sub": "deputy",
    }
    assert not finding.urgent, "the substitute still answers"


def test_when_the_substitute_is_dead_too_both_are_urgent_and_the_superior_stands_in() -> None:
    known = facts(failures={"carder": DEAD, "deputy": DEAD})
    findings = found(person_unreachable.CHECK, known)
    assert [(f.subject, f.urgent) for f in findings] == [("carder", True), ("deputy", True)]
    assert findings[0].variables["sub"] == "应急站站长"


def test_a_person_with_no_channel_is_told_even_if_an_address_is_entered() -> None:
    persons = [p for p in PERSONS if p.id != "planner"] + [person("planner", "", wecom="p1")]
    assert found(person_unreachable.CHECK, facts(directory=directory(persons))) == ()
    (finding,) = found(
        person_unreachable.CHECK, facts(directory=directory(persons, channels=(SMS,)))
    )
    assert finding.text == "应急站站长没有可用的联系方式，请补录"


def test_a_failing_wechat_beside_a_good_phone_is_a_small_matter() -> None:
    persons = [p for p in PERSONS if p.id != "carder"] + [person("carder", wecom="c1")]
    known = facts(directory=directory(persons), failures={"carder": frozenset({Medium.WECHAT})})
    (finding,) = found(person_unreachable.CHECK, known)
    assert (finding.use, finding.urgent) == ("findings", False)


def test_an_officer_on_next_weeks_roster_is_looked_at_now() -> None:
    shifts = [s for s in ROSTER.shifts if s.day != date(2026, 5, 18)]
    shifts.append(Shift(day=date(2026, 5, 18), leader="leader", officers=("newcomer",)))
    persons = (*PERSONS, person("newcomer", phone=""))
    known = facts(directory=directory(persons, roster=Roster(shifts=tuple(shifts))))
    (finding,) = found(person_unreachable.CHECK, known)
    assert finding.subject == "newcomer"


def test_who_holds_no_duty_is_not_looked_at() -> None:
    people = directory((*PERSONS, person("retired", phone="")))
    assert found(person_unreachable.CHECK, facts(directory=people)) == ()


def without(*days: date) -> Facts:
    shifts = tuple(s for s in ROSTER.shifts if s.day not in days)
    return facts(directory=directory(roster=Roster(shifts=shifts)))


def test_a_gap_in_the_next_seven_shifts_is_told_with_its_day() -> None:
    (finding,) = found(roster_gap.CHECK, without(date(2026, 5, 19), date(2026, 5, 20)))
    assert finding.key == ("roster_gap", "roster", "2026-05-19")
    assert (finding.text, finding.due) == ("5月19日值班表没有排班，请补排", date(2026, 5, 19))
    assert not finding.urgent


@pytest.mark.parametrize(("ahead", "urgent"), [(0, True), (1, True), (2, False)])
def test_an_empty_desk_today_or_tomorrow_is_urgent(ahead: int, urgent: bool) -> None:
    (finding,) = found(roster_gap.CHECK, without(date(2026, 5, 13) + timedelta(days=ahead)))
    assert finding.urgent is urgent


def test_before_eight_the_shift_of_yesterday_still_runs() -> None:
    known = without(date(2026, 5, 12))
    assert len(roster_gap.CHECK.find(known, roster_gap.Parameters(), local("2026-05-13", "07:59")))
    assert not roster_gap.CHECK.find(known, roster_gap.Parameters(), local("2026-05-13", "08:00"))


def test_a_shift_without_a_leader_can_wait() -> None:
    shifts = [s for s in ROSTER.shifts if s.day != date(2026, 5, 13)]
    shifts.append(Shift(day=date(2026, 5, 13), leader="gone", officers=("officer",)))
    known = facts(directory=directory(roster=Roster(shifts=tuple(shifts))))
    (finding,) = found(roster_gap.CHECK, known)
    assert (finding.text, finding.urgent) == ("5月13日值班表没有带班领导，请补排", False)


def test_a_desk_with_a_fixed_holder_needs_no_roster() -> None:
    desk = Duty(id="desk", role="duty_officer", title="值班员", person="officer")
    people = directory(duties=(desk, *DUTIES[1:]), roster=Roster())
    assert found(roster_gap.CHECK, facts(directory=people)) == ()
    assert len(found(roster_gap.CHECK, facts(directory=directory(roster=Roster())))) == 7
