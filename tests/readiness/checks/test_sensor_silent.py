from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.readiness.checks.sensor_silent import CHECK, Parameters
from monitor.readiness.finding import Finding
from tests.readiness.township import GAUGE, NOW, facts


def found(silence: timedelta | None, **changes: Any) -> tuple[Finding, ...]:
    sensor = GAUGE.model_copy(update=changes)
    heard = {"gauge": NOW - silence} if silence else {}
    return CHECK.find(facts(sensors={"gauge": sensor}, last_heard=heard), Parameters(), NOW)


@pytest.mark.parametrize(("seconds", "count"), [(900, 0), (901, 1)])
def test_three_intervals_without_a_word_are_silence(seconds: int, count: int) -> None:
    assert len(found(timedelta(seconds=seconds))) == count


def test_a_quick_sensor_is_given_ten_minutes() -> None:
    quick = {"interval": timedelta(minutes=1)}
    assert found(timedelta(minutes=10), **quick) == ()
    assert len(found(timedelta(minutes=11), **quick)) == 1


def test_it_goes_to_the_devices_owner_with_the_last_time() -> None:
    (finding,) = found(timedelta(hours=2), owner="planner")
    assert finding.key == ("sensor_silent", "gauge", "")
    assert finding.owner == "planner"
    assert finding.text == "石桥水位计失联，末次05-13 08:00，请检修"


def test_a_sensor_never_heard_says_so() -> None:
    assert found(None)[0].text == "石桥水位计失联，从未收到数据，请检修"


@pytest.mark.parametrize("changes", [{"reports": "above"}, {"quantity": "detection"}])
def test_who_speaks_only_on_occasion_is_not_silent(changes: dict[str, str]) -> None:
    assert found(None, **changes) == ()


def test_nobody_is_silent_before_we_have_listened_for_a_while() -> None:
    known = facts(last_heard={}, listening_since=NOW - timedelta(minutes=15))
    assert CHECK.find(known, Parameters(), NOW) == ()
