"""What comes late is judged as if it had come in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting.alerts import Alert, Change
from monitor.alerting.orders import CallByHand
from monitor.alerting.severity import Severity
from monitor.judging.memory import Knowledge
from monitor.pipeline import Intake, decide, hear
from monitor.reference.people import DUTY_DESK
from monitor.scope import Scope, Status
from tests.habits.town import SHIPPED, Town, counted, message, town, with_gauges

NOON = datetime(2026, 7, 15, 4, tzinfo=UTC)
STEP = timedelta(minutes=1)
SCOPE = Scope("yunxi", Status.ACTUAL, "")
LOW, YELLOW, RED = 85.0, 86.6, 87.9
RUNGS = [
    {"severity": "yellow", "at": 86.5, "basis": "警戒水位"},
    {"severity": "red", "at": 87.8, "basis": "立即转移"},
]
DELAYED = {"rungs": RUNGS, "on_delay": "10 min"}
TRUSTED = {"spike_suspect": None, "rate_suspect": None, "spike_fail": None}


def gauges(on_delay: int = 0, *names: str) -> Knowledge:
    sensor = {"interval": "1 min", "quality": TRUSTED}
    return with_gauges(names or (SHIPPED,), sensor, {"rungs": RUNGS, "on_delay": f"{on_delay} min"})


def heard(there: Town, values: dict[int, float], order: list[int]) -> None:
    """Values by minute, in the order in which they come; none earlier than it was measured."""
    now = NOON
    for minute in order:
        at = NOON + minute * STEP
        now = max(now, at)
        there.hear([message(at, values[minute], came=now)], now)


def written(there: Town) -> list[Alert]:
    """Every alert as it stands written down, by its onset; those that never stood left out."""
    known = {
        alert.id: alert
        for outcome in there.outcomes
        for alert in (*outcome.ended, *outcome.alerts.values())
    }
    return sorted((a for a in known.values() if a.worst), key=lambda a: a.opened_at)


def minutes(alert: Alert) -> tuple[float, float | None]:
    ended = alert.cleared_at and (alert.cleared_at - NOON) / STEP
    return (alert.opened_at - NOON) / STEP, ended


def test_a_late_peak_between_two_lows_is_an_alert_of_the_past_and_pages_nobody() -> None:
    there = town(NOON, gauges())
    heard(there, {0: LOW, 1: RED, 2: LOW, 3: LOW}, [0, 2, 3, 1])
    (past,) = written(there)
    assert (past.worst, past.told, minutes(past)) == (Severity.RED, Severity.NORMAL, (1, 2))
    assert there.memory.alerts == {}
    assert there.changes == [
        (Change.RAISED, Severity.RED, False),
        (Change.CLEARED, Severity.NORMAL, False),
    ]


def test_a_late_value_moves_the_onset_of_what_people_were_told_and_pages_nobody_anew() -> None:
    there = town(NOON, gauges())
    heard(there, {0: LOW, 1: YELLOW, 2: YELLOW, 3: YELLOW}, [0, 2, 3])
    pages = there.pages
    heard(there, {1: YELLOW}, [1])
    (alert,) = written(there)
    assert (minutes(alert), alert.announced) == ((1, None), Severity.YELLOW)
    assert there.pages == pages > 0
    (corrected,) = there.outcomes[-1].entries
    assert corrected.event == "alert.corrected"
    assert corrected.facts["opened_at"] == (NOON + STEP).isoformat()


def test_a_late_value_that_makes_it_worse_now_is_told_at_once() -> None:
    there = town(NOON, gauges(2))
    heard(there, {0: LOW, 1: RED, 2: RED, 3: RED}, [0, 2, 3])
    assert there.changes == []
    heard(there, {1: RED}, [1])
    assert there.changes == [(Change.RAISED, Severity.RED, True)]


def test_a_late_low_shows_that_it_never_stood_so_long_and_the_alert_is_none() -> None:
    """It is held as long as the water is over, as people were called; then it is written down
    that nothing stood."""
    there = town(NOON, gauges(3))
    values = {0: LOW, 1: YELLOW, 2: LOW, 3: YELLOW, 4: YELLOW, 5: LOW}
    heard(there, values, [0, 1, 3, 4])
    assert [a.told for a in written(there)] == [Severity.YELLOW]
    heard(there, values, [2])
    assert [a.is_active for a in written(there)] == [True]
    heard(there, values, [5])
    assert written(there) == [] and there.memory.alerts == {}
    (notice,) = there.outcomes[-1].notifications  # to whom it was told, a named person decides
    assert notice.person == DUTY_DESK
    assert notice.text.endswith("已叫应黄级，迟到数据表明未曾达级。请核对现场，告知已叫应的人。")


def test_a_late_low_splits_one_alert_into_two_and_the_one_that_stands_keeps_its_calls() -> None:
    there = town(NOON, gauges())
    values = {0: LOW, 1: YELLOW, 2: LOW, 3: RED}
    heard(there, values, [0, 1, 3])
    (before,) = written(there)
    heard(there, values, [2])
    first, second = written(there)
    assert (minutes(first), first.worst) == ((1, 2), Severity.YELLOW)
    assert (minutes(second), second.worst, second.id) == ((3, None), Severity.RED, before.id)


def test_a_late_value_that_agrees_makes_a_doubted_one_good() -> None:
    there = town(NOON, with_gauges(sensor={"interval": "1 min"}))
    heard(there, {0: LOW, 1: LOW + 4, 2: LOW + 4}, [0, 2, 1])
    (now,) = there.outcomes[-1].judged_again.values()
    assert (now.value, now.reasons) == (LOW + 4, ())
    assert [a.worst for a in written(there)] == [Severity.RED]


def test_a_doubt_that_late_values_show_to_be_a_rise_too_short_to_stand_is_no_alert() -> None:
    there = town(NOON, with_gauges((SHIPPED,), {"interval": "1 min"}, DELAYED))
    values = {0: LOW, 1: LOW + 1, 2: LOW + 4, 12: LOW}
    heard(there, values, [0, 2])
    assert [(a.worst, a.announced) for a in written(there)] == [(Severity.YELLOW, Severity.NORMAL)]
    heard(there, values, [1, 12])
    assert written(there) == [] and there.memory.alerts == {}


@pytest.mark.parametrize("first", [0, -15])
def test_what_late_values_show_never_to_have_ended_is_one_alert_from_its_onset(first: int) -> None:
    """Also where it began longer ago than memory can judge again: its end was not."""
    there = town(NOON, with_gauges((SHIPPED,), {"interval": "1 min"}, {"rungs": RUNGS}))
    levels = {n: LOW if n < 1 or n > 20 else YELLOW for n in range(first, 22)}
    heard(there, levels, [n for n in levels if not 16 < n < 21])
    assert [minutes(a) for a in written(there)] == [(1, 21)]
    heard(there, levels, [20])  # so the low one after it is doubtful, and clears nothing
    assert [minutes(a) for a in written(there)] == [(1, None)]
    assert there.outcomes[-1].overcalled == []  # nobody was called for more than there was


def test_a_peak_of_an_hour_ago_is_an_alert_of_the_past_and_pages_nobody() -> None:
    """Memory has forgotten the time; the store is asked."""
    there = town(NOON, gauges())
    heard(there, dict.fromkeys(range(90), LOW), [n for n in range(90) if n != 5])
    came = NOON + 90 * STEP
    there.hear([message(NOON + 5 * STEP, RED, came=came)], came)
    (past,) = written(there)
    assert (past.worst, past.told, minutes(past)) == (Severity.RED, Severity.NORMAL, (5, 6))
    assert [pages for *_, pages in there.changes] == [False, False]


def test_an_hour_that_comes_after_live_values_resumed_is_judged_by_its_own_times() -> None:
    """SL 651: twelve 5-minute values at once, under a duration of 30 minutes."""
    sensor = {"interval": "5 min", "quality": TRUSTED}
    knowledge = with_gauges(sensor=sensor, rule={"rungs": RUNGS, "on_delay": "30 min"})
    there = town(NOON, knowledge)
    heard(there, dict.fromkeys(range(60, 100, 5), LOW), list(range(60, 100, 5)))
    came = NOON + 100 * STEP
    levels = {5 * n: YELLOW if 2 <= n <= 9 else LOW for n in range(12)}
    there.hear([message(NOON + n * STEP, v, came=came) for n, v in levels.items()], came)
    (past,) = written(there)
    assert (past.worst, minutes(past), past.told) == (Severity.YELLOW, (40, 50), Severity.NORMAL)
    (notice,) = there.outcomes[-1].notifications
    assert (there.pages, notice.person) == (1, DUTY_DESK)
    assert "曾达黄级" in notice.text
    short = town(NOON, knowledge)
    heard(short, dict.fromkeys(range(60, 100, 5), LOW), list(range(60, 100, 5)))
    levels[30] = LOW
    short.hear([message(NOON + n * STEP, v, came=came) for n, v in levels.items()], came)
    assert written(short) == []


def test_a_low_of_half_an_hour_ago_shows_that_what_was_told_never_stood_so_long() -> None:
    there = town(NOON, gauges(3))
    values = {**dict.fromkeys(range(60), LOW), 10: YELLOW, 11: LOW, 12: YELLOW, 13: YELLOW}
    heard(there, values, [n for n in range(60) if n != 11])
    (told,) = written(there)
    assert told.announced is Severity.YELLOW
    came = NOON + 60 * STEP
    there.hear([message(NOON + 11 * STEP, LOW, came=came)], came)
    assert written(there) == []
    assert there.outcomes[-1].entries[0].facts["worst"] == "NORMAL"


def test_what_does_not_come_out_as_it_is_written_down_is_left_as_it_is() -> None:
    """The county rang: no observation tells of that, so that judging again cannot find it."""
    there = town(NOON, gauges())
    heard(there, dict.fromkeys(range(60), LOW), list(range(30)))
    call = CallByHand(SCOPE, "shiqiao", "flood", Severity.ORANGE, "县里来电", "县防办", "a", NOON)
    outcome = decide(there.knowledge, there.memory, Intake((), (), 0), NOON, orders=[call])
    there.memory.swap(outcome)
    there.outcomes.append(outcome)
    heard(there, dict.fromkeys(range(60), LOW), list(range(31, 60)))
    came = NOON + 60 * STEP
    there.hear([message(NOON + 5 * STEP + STEP / 2, RED, came=came)], came)
    by_hand = [a for a in written(there) if a.worst is Severity.ORANGE]
    assert [(a.is_active, a.announced) for a in by_hand] == [(True, Severity.ORANGE)]


def test_a_backlog_in_its_order_is_judged_straight_though_water_rises_and_falls_in_it() -> None:
    folds: list[datetime] = []
    there = town(NOON, counted(gauges(), folds))
    levels = {n: RED if 5 <= n < 9 or n >= 12 else LOW for n in range(15)}
    came = NOON + 60 * STEP
    there.hear([message(NOON + n * STEP, levels[n], came=came) for n in levels], came)
    first, second = written(there)
    assert (minutes(first), minutes(second)) == ((5, 9), (12, None))
    assert len(folds) == len(levels)  # none was judged again


def test_what_a_backlog_says_below_what_was_told_stands_until_a_live_value_says_it() -> None:
    there = town(NOON, gauges())
    heard(there, {0: RED}, [0])
    came = NOON + 60 * STEP
    late = {10: RED, 20: YELLOW, 30: LOW, 40: LOW}
    there.hear([message(NOON + n * STEP, level, came=came) for n, level in late.items()], came)
    (alert,) = written(there)
    assert (alert.severity, alert.is_active) == (Severity.RED, True)
    heard(there, {60: LOW}, [60])
    (alert,) = written(there)
    assert (minutes(alert), there.memory.alerts) == ((0, 30), {})


def test_a_late_value_of_a_drill_says_nothing_of_the_real_world() -> None:
    there = town(NOON, gauges())
    heard(there, {0: LOW, 1: LOW, 3: LOW}, [0, 1, 3])
    at = NOON + 2 * STEP
    drilled = message(at, RED, came=NOON + 4 * STEP)
    there.hear([drilled._replace(topic=f"exercise/spring/{drilled.topic}")], NOON + 4 * STEP)
    assert {alert.scope.drill_id for alert in written(there)} == {"spring"}


@pytest.mark.parametrize("order", [[0, 2, 3, 1], [0, 1, 3, 2], [3, 2, 1, 0]])
def test_deciding_twice_from_the_same_memory_gives_the_same_and_touches_nothing(
    order: list[int],
) -> None:
    knowledge = gauges()
    there = town(NOON, knowledge)
    values = {0: LOW, 1: RED, 2: LOW, 3: YELLOW}
    heard(there, values, order[:-1])
    before = dict(there.memory.recents), dict(there.memory.trails), dict(there.memory.alerts)
    last, now = order[-1], NOON + 4 * STEP
    intake = hear(knowledge, [message(NOON + last * STEP, values[last], came=now)])
    first, second = (decide(knowledge, there.memory, intake, now) for _ in range(2))
    assert first == second
    assert (there.memory.recents, there.memory.trails, there.memory.alerts) == before


def test_what_was_raised_and_ended_within_a_batch_was_told_to_nobody_and_says_so() -> None:
    there = town(NOON, gauges())
    levels = (LOW, RED, LOW, YELLOW, LOW)
    there.hear([message(NOON + n * STEP, v) for n, v in enumerate(levels)], NOON + 4 * STEP)
    assert [(a.worst, a.told) for a in written(there)] == [
        (Severity.RED, Severity.NORMAL),
        (Severity.YELLOW, Severity.NORMAL),
    ]
    assert {n.person for n in there.outcomes[-1].notifications} == {DUTY_DESK}
