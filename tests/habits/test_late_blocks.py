"""补判: the SL 651 hour report brings twelve 5-minute values at once, one late block an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting.alerts import Change
from monitor.alerting.severity import Severity
from monitor.judging.memory import Knowledge
from monitor.reference.people import DUTY_DESK
from tests.habits.town import Town, message, town, with_gauges

HOUR = datetime(2026, 7, 15, 18, tzinfo=UTC)  # 02:00 in the township
STEP = timedelta(minutes=5)
LOW, OVER = 85.0, 86.6  # the shipped yellow rung is 86.5, the blue one 86.2
YELLOW = Severity.YELLOW
ALARM = {"rungs": [{"severity": "yellow", "at": 86.5, "basis": "警戒水位"}], "on_delay": "30 min"}


@pytest.fixture(scope="module")
def slow() -> Knowledge:
    """Half an hour over the limit before it stands."""
    return with_gauges(rule=ALARM)


def block(there: Town, hour: int, *levels: float) -> None:
    """Twelve values, five minutes apart, that come together with the last of them."""
    assert len(levels) == 12
    now = HOUR + timedelta(hours=hour)
    times = [now - n * STEP for n in range(11, -1, -1)]
    there.hear((message(at, v, came=now) for at, v in zip(times, levels, strict=True)), now)


def test_a_block_says_nothing_by_arriving(slow: Knowledge) -> None:
    """Twelve values over the limit at once, of which only the last five prove 20 minutes."""
    there = town(HOUR, slow)
    block(there, 1, *[LOW] * 7, *[OVER] * 5)
    assert there.changes == [] and there.pages == 0


def test_a_block_whose_own_times_prove_the_duration_pages_once_as_it_still_stands(
    slow: Knowledge,
) -> None:
    there = town(HOUR, slow)
    block(there, 1, *[LOW] * 3, *[OVER] * 9)
    block(there, 2, *[OVER] * 12)
    (alert,) = there.memory.alerts.values()
    assert alert.announced is YELLOW
    assert sum(change is Change.RAISED and told for change, _, told in there.changes) == 1


def test_a_duration_over_two_blocks_is_proved_by_the_times_of_both(slow: Knowledge) -> None:
    there = town(HOUR, slow)
    block(there, 1, *[LOW] * 8, *[OVER] * 4)
    block(there, 2, *[OVER] * 3, *[LOW] * 9)
    assert [change for change, *_ in there.changes] == [Change.RAISED, Change.CLEARED]
    raised = there.outcomes[1].transitions[0]
    assert raised.at == HOUR + timedelta(minutes=75)  # half an hour after the first value over


def test_a_flood_that_is_over_when_the_block_comes_is_written_down_and_pages_nobody(
    slow: Knowledge,
) -> None:
    there = town(HOUR, slow)
    block(there, 1, LOW, *[OVER] * 8, *[LOW] * 3)
    (outcome,) = there.outcomes
    (notice,) = outcome.notifications  # of the screen in the duty room
    assert (notice.person, notice.ladder, notice.code) == (DUTY_DESK, None, "")
    assert notice.text.startswith("补判：石桥站07-16 02:40至02:50曾达黄级")
    assert {entry.facts["told"] for entry in outcome.entries} == {False}
    assert outcome.entries[-1].event == "alert.cleared"
    (past,) = outcome.alerts.values()
    assert (past.site, past.hazard, past.worst) == ("shiqiao", "flood", YELLOW)
    assert past.opened_at == HOUR + timedelta(minutes=40)


def test_a_late_block_never_ends_what_people_were_told(slow: Knowledge) -> None:
    """The water fell and rose again while the line was dead: nobody hears 回落 by a value that is
    over the limit, though for half an hour the rise proves nothing."""
    there = town(HOUR, slow)
    there.live((HOUR + n * STEP, OVER) for n in range(7))
    pages = there.pages
    assert [(c, told) for c, _, told in there.changes] == [(Change.RAISED, True)] and pages
    block(there, 2, *[LOW] * 6, *[OVER] * 6)
    assert there.pages == pages
    assert [alert.announced for alert in there.memory.alerts.values()] == [YELLOW]
