"""One word for what is known: unknown is not clear."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.alerting.condition import of_sensor, of_site
from monitor.alerting.contribution import Contribution
from monitor.alerting.severity import Condition, Severity
from monitor.ingest.observation import QualityFlag
from monitor.ingest.track import Track
from monitor.reference.places import Sensor
from tests.alerting.world import T0, minutes, seen

OK, OVER, SUSPECT, SILENT, RISING = Condition
GAUGE = Sensor(id="gauge", site="shiqiao", quantity="level", unit="m")


def track(value: float | None, flag: QualityFlag, good_before: float = 0.0) -> Track:
    """The newest word at T0, and a good one so many minutes before it."""
    last = seen(value, T0, flag=flag)
    good = last if last.judges else seen(1.0, T0 - minutes(good_before))
    return Track(last, good)


def test_a_gauge_never_heard_of_is_silent_and_not_ok() -> None:
    assert of_sensor(GAUGE, None, T0) is SILENT


def test_a_gauge_is_silent_after_three_intervals() -> None:
    spoke = track(1.0, QualityFlag.GOOD)
    assert of_sensor(GAUGE, spoke, T0 + minutes(14.9)) is OK
    assert of_sensor(GAUGE, spoke, T0 + minutes(15)) is SILENT


@pytest.mark.parametrize(
    ("value", "flag", "good_before", "word"),
    [
        (9.0, QualityFlag.SUSPECT, 5, SUSPECT),
        (9.0, QualityFlag.FAIL, 5, OK),  # one bad word beside a good one
        (9.0, QualityFlag.FAIL, 15, SUSPECT),
        (None, QualityFlag.MISSING, 5, OK),
        (None, QualityFlag.MISSING, 15, SILENT),
    ],
)
def test_what_is_not_good_is_not_ok(
    value: float | None, flag: QualityFlag, good_before: float, word: Condition
) -> None:
    assert of_sensor(GAUGE, track(value, flag, good_before), T0) is word


def test_a_gauge_that_speaks_only_above_a_level_is_not_silent_below_it() -> None:
    above = GAUGE.model_copy(update={"reports": "above", "reports_above": 2.0})
    assert of_sensor(above, None, T0) is OK
    assert of_sensor(above, track(2.1, QualityFlag.GOOD), T0 + timedelta(days=9)) is OK


def holds(severity: Severity, condition: Condition) -> Contribution:
    return Contribution("r", "gauge", severity, T0, condition, 3.0, T0, "警戒水位", 3.0, None)


def test_silence_while_rising_goes_before_all_else() -> None:
    standing = [holds(Severity.RED, OVER), holds(Severity.YELLOW, RISING)]
    assert of_site(standing, [OK]) is RISING


def test_what_stands_goes_before_what_a_gauge_lacks() -> None:
    assert of_site([holds(Severity.BLUE, OVER)], [SILENT, SUSPECT]) is OVER
    assert of_site([holds(Severity.YELLOW, SUSPECT), holds(Severity.BLUE, OVER)], [OK]) is SUSPECT


def test_a_site_is_ok_only_while_all_that_is_measured_there_is_believed() -> None:
    assert of_site([], [OK, OK]) is OK
    assert of_site([], [OK, SILENT]) is SILENT
    assert of_site([], [SILENT, SUSPECT]) is SUSPECT
    assert of_site([], []) is None
