"""What a dead gateway took is one matter, though its sensors lie in several catchments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.alerting.alerts import Change
from monitor.judging.memory import Knowledge, Outcome
from monitor.pipeline import Intake, decide, retire
from tests.habits.town import Town, message, town, with_gauges

NOON = datetime(2026, 7, 15, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NAMES = tuple(f"gauge-{n:02d}" for n in range(50))
TRUSTED = {"spike_suspect": None, "rate_suspect": None, "spike_fail": None}


def valley(*loose: str) -> Knowledge:
    """Fifty gauges of one gateway, every other one in another catchment; every fifth speaks but
    every quarter of an hour. `loose`: those that speak for themselves."""
    base = with_gauges(NAMES, {"interval": "1 min", "gateway": "mast", "quality": TRUSTED})
    sensors, sites = dict(base.sensors), dict(base.sites)
    for n, name in enumerate(NAMES):
        gateway = None if name in loose else "mast"
        interval = 15 * MINUTE if n % 5 == 4 else MINUTE
        sensors[name] = sensors[name].model_copy(update={"gateway": gateway, "interval": interval})
        here = sites[sensors[name].site]
        sites[here.id] = here.model_copy(update={"catchment": ("east", "west")[n % 2]})
    directory = replace(base.directory, sites={**base.directory.sites, **sites}, sensors=sensors)
    return replace(base, sensors=sensors, sites=sites, directory=directory)


def passes(there: Town, since: datetime, minutes: int) -> list[Outcome]:
    """Looked at every ten seconds."""
    found = []
    for n in range(6 * minutes):
        now = since + n * MINUTE / 6
        outcome = decide(there.knowledge, there.memory, Intake((), (), 0), now, tick=True)
        there.memory.swap(outcome)
        there.outcomes.append(outcome)
        found.append(outcome)
    return found


def hears(there: Town, names: tuple[str, ...], since: datetime, minutes: int) -> datetime:
    """Each its own minute's value; when the last was said."""
    for n in range(minutes):
        now = since + n * MINUTE
        there.hear([message(now, 85.0, name) for name in names], now)
    return now


def test_fifty_silent_sensors_of_one_gateway_in_two_catchments_are_one_alert() -> None:
    there = town(NOON, valley())
    last = hears(there, NAMES, NOON, 20)
    passes(there, last, 120)
    (alert,) = there.memory.alerts.values()
    assert {sensor for _, sensor in alert.contributions} == set(NAMES)
    assert [(change, pages) for change, _, pages in there.changes] == [(Change.RAISED, True)]
    assert retire(there.knowledge, there.memory, {}, last).transitions == []
    passes_on = last + 120 * MINUTE
    hears(there, NAMES, passes_on, 1)
    passes(there, passes_on, 1)
    assert there.memory.alerts == {}
    assert [change for change, *_ in there.changes] == [Change.RAISED, Change.CLEARED]


def test_while_anything_comes_through_a_gateway_each_catchment_is_told_for_itself() -> None:
    there = town(NOON, valley())
    last = hears(there, NAMES, NOON, 20)
    for n in range(30):
        now = last + n * MINUTE
        there.hear([message(now, 85.0, NAMES[0])], now)
        passes(there, now, 1)
    assert {alert.site for alert in there.memory.alerts.values()} == {"area:east", "area:west"}


def test_who_answers_for_a_catchment_hears_of_it_though_another_is_told_of_already() -> None:
    three = (NAMES[0], NAMES[2], NAMES[6])
    rest = tuple(name for name in NAMES if name not in three)
    there = town(NOON, valley(*three))
    last = hears(there, NAMES, NOON, 20)
    for n in range(30):
        now = last + n * MINUTE
        there.hear([message(now, 85.0, name) for name in rest], now)
        passes(there, now, 1)
    assert {alert.site for alert in there.memory.alerts.values()} == {"area:east"}
    passes(there, now, 60)
    assert {
        alert.site: {sensor for _, sensor in alert.contributions}
        for alert in there.memory.alerts.values()
    } == {"area:east": set(three), "area:west": set(rest)}
    assert [pages for _, _, pages in there.changes] == [True, True]
