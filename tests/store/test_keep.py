"""What one batch means is kept whole, once, and reads back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.alerting.severity import Severity
from monitor.ingest.observation import QualityFlag
from monitor.ingest.reading import Detection, Phase
from monitor.judging.memory import AlertKey, Outcome
from monitor.store.store import Store
from tests.store.scenes import ACTUAL, DRILL, alert, at, flood, observed


async def test_every_noun_reads_back_as_it_was_kept(store: Store) -> None:
    outcome = flood()
    async with store.writing() as tx:
        await tx.keep(outcome)
    red = outcome.alerts[AlertKey(ACTUAL, "bridge", "flood")]

    assert await store.observations(ACTUAL, "gauge", at(0), at(1)) == outcome.observations
    assert await store.quarantined(ACTUAL, 10) == outcome.quarantined
    assert await store.alerts(ACTUAL, active=True) == [red]
    assert await store.escalations_of(red.id) == outcome.escalations
    assert [call.notification for call in await store.calls(red.id)] == outcome.notifications


async def test_an_observation_keeps_its_detection_and_its_doubts(store: Store) -> None:
    seen = Detection("e1", Phase.NEW, "person", ("deck", "north"), "ford")
    odd = observed(
        device_time=None, value=None, flag=QualityFlag.FAIL, reasons=("spike", "clock ahead")
    )._replace(late=True, retained=True, detail=seen)
    async with store.writing() as tx:
        await tx.keep(Outcome(observations=[odd]))
    assert await store.observations(ACTUAL, "gauge", at(0), at(1)) == [odd]


async def test_the_same_outcome_kept_twice_changes_nothing(store: Store) -> None:
    outcome = flood()
    for _ in range(2):
        async with store.writing() as tx:
            await tx.keep(outcome)
    assert await store.tally(ACTUAL) == {"observations": 1, "quarantine": 1}
    assert len(await store.calls(outcome.notifications[0].subject)) == 1
    assert len(await store.journal(ACTUAL)) == 1
    assert await store.verify(ACTUAL) is None


async def test_what_a_drill_says_stays_apart_from_what_is_real(store: Store) -> None:
    async with store.writing() as tx:
        await tx.keep(flood(DRILL))
    assert await store.tally(ACTUAL) == {"observations": 0, "quarantine": 0}
    assert await store.alerts(ACTUAL) == []
    assert len(await store.alerts(DRILL)) == 1
    assert await store.journal(ACTUAL) == []


async def test_an_error_inside_the_block_keeps_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        async with store.writing() as tx:
            await tx.keep(flood())
            raise ZeroDivisionError
    assert await store.tally(ACTUAL) == {"observations": 0, "quarantine": 0}
    assert await store.journal(ACTUAL) == []


async def test_an_alert_is_brought_up_to_date_and_leaves_the_active_ones(store: Store) -> None:
    red = alert()
    eased = replace(red, severity=Severity.YELLOW, cleared_at=at(30), updated_at=at(30))
    place = AlertKey(ACTUAL, "bridge", "flood")
    for now in (red, eased):
        async with store.writing() as tx:
            await tx.keep(Outcome(alerts={place: now}))
    assert await store.alerts(ACTUAL, active=True) == []
    assert await store.alerts(ACTUAL, active=False) == [eased]


async def test_a_key_seen_before_tells_its_raw_value(store: Store) -> None:
    kept = [observed(n, raw_value=float(n)) for n in range(3)]
    async with store.writing() as tx:
        await tx.keep(Outcome(observations=kept))
    asked = [(ACTUAL, "gauge", f"1:{n}") for n in range(1, 600)]
    assert await store.seen(asked) == {
        (ACTUAL, "gauge", "1:1"): 1.0,
        (ACTUAL, "gauge", "1:2"): 2.0,
    }


async def test_a_time_without_a_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 7, 1) + timedelta(hours=1)  # noqa: DTZ001 - that is the point
    place = AlertKey(ACTUAL, "bridge", "flood")
    with pytest.raises(Exception, match="without a zone"):
        async with store.writing() as tx:
            await tx.keep(Outcome(alerts={place: replace(alert(), opened_at=naive)}))
