"""手拨名单: the page, what is entered there, the API, the command."""

from __future__ import annotations

import re

import pytest

from monitor.cli import dialling
from monitor.notify.channel import Medium
from tests.web.conftest import BEARER, Web, the_alert
from tests.web.test_pages import signed_in

HEAD = "13800000025"


@pytest.fixture
async def dead(web: Web) -> Web:
    """Red, and no channel is left."""
    web.town.phones.silent = {Medium.SMS, Medium.VOICE, Medium.WECHAT}
    await web.town.reads(87.9)
    return web


async def test_the_red_bar_leads_to_the_list(dead: Web) -> None:
    text = (await dead.http.get("/")).text
    bar = next(p for p in re.findall(r"<p .*?</p>", text) if "对外通道全部中断" in p)
    assert 'href="/hand-dial"' in bar
    listed = (await dead.http.get("/hand-dial")).text
    assert listed.index("石桥村村级责任人") < listed.index("镇防指指挥长") < listed.index("派出所")
    assert "红级叫应：石桥站，02:00水位87.90米" in listed
    assert "<script" not in listed


async def test_numbers_are_whole_for_an_officer_alone(dead: Web) -> None:
    assert HEAD not in (await dead.http.get("/hand-dial")).text
    assert (await dead.http.get("/api/v1/hand-dial")).status_code == 401
    await signed_in(dead)
    assert HEAD in (await dead.http.get("/hand-dial")).text
    assert HEAD in (await dead.http.get("/api/v1/hand-dial", headers=BEARER)).text


async def test_one_press_enters_the_answer_and_takes_the_line_off(dead: Web) -> None:
    await signed_in(dead)
    text = (await dead.http.get("/hand-dial")).text
    line = next(row for row in text.split("<tr ") if HEAD in row)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', line))
    assert fields["alerts"] == await the_alert(dead)
    back = await dead.http.post("/hand-dial", data=fields)
    assert (back.status_code, back.headers["location"]) == (303, "/hand-dial")
    assert HEAD not in (await dead.http.get("/hand-dial")).text
    (answer,) = await dead.town.store.answers(await the_alert(dead))
    assert (answer.person, answer.via, answer.by) == ("head-shiqiao", "phone", "desk-1")


async def test_a_form_of_another_page_enters_nothing(dead: Web) -> None:
    fields = {"person": "mayor", "alerts": await the_alert(dead)}
    assert (await dead.http.post("/hand-dial", data=fields)).status_code == 401
    await signed_in(dead)
    assert (await dead.http.post("/hand-dial", data=fields)).status_code == 403
    assert await dead.town.store.answers(await the_alert(dead)) == []


async def test_the_page_speaks_english_and_a_calm_night_has_nobody_on_it(web: Web) -> None:
    assert "没有要人工拨打的人" in (await web.http.get("/hand-dial")).text
    assert "Nobody has to be dialled" in (await web.http.get("/hand-dial?lang=en")).text


async def test_the_command_prints_the_same_list(dead: Web) -> None:
    found = (await dead.http.get("/api/v1/hand-dial", headers=BEARER)).json()
    head, first, told, box, *_ = dialling.lines(found)
    assert head == "手拨名单 2026-07-15 02:00 对外通道全部中断，共18人"
    assert first == f"  1. 石桥村村级责任人（示例）  {HEAD}"
    assert told.strip().startswith("红 石桥村村级责任人：红级叫应：石桥站")
    assert "[ ] 应答" in box
