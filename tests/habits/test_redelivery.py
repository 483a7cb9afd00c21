"""Retained messages are history, and a reconnect brings the same messages once more."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting.alerts import Change
from monitor.ingest.message import Message
from tests.habits.town import Town, message, town, with_gauges

NOON = datetime(2026, 7, 15, 4, tzinfo=UTC)
STEP = timedelta(minutes=5)
WAVE = [(NOON + n * STEP, v) for n, v in enumerate((85.0, 86.6, 87.3, 87.9, 87.3, 86.0, 85.0))]


@pytest.fixture
def there() -> Town:
    return town(NOON, with_gauges())


def test_a_retained_message_raises_nothing_and_clears_nothing(there: Town) -> None:
    there.hear([message(NOON, 87.9, retained=True)], NOON)
    assert there.changes == [] and there.pages == 0
    there.live([(NOON + STEP, 87.9)])
    stands = dict(there.memory.alerts)
    there.hear([message(NOON + 2 * STEP, 85.0, retained=True)], NOON + 2 * STEP)
    assert there.memory.alerts == stands != {}


def test_a_retained_copy_does_not_swallow_the_live_message_it_is_a_copy_of(there: Town) -> None:
    there.hear([message(NOON, 87.9, retained=True)], NOON)
    there.hear([message(NOON, 87.9)], NOON)
    assert [change for change, *_ in there.changes] == [Change.RAISED]


@pytest.mark.parametrize("after", [timedelta(seconds=2), timedelta(minutes=14), timedelta(days=2)])
def test_a_reconnect_re_fires_nothing(there: Town, after: timedelta) -> None:
    """MQTT gives the same bytes again, with DUP and another packet id; neither is any sign of
    what they say, so that the decision sees only a later reception."""
    there.live(WAVE)
    changes, pages, tracks = there.changes, there.pages, dict(there.memory.tracks)
    assert changes[0][0] is Change.RAISED and changes[-1][0] is Change.CLEARED
    again = WAVE[-1][0] + after
    outcome = there.hear([message(at, v, came=again) for at, v in WAVE], again)
    assert (outcome.is_empty, outcome.ignored) == (True, len(WAVE))
    assert (there.changes, there.pages, there.memory.tracks) == (changes, pages, tracks)


def test_a_reconnect_in_the_middle_of_a_flood_re_fires_nothing(there: Town) -> None:
    for n, (at, value) in enumerate(WAVE):
        batch = [message(then, v, came=at) for then, v in WAVE[: n + 1]]
        there.hear([*batch, message(at, value), *reversed(batch)], at)
    once = town(NOON, with_gauges())
    once.live(WAVE)
    assert there.changes == once.changes
    assert [len(o.notifications) for o in there.outcomes] == [
        len(o.notifications) for o in once.outcomes
    ]


def test_a_reading_known_by_boot_and_sequence_is_the_same_under_any_time(there: Town) -> None:
    """A device without a clock: only its sequence says that it said so before."""
    there.live(WAVE[:3])
    first = message(WAVE[3][0], 87.9, boot="a1", seq=7)
    there.hear([first], first.received_at)
    pages = there.pages
    again = there.hear([first._replace(received_at=NOON + 5 * STEP)], NOON + 5 * STEP)
    assert again.is_empty and there.pages == pages


def test_a_redelivered_message_without_time_and_number_is_the_reading_that_it_repeats(
    there: Town,
) -> None:
    """Nothing but MQTT's DUP says that it came before; another value is another reading."""

    def timeless(value: float, minute: int, *, again: bool) -> Message:
        body = json.dumps({"value": value}).encode()
        at = NOON + minute * timedelta(minutes=1)
        return Message("risk/yunxi/shiqiao-level/level", body, at, False, again)

    there.hear([timeless(85.0, 0, again=False)], NOON)
    once = there.hear([timeless(85.0, 1, again=True)], NOON + STEP)
    assert (once.is_empty, once.ignored) == (True, 1)
    assert there.hear([timeless(85.1, 2, again=True)], NOON + STEP).observations
    assert there.hear([timeless(85.1, 3, again=False)], NOON + STEP).observations
