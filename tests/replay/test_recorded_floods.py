"""Recorded floods through the embedded broker and the running service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest

from monitor.alerting.severity import Severity
from monitor.app import Service
from monitor.ingest.observation import QualityFlag
from monitor.scope import Scope, Status
from tests.replay.record import RED, Said, record, township
from tests.replay.service import Heard, served

ACTUAL = Scope("yunxi", Status.ACTUAL, "")
WAVES, DAY = "flood_waves_2025.csv", "network_day_2025-09-14.csv.gz"


def each_alone(at: datetime) -> object:
    return at


def by_the_hour(at: datetime) -> object:
    return at.replace(minute=0)


def all_at_once(at: datetime) -> object:
    """As after a day without a network."""
    return None


def readings(shared: Path, name: str) -> list[Said]:
    return record(shared / "stage/jp_mlit" / name)


async def all_is_kept(service: Service, heard: Heard, count: int) -> None:
    """Published = stored, nothing was refused, and the journal is whole."""
    assert (heard.quarantined, heard.defects) == (0, 0)
    assert await service.store.tally(ACTUAL) == {"observations": count, "quarantine": 0}
    assert await service.store.verify(ACTUAL) is None


async def every_alert_called(service: Service) -> int:
    """How many alerts there were; each has its promises, kept with it."""
    alerts = await service.store.alerts(ACTUAL, limit=1000)
    for alert in alerts:
        assert await service.store.calls(alert.id), alert
        asked = await service.store.escalations_of(alert.id)
        assert asked or alert.worst is Severity.BLUE, alert
    return len(alerts)


def misread(said: list[Said], heard: Heard) -> list[Said]:
    """The readings whose reached severity is not the authority's own."""
    return [one for one in said if heard.judgements[one.sensor, one.at].reached is not one.official]


async def test_the_waves_reach_what_the_authority_said_and_no_red_is_told_late(
    shared: Path, tmp_path: Path
) -> None:
    said = readings(shared, WAVES)
    settings = township(tmp_path / "config", said, linger="1 ms")
    async with served(settings, said, each_alone) as (service, heard):
        assert len(said) == len(heard.judgements) == 451
        assert misread(said, heard) == []
        await all_is_kept(service, heard, 451)
        assert await every_alert_called(service) >= 17
    waves = 0
    for _, wave in groupby(sorted(said, key=lambda one: one.event), key=lambda one: one.event):
        rows = list(wave)
        reds = [one for one in rows if one.official is RED]
        told = [one for one in rows if heard.paged.get((one.sensor, one.at)) is RED]
        assert told[0] is reds[0], told[0].event
        assert all(heard.judgements[one.sensor, one.at].severity is RED for one in reds)
        waves += 1
    assert waves == 17


@pytest.mark.parametrize("together", [by_the_hour, all_at_once])
async def test_a_day_of_526_gauges_reaches_what_the_authority_said(
    shared: Path, tmp_path: Path, together: Callable[[datetime], object]
) -> None:
    said = readings(shared, DAY)
    settings = township(tmp_path / "config", said, linger="1 ms")
    async with served(settings, said, together) as (service, heard):
        assert len(said) == len(heard.judgements) == 4812
        assert len({one.code for one in said}) == 526
        assert misread(said, heard) == []
        await all_is_kept(service, heard, 4812)
        if together is by_the_hour:  # what comes all at once lies in the past for the most part
            assert await every_alert_called(service) >= 500
    last = [one for one in said if one.code == "0300000228"][-1]
    assert heard.observations[last.sensor, last.at].flag is QualityFlag.SUSPECT
