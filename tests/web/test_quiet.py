"""Quiet by order and out of service, at the desk and by the API."""

from __future__ import annotations

import re

from tests.web.conftest import BEARER, OTHER_TOKEN, Web, the_alert
from tests.web.test_pages import send, signed_in

API = "/api/v1"
OTHER = {"Authorization": f"Bearer {OTHER_TOKEN}"}
SILENCE = {"place": "shiqiao", "hours": 2, "because": "清淤施工", "owner": "area-west"}
OUT = {"sensor": "shiqiao-level", "substitute": "人工观测", "repair_by": "2026-07-20"}


async def test_nothing_is_quiet_without_a_token(web: Web) -> None:
    for path, body in (("/silences", SILENCE), ("/outages", OUT)):
        assert (await web.http.post(API + path, json=body)).status_code == 401


async def test_the_board_says_what_is_quiet_by_whom_until_when(web: Web) -> None:
    await web.http.post(f"{API}/silences", json=SILENCE, headers=BEARER)
    await web.town.reads(87.3)
    text = (await web.http.get("/")).text
    name = web.town.settings.knowledge.directory.people.persons["area-west"].name
    assert "暂停提醒" in text and name in text and "04:00" in text and "清淤施工" in text
    assert "其间未叫应" in text and "02:00 橙级" in text
    (shown,) = (await web.http.get(f"{API}/alerts")).json()
    assert shown["hush"]["untold"] == ["02:00 橙级"]


async def test_the_record_says_who_was_not_told_because_of_it(web: Web) -> None:
    await web.http.post(f"{API}/silences", json=SILENCE, headers=BEARER)
    await web.town.reads(87.3)
    alert = await the_alert(web)
    why = await web.http.get(f"{API}/alerts/{alert}/explain", params={"person": "mayor"})
    (part,) = why.json()["people"]
    assert part["calls"] == []
    assert any("area-west" in one["why"] and "清淤施工" in one["why"] for one in part["why_not"])


async def test_more_than_a_day_needs_another_persons_token(web: Web) -> None:
    asked = {**SILENCE, "hours": 48}
    await web.http.post(f"{API}/silences", json=asked, headers=BEARER)
    (silence,) = (await web.http.get(f"{API}/silences")).json()
    assert silence["awaits_second"]
    path = f"{API}/silences/{silence['short_id']}/agree"
    assert (await web.http.post(path, json={}, headers=BEARER)).status_code == 409
    assert (await web.http.post(path, json={}, headers=OTHER)).status_code == 200
    (silence,) = (await web.http.get(f"{API}/silences")).json()
    assert not silence["awaits_second"] and silence["until"] == silence["asked_until"]


async def test_a_silence_without_an_end_or_a_reason_is_refused(web: Web) -> None:
    for wrong in ({"hours": 0}, {"because": ""}, {"hours": 10_000}, {"by": "desk-2"}):
        said = await web.http.post(f"{API}/silences", json={**SILENCE, **wrong}, headers=BEARER)
        assert said.status_code in (403, 422), said.text
    for wrong in ({"place": "nowhere"}, {"owner": "nobody"}, {"hazard": "fire"}):
        said = await web.http.post(f"{API}/silences", json={**SILENCE, **wrong}, headers=BEARER)
        assert said.status_code == 404, said.text


async def test_the_officer_orders_and_ends_both_without_a_script(web: Web) -> None:
    await signed_in(web)
    silence = {name: str(value) for name, value in SILENCE.items()}
    assert "暂停提醒至" in await send(web, "/quiet", "/silences", silence)
    out = {**OUT, "owner": "area-west"}
    assert "已停用" in await send(web, "/quiet", "/outages", out)
    text = (await web.http.get("/")).text
    assert "石桥站 无仪器" in text and "2026-07-20" in text
    assert re.search(r"<b>石桥站</b><span[^>]*>[^<]*(<b[^>]*>)?无仪器", text)
    assert not re.search(r"<b>龙潭水库</b><span[^>]*>[^<]*(<b[^>]*>)?无仪器", text)
    (silenced,) = (await web.http.get(f"{API}/silences")).json()
    await send(web, "/quiet", f"/silences/{silenced['short_id']}/end", {})
    await send(web, "/quiet", "/outages/shiqiao-level/back", {})
    assert "没有暂停提醒" in (await web.http.get("/quiet")).text


async def test_taking_out_twice_and_a_date_that_is_past_are_refused(web: Web) -> None:
    for body, status in ((OUT, 200), (OUT, 409), ({**OUT, "repair_by": "2020-01-01"}, 409)):
        said = await web.http.post(f"{API}/outages", json=body, headers=BEARER)
        assert said.status_code == status, said.text
    assert (await web.http.get(f"{API}/outages")).json()[0]["no_gauge"]
