"""When the service says that it is not ready, and with which numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.notify.channel import Medium
from monitor.workers.supervise import Progress
from tests.stories.harness import example as shipped
from tests.stories.harness import story
from tests.web.conftest import Web, web_of

SAMPLE = re.compile(r'[a-z_0-9]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+')


async def reasons(web: Web) -> list[str]:
    said = await web.http.get("/readyz")
    found: list[str] = said.json()["reasons"]
    assert said.status_code == (503 if found else 200)
    return found


async def test_the_process_lives_whatever_else_does(web: Web) -> None:
    assert (await web.http.get("/healthz")).json() == {"status": "alive"}


async def test_without_a_broker_nothing_is_heard_and_it_is_said(web: Web) -> None:
    assert await reasons(web) == ["the broker is not connected"]
    assert "消息服务器没有连上" in (await web.http.get("/")).text


async def test_a_worker_without_progress_is_red(web: Web) -> None:
    clock, board = web.town.clock, web.house.board
    clock.seconds = 1000.0
    board.of("tick").step(clock)
    board.of("deliver sms").step(clock, 0)
    board.of("ingest").step(clock)
    board.of("schedule")
    assert len(await reasons(web)) == 1
    clock.seconds += 61
    assert [r for r in await reasons(web) if "progress" in r] == [
        "worker tick has made no progress for 61 s",
        "worker deliver sms has made no progress for 61 s",
        "worker ingest has made no progress for 61 s",
    ]


async def test_a_worker_that_stays_down_is_red(web: Web) -> None:
    web.house.board.workers["web"] = Progress(down=True, last_failure="OSError: taken")
    assert "worker web is down: OSError: taken" in await reasons(web)


async def test_a_dead_channel_is_named_with_since_when_and_why(web: Web) -> None:
    web.town.phones.silent |= {Medium.SMS}
    await web.town.reads(87.9)
    since = "channel sms is dead since 2026-07-15 02:00: 通道失败"
    assert since in await reasons(web)
    assert "通道 sms 自02:00起发不出去" in (await web.http.get("/")).text
    assert 'monitor_channel_alive{channel="sms"} 0' in (await web.http.get("/metrics")).text


async def test_that_all_are_dead_is_said_beside_each(web: Web) -> None:
    web.town.phones.silent |= {Medium.SMS, Medium.VOICE, Medium.WECHAT}
    await web.town.reads(87.9)
    assert "every channel is dead: dial by hand" in await reasons(web)


async def test_a_dead_phone_is_not_counted_against_the_channel(web: Web) -> None:
    web.town.phones.dead |= set(web.town.settings.knowledge.directory.people.persons)
    await web.town.reads(87.9)
    tried = await web.town.store.tried(web.town.clock.now() - timedelta(minutes=30))
    assert tried["sms"] == (0, 0)


async def test_metrics_are_what_prometheus_reads(flood: Web) -> None:
    await flood.town.hears("risk/yunxi/shiqiao-level/level", b"{")
    said = await flood.http.get("/metrics")
    assert said.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in said.text.splitlines():
        assert line.startswith(("# HELP ", "# TYPE ")) or SAMPLE.fullmatch(line), line
    assert "monitor_quarantined_24h 1" in said.text
    assert 'monitor_alerts_open{status="ACTUAL",severity="red"} 1' in said.text
    accepted = re.search(r'monitor_outbox\{state="accepted"\} (\d+)', said.text)
    assert accepted is not None and int(accepted[1]) > 10


async def only_printing(folder: Path, *, example: bool) -> tuple[int, dict[str, object], str]:
    """What `/readyz` and the desk say where every message is only printed."""
    settings = replace(shipped(), example=example)
    async with story(folder, settings=settings, wired=True) as town, web_of(town) as web:
        web.house.subscriber = Connected()  # type: ignore[assignment]  # all else is in order
        said = await web.http.get("/readyz")
        return said.status_code, said.json(), (await web.http.get("/")).text


class Connected:
    """A session with the broker, and nothing in its line."""

    connected, oldest = True, None


async def test_an_example_that_only_prints_is_a_trial_and_never_ready(tmp_path: Path) -> None:
    status, said, desk = await only_printing(tmp_path, example=True)
    assert (status, said["status"], said["reasons"]) == (200, "trial", [])
    assert said["notes"] == ["no channel ends at a phone: what would be sent is only printed"]
    assert "谁的手机都不会响" in desk and "系统不完整" not in desk


async def test_a_township_that_only_prints_is_red_and_dials_by_hand(tmp_path: Path) -> None:
    status, said, desk = await only_printing(tmp_path, example=False)
    assert (status, said["reasons"]) == (503, ["no channel reaches a person"])
    assert "没有能叫到人的通道" in desk and 'href="/hand-dial"' in desk


async def test_where_phones_ring_it_says_ready_and_no_word_of_a_trial(web: Web) -> None:
    web.house.subscriber = Connected()  # type: ignore[assignment]  # all else is in order
    said = (await web.http.get("/readyz")).json()
    assert (said["status"], said["notes"]) == ("ready", [])
    assert "谁的手机都不会响" not in (await web.http.get("/")).text
