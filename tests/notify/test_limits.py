"""Provider caps: when we may speak next."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.limits import GROUP_ROBOT, VOICE, allowed
from tests.notify.township import NIGHT

MINUTE = timedelta(minutes=1)


def test_a_second_call_within_the_minute_waits_for_its_end() -> None:
    assert allowed([NIGHT], VOICE, NIGHT + MINUTE / 2) == NIGHT + MINUTE
    assert allowed([NIGHT], VOICE, NIGHT + MINUTE) == NIGHT + MINUTE


def test_the_sixth_call_waits_for_the_hour() -> None:
    calls = [NIGHT + i * 2 * MINUTE for i in range(5)]
    assert allowed(calls, VOICE, NIGHT + 20 * MINUTE) == NIGHT + timedelta(hours=1)


def test_twenty_messages_fill_a_robots_minute() -> None:
    full = [NIGHT] * 20
    assert allowed(full[1:], GROUP_ROBOT, NIGHT) == NIGHT
    assert allowed(full, GROUP_ROBOT, NIGHT) == NIGHT + MINUTE


@given(st.lists(st.integers(0, 7200), max_size=60))
def test_sending_only_when_allowed_never_breaks_a_cap(wishes: list[int]) -> None:
    sent: list[datetime] = []
    for wish in sorted(wishes):
        sent.append(allowed(sent, VOICE, NIGHT + timedelta(seconds=wish)))
    for cap in VOICE:
        for moment in sent:
            assert sum(moment <= other < moment + cap.within for other in sent) <= cap.most
