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


def behind(gateway: str | None, *silent: bool) -> tuple[Finding, ...]:
    """One sensor behind the gateway for each; True: it has said nothing for two hours."""
    sensors = {
        f"g{n}": GAUGE.model_copy(update={"id": f"g{n}", "gateway": gateway})
        for n in range(len(silent))
    }
    hours = timedelta(hours=2)
    heard = {f"g{n}": NOW - hours * is_silent for n, is_silent in enumerate(silent)}
    return CHECK.find(facts(sensors=sensors, last_heard=heard), Parameters(), NOW)


def test_fifty_silent_sensors_of_one_gateway_are_one_finding_that_counts_them() -> None:
    (finding,) = behind("dtu-7", *([True] * 50))
    assert finding.key == ("sensor_silent", "gateway:dtu-7", "")
    assert finding.text == ("网关dtu-7失联，所带50个传感器都无数据，末次05-13 08:00，请先检修网关")


def test_one_silent_sensor_of_a_gateway_that_speaks_is_told_by_itself() -> None:
    (finding,) = behind("dtu-7", True, False, False)
    assert finding.key == ("sensor_silent", "g0", "")


def test_silent_sensors_without_a_gateway_are_told_each() -> None:
    assert len(behind(None, True, True, True)) == 3
