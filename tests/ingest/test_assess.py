"""Units, repeats, late and disordered readings, and a device's own remarks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import Unreadable
from monitor.ingest.assess import assess, noted
from monitor.ingest.defaults import DEFAULT_QUALITY
from monitor.ingest.observation import QualityFlag
from monitor.ingest.standard import Standard
from monitor.ingest.track import KEPT_AT_MOST, rebuilt
from monitor.reference.units import QUANTITIES, factor, units_for
from tests.ingest.series import GAUGE, NOON, SCOPE, TESTS, every, followed, judged, said

LEVEL = Standard(DEFAULT_QUALITY["level"], TESTS)
MINUTE = timedelta(minutes=1)


def test_a_distance_in_centimetres_becomes_a_level() -> None:
    sensor = GAUGE.model_copy(update={"unit": "cm", "scale": -1.0, "offset": 95.5})
    seen = judged(said(350.0), sensor=sensor).observation
    assert (seen.value, seen.raw_value, seen.raw_unit) == (92.0, 350.0, "cm")


def test_the_unit_in_the_message_goes_before_the_one_entered() -> None:
    assert judged(said(10.0, unit="ft")).observation.value == pytest.approx(3.048, abs=1e-9)


@given(st.sampled_from(sorted(QUANTITIES)), st.data())
def test_every_unit_of_a_quantity_converts_by_its_factor(name: str, data: st.DataObject) -> None:
    quantity = QUANTITIES[name]
    unit = data.draw(st.sampled_from(units_for(quantity)))
    value = data.draw(st.floats(0, 1, allow_nan=False))
    sensor = GAUGE.model_copy(update={"quantity": name, "unit": unit})
    seen = judged(said(value, quantity=name), sensor=sensor).observation
    assert seen.value == value * factor(unit, quantity)


def test_a_unit_that_does_not_fit_is_refused() -> None:
    with pytest.raises(Unreadable, match="wrong unit"):
        judged(said(1.0, unit="°C"))


def test_another_quantity_than_the_sensors_is_refused() -> None:
    with pytest.raises(Unreadable, match="wrong quantity"):
        judged(said(1.0, quantity="rain"))


def test_a_value_that_overflows_in_conversion_is_refused() -> None:
    sensor = GAUGE.model_copy(update={"scale": 10.0})
    with pytest.raises(Unreadable, match="NaN or infinite"):
        judged(said(1.7e308), sensor=sensor)


def test_no_value_is_missing_and_moves_nothing() -> None:
    _, track = judged(said(3.0))
    seen, after = judged(said(None, NOON + MINUTE), track)
    assert (seen.value, seen.flag, seen.judges) == (None, QualityFlag.MISSING, False)
    assert after.last_good is track.last_good


def test_a_repeat_is_nothing_and_another_value_a_conflict() -> None:
    _, track = judged(said(3.0, key="b:1"))
    assert assess(said(3.0, NOON + MINUTE, key="b:1"), GAUGE, track, LEVEL) is None
    with pytest.raises(Unreadable, match="conflict"):
        judged(said(3.1, key="b:1"), track)


def test_what_the_store_has_seen_is_a_repeat_too() -> None:
    seen = {(SCOPE, "gauge", "b:1"): 3.0}
    assert assess(said(3.0, key="b:1"), GAUGE, None, LEVEL, seen) is None
    with pytest.raises(Unreadable, match="conflict"):
        assess(said(3.1, key="b:1"), GAUGE, None, LEVEL, seen)


def test_a_retained_message_is_kept_and_judges_nothing() -> None:
    seen, track = judged(said(9.0, retained=True))
    assert not seen.judges and track.last is None and track.history == ()


@pytest.mark.parametrize(
    ("remark", "flag", "reasons"),
    [
        ("good", QualityFlag.GOOD, ()),
        ("Suspect", QualityFlag.SUSPECT, ("device remark",)),
        ("bad", QualityFlag.FAIL, ("device remark",)),
        ("lunch", QualityFlag.UNKNOWN, ("device remark",)),
    ],
)
def test_the_device_may_doubt_itself(
    remark: str, flag: QualityFlag, reasons: tuple[str, ...]
) -> None:
    _, track = judged(said(3.0))
    seen = judged(said(3.0, NOON + MINUTE, device_quality=remark), track).observation
    assert (seen.flag, seen.reasons) == (flag, reasons)


def test_late_is_older_than_three_intervals_and_ten_minutes() -> None:
    for minutes, late in ((15, False), (15.1, True)):
        came = NOON + timedelta(minutes=minutes)
        assert judged(said(3.0, NOON, received=came)).observation.late is late
    fast = GAUGE.model_copy(update={"interval": timedelta(seconds=10)})
    for minutes, late in ((10, False), (10.1, True)):
        came = NOON + timedelta(minutes=minutes)
        assert judged(said(3.0, NOON, received=came), sensor=fast).observation.late is late


def test_a_reading_from_before_the_newest_is_held_against_its_own_neighbour() -> None:
    track = None
    for at, value in every(5, 1.0, 1.1, 9.0):
        _, track = judged(said(value, at), track)
    assert track and track.last_suspect and track.last_suspect.value == 9.0
    came = NOON + timedelta(minutes=11)
    seen, after = judged(said(1.2, NOON + timedelta(minutes=6), received=came), track)
    assert seen.flag is QualityFlag.GOOD
    assert after.last is track.last and after.last_suspect is track.last_suspect
    assert [kept.value for kept in after.history] == [1.0, 1.1, 1.2, 9.0]
    spike, _ = judged(said(7.0, NOON + timedelta(minutes=7), received=came), after)
    assert spike.flag is QualityFlag.SUSPECT


def test_a_track_stays_small_and_keeps_the_newest() -> None:
    track = None
    for at, value in every(0.01, *[1.0] * 100):
        _, track = judged(said(value, at), track)
    assert track and len(track.history) == KEPT_AT_MOST
    assert track.history[-1] is track.last


@given(st.lists(st.none() | st.sampled_from([1.0, 1.01, 1.4, 6.0, 6.1, 40.0, 9999.0]), max_size=30))
def test_a_track_rebuilt_from_what_was_stored_is_the_same(values: list[float | None]) -> None:
    track = None
    stored = []
    for at, value in every(5, *values):
        seen, track = judged(said(value, at), track)
        stored.append(seen)
    if track:
        assert rebuilt(stored, GAUGE.interval, LEVEL) == track


def test_a_value_read_by_a_person_is_good_and_settles_a_doubt() -> None:
    stored, track = judged(said(1.0))
    suspect, track = judged(said(6.0, NOON + 5 * MINUTE), track)
    assert suspect.flag is QualityFlag.SUSPECT
    read, track = noted(SCOPE, GAUGE, track, 5.9, NOON + 7 * MINUTE, "read by desk-1")
    assert (read.flag, read.key, read.reasons) == (
        QualityFlag.GOOD,
        "hand:1751371620000000",
        ("read by desk-1",),
    )
    assert track.last_suspect is None
    assert rebuilt([stored, suspect, read], GAUGE.interval, LEVEL) == track
    assert judged(said(6.1, NOON + 10 * MINUTE), track).observation.flag is QualityFlag.GOOD


def test_the_first_reading_has_no_predecessor_and_may_be_the_flood() -> None:
    assert followed(every(5, 8.0))[0].judges
