"""Silence climbs, an answer holds, and nothing rings twice for the same reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerting.severity import Severity
from monitor.notify.escalation import Ladder, LadderState, Reach, Step
from monitor.notify.ladders import (
    HAND_DIAL,
    SUPERSEDED,
    Advance,
    Answer,
    Failure,
    Heard,
    advance,
    begin,
)
from tests.notify.township import ACTUAL, NIGHT

MINUTE = timedelta(minutes=1)
WAIT = 5 * MINUTE


def step(*persons: str) -> Step:
    reaches = tuple(Reach(p, p, "sms", "sms", "13800000001") for p in persons)
    return Step(persons[0] if persons else "nobody", "岗位", reaches, WAIT, frozenset(persons))


def ladder(*steps: Step, redial: bool = True, rounds: int = 2) -> Ladder:
    return Ladder(
        id="ladder", escalation="e", scope=ACTUAL, alert="alert", severity=Severity.RED,
        duty="chief", steps=steps, state=LadderState.CALLING, step=0, round=1,
        due_at=NIGHT + WAIT, opened_at=NIGHT, reason="", called_at=(), redial=redial,
        rounds=rounds,
    )  # fmt: skip


THREE = ladder(step("chief"), step("cadre"), step("mayor"))


def rung(one: Advance) -> list[str]:
    return [call.reach.person for call in one.calls]


def answered(person: str, at: datetime, severity: Severity = Severity.RED) -> Heard:
    return Heard(answers=(Answer(person, at, severity),))


def failed(person: str, at: datetime) -> Heard:
    return Heard(failures=(Failure(person, "sms", at),))


def test_five_silent_minutes_redial_and_call_the_superior() -> None:
    first = begin(THREE, NIGHT)
    assert rung(first) == ["chief"]
    assert rung(advance(first.ladder, Heard(), NIGHT + 4 * MINUTE)) == []
    second = advance(first.ladder, Heard(), NIGHT + WAIT)
    assert rung(second) == ["chief", "cadre"]
    assert second.ladder.due_at == NIGHT + 2 * WAIT


def test_without_redial_only_the_superior_is_called() -> None:
    first = begin(replace(THREE, redial=False), NIGHT)
    assert rung(advance(first.ladder, Heard(), NIGHT + WAIT)) == ["cadre"]


def test_a_dead_phone_hurries_to_the_superior() -> None:
    first = begin(THREE, NIGHT)
    soon = NIGHT + timedelta(seconds=3)
    second = advance(first.ladder, failed("chief", soon), soon)
    assert second.ladder.step == 1
    assert "cadre" in rung(second)
    assert second.ladder.due_at == soon + WAIT
    assert second.entries[0].event == "call.unreachable"


def test_one_dead_way_of_two_hurries_nothing() -> None:
    two = ladder(step("chief", "substitute"), step("cadre"))
    soon = NIGHT + timedelta(seconds=3)
    assert rung(advance(begin(two, NIGHT).ladder, failed("chief", soon), soon)) == []


def test_an_answer_holds_it_and_nobody_is_called_again() -> None:
    first = begin(THREE, NIGHT)
    held = advance(first.ladder, answered("chief", NIGHT + MINUTE), NIGHT + MINUTE)
    assert (held.ladder.state, held.ladder.reason) == (LadderState.HELD, "chief")
    assert rung(advance(held.ladder, Heard(), NIGHT + 60 * MINUTE)) == []


def test_the_mayors_own_answer_does_not_hold_the_chiefs_ladder() -> None:
    early = answered("mayor", NIGHT + MINUTE)
    now = begin(THREE, NIGHT).ladder
    for minutes in (5, 10):
        now = advance(now, early, NIGHT + minutes * MINUTE).ladder
    assert (now.state, now.step) == (LadderState.CALLING, 2)
    assert advance(now, early, NIGHT + 10 * MINUTE).ladder == now
    again = answered("mayor", NIGHT + 11 * MINUTE)
    assert advance(now, again, NIGHT + 11 * MINUTE).ladder.state is LadderState.HELD


def test_an_answer_to_yellow_does_not_hold_red() -> None:
    first = begin(THREE, NIGHT).ladder
    yellow = answered("chief", NIGHT + MINUTE, Severity.YELLOW)
    assert advance(first, yellow, NIGHT + MINUTE).ladder.state is LadderState.CALLING


def test_an_empty_step_costs_no_wait_and_is_written_down() -> None:
    first = begin(ladder(step(), step("cadre")), NIGHT)
    assert rung(first) == ["cadre"]
    assert [e.event for e in first.entries] == ["call.step_empty", "call.step"]


def test_nobody_at_all_is_the_hand_dial_list_at_once() -> None:
    first = begin(ladder(step(), step()), NIGHT)
    assert (first.ladder.state, first.ladder.reason) == (LadderState.DONE, HAND_DIAL)


def test_the_top_rings_its_rounds_and_then_a_person_dials() -> None:
    now = begin(ladder(step("chief"), step("cadre"), rounds=2), NIGHT).ladder
    second = advance(now, Heard(), NIGHT + WAIT)
    again = advance(second.ladder, Heard(), NIGHT + 2 * WAIT)
    assert (again.ladder.round, rung(again)) == (2, ["chief", "cadre"])
    done = advance(again.ladder, Heard(), NIGHT + 3 * WAIT)
    assert (done.ladder.state, done.ladder.reason) == (LadderState.DONE, HAND_DIAL)
    assert done.entries[0].event == "call.done"


def test_a_dead_top_goes_to_the_hand_dial_list_only_if_nobody_else_rings() -> None:
    top = advance(begin(ladder(step("chief"), step("mayor")), NIGHT).ladder, Heard(), NIGHT + WAIT)
    soon = NIGHT + WAIT + timedelta(seconds=3)
    assert advance(top.ladder, failed("mayor", soon), soon).ladder == top.ladder
    both = Heard(failures=(*failed("mayor", soon).failures, *failed("chief", soon).failures))
    assert advance(top.ladder, both, soon).ladder.state is LadderState.DONE


def test_below_the_top_a_dead_superior_is_climbed_over_while_others_ring() -> None:
    second = advance(begin(THREE, NIGHT).ladder, Heard(), NIGHT + WAIT)
    soon = NIGHT + WAIT + timedelta(seconds=3)
    assert advance(second.ladder, failed("cadre", soon), soon).ladder.step == 2


def test_an_answer_to_a_hand_dialled_call_still_holds() -> None:
    done = begin(ladder(step("chief"), rounds=1), NIGHT).ladder
    done = advance(done, Heard(), NIGHT + WAIT).ladder
    assert done.state is LadderState.DONE
    late = answered("chief", NIGHT + 2 * WAIT)
    assert advance(done, late, NIGHT + 2 * WAIT).ladder.state is LadderState.HELD


def test_the_end_of_the_matter_cancels_with_its_reason() -> None:
    over = advance(begin(THREE, NIGHT).ladder, Heard(ended="cleared"), NIGHT + MINUTE)
    assert (over.ladder.state, over.ladder.reason) == (LadderState.CANCELLED, "cleared")


def test_a_newer_call_of_the_same_duty_takes_over() -> None:
    over = advance(begin(THREE, NIGHT).ladder, Heard(newer=frozenset({"chief"})), NIGHT + MINUTE)
    assert over.ladder.reason == SUPERSEDED
    other = advance(begin(THREE, NIGHT).ladder, Heard(newer=frozenset({"mayor"})), NIGHT + MINUTE)
    assert other.ladder.state is LadderState.CALLING


def test_after_an_hour_down_the_steps_come_one_by_one() -> None:
    first = begin(THREE, NIGHT).ladder
    back = NIGHT + 60 * MINUTE
    second = advance(first, Heard(), back)
    assert (second.ladder.step, second.ladder.due_at) == (1, back + WAIT)
    assert rung(advance(second.ladder, Heard(), back)) == []


PEOPLE = st.sampled_from(["chief", "cadre", "mayor"])
MOMENTS = st.integers(0, 120).map(lambda minute: NIGHT + minute * MINUTE)
SHAPES = st.lists(st.booleans(), min_size=1, max_size=4)
HEARD = st.builds(
    Heard,
    answers=st.lists(st.builds(Answer, PEOPLE, MOMENTS, st.sampled_from(Severity))).map(tuple),
    failures=st.lists(st.builds(Failure, PEOPLE, st.just("sms"), MOMENTS)).map(tuple),
)


def shaped(shape: list[bool], redial: bool, rounds: int) -> Ladder:
    names = ("chief", "cadre", "mayor", "secretary")
    steps = (step(name) if full else step() for name, full in zip(names, shape, strict=False))
    return ladder(*steps, redial=redial, rounds=rounds)


@given(SHAPES, st.booleans(), st.integers(1, 3), HEARD, st.lists(MOMENTS, max_size=30))
def test_whatever_is_heard_it_ends_and_never_rings_after_an_answer(
    shape: list[bool], redial: bool, rounds: int, heard: Heard, sweeps: list[datetime]
) -> None:
    one = begin(shaped(shape, redial, rounds), NIGHT)
    seen: set[object] = set()
    for now in [*sorted(sweeps), *(NIGHT + i * WAIT for i in range(25, 60))]:
        known = Heard(
            tuple(a for a in heard.answers if a.at <= now),
            tuple(f for f in heard.failures if f.at <= now),
        )
        for call in one.calls:
            key = (call.reach, call.step, call.round)
            assert key not in seen, "the same call was made twice"
            seen.add(key)
        before = one.ladder
        one = advance(before, known, now)
        assert advance(one.ladder, known, now).ladder == one.ladder or _hurries(one, known)
        if before.state is LadderState.HELD:
            assert one.calls == () and one.ladder == before
    assert one.ladder.state is not LadderState.CALLING


def _hurries(one: Advance, known: Heard) -> bool:
    """The step just called is known to be dead, or answered, at this very moment."""
    moment = one.ladder.moved_at
    return any(heard.at >= moment for heard in (*known.failures, *known.answers))


@given(SHAPES, st.lists(MOMENTS, min_size=1, max_size=30))
def test_no_step_is_lost_however_late_the_sweeps_come(
    shape: list[bool], sweeps: list[datetime]
) -> None:
    one = begin(shaped(shape, False, 1), NIGHT)
    rung_persons = rung(one)
    for now in [*sorted(sweeps), *(NIGHT + i * WAIT for i in range(25, 40))]:
        one = advance(one.ladder, Heard(), now)
        assert len({call.of.duty for call in one.calls}) <= 1, "a burst of steps"
        rung_persons += rung(one)
    assert rung_persons == [s.duty for s in one.ladder.steps if s.reaches]


def test_a_clock_that_ran_ahead_before_a_restart_makes_the_next_step_due_and_lets_them_answer() -> (
    None
):
    ahead = begin(THREE, NIGHT + 60 * MINUTE).ladder
    then = advance(ahead, Heard(), NIGHT)
    assert rung(then) == ["chief", "cadre"]
    assert then.ladder.due_at == NIGHT + WAIT
    held = advance(ahead, answered("chief", NIGHT), NIGHT)
    assert held.ladder.state is LadderState.HELD
