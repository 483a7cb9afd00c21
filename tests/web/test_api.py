"""What programs ask and are told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from monitor.store.store import Store
from tests.web.conftest import BEARER, Web, the_alert


async def test_an_alert_tells_who_was_asked_and_who_answered(flood: Web) -> None:
    alert = await the_alert(flood)
    await flood.http.post(f"/api/v1/alerts/{alert}/ack", headers=BEARER, json={"person": "mayor"})
    await flood.town.settle()
    (listed,) = (await flood.http.get("/api/v1/alerts")).json()
    assert listed == (await flood.http.get(f"/api/v1/alerts/{alert}")).json()
    assert (listed["severity"], listed["site_name"], listed["over_m"]) == ("red", "石桥站", 1.4)
    states = {duty["duty"]: duty["state"] for duty in listed["duties"]}
    assert states["mayor"] == "已应答"
    assert states["head-shiqiao"] == "待应答"
    (mayor,) = next(duty for duty in listed["duties"] if duty["duty"] == "mayor")["people"]
    assert mayor["entered_by"] == "值班员甲（示例）"


async def test_silence_shows_as_climbed_and_at_last_as_the_hand_dial_list(flood: Web) -> None:
    await flood.town.waits(minutes=6)
    (alert,) = (await flood.http.get("/api/v1/alerts")).json()
    assert "叫应上提" in {duty["state"] for duty in alert["duties"]}
    await flood.town.waits(hours=1)
    (alert,) = (await flood.http.get("/api/v1/alerts")).json()
    assert {duty["state"] for duty in alert["duties"]} == {"已叫未应"}
    assert alert["duties"][0]["people"]
    assert "请人工拨打" in (await flood.http.get("/")).text


async def test_no_number_leaves_through_the_api(flood: Web) -> None:
    alert = await the_alert(flood)
    await flood.town.waits(minutes=20)
    for path in ("", f"/{alert}", f"/{alert}/calls"):
        said = (await flood.http.get(f"/api/v1/alerts{path}", headers=BEARER)).text
        assert "1380000" not in said
        assert "138****0025" in said


async def test_the_rows_of_the_record_are_those_of_the_sheet(flood: Web) -> None:
    rows = (await flood.http.get(f"/api/v1/alerts/{await the_alert(flood)}/calls")).json()
    assert rows[0]["预警来源"] == "石桥站监测"
    assert {row["叫应方式"] for row in rows} >= {"短信", "电话", "值班台"}


async def test_a_matter_is_stood_down_in_the_leaders_name_by_the_officer(flood: Web) -> None:
    alert = await the_alert(flood)
    path = f"/api/v1/alerts/{alert}/stand-down"
    said = await flood.http.post(path, headers=BEARER, json={"leader": "mayor", "reason": "已核"})
    assert said.status_code == 200 and "镇长" in said.json()["said"]
    ended = await flood.town.store.stood_down(alert)
    assert ended is not None and (ended.by, ended.reason) == ("mayor", "已核")
    written = [line.text for line in await flood.town.store.journal(flood.town.desk.actual)]
    assert any('"event":"act.entered"' in line for line in written)
    again = await flood.http.post(path, headers=BEARER, json={"leader": "mayor"})
    assert again.status_code == 409
    assert again.json()["detail"].startswith("这件叫应已经解除过了。 / ")


async def test_who_is_called_again_after_a_stand_down_is_not_shown_as_over(web: Web) -> None:
    await web.town.reads(87.4)
    alert = await the_alert(web)
    path = f"/api/v1/alerts/{alert}"
    await web.http.post(f"{path}/stand-down", headers=BEARER, json={"leader": "mayor"})
    assert (await web.http.get(path)).json()["stood_down_by"]
    await web.town.keeps_reading(87.4, minutes=6)
    await web.town.waits(minutes=5)
    await web.town.reads(87.9)
    await web.town.keeps_reading(87.9, minutes=2)
    web.town.told()
    assert not (await web.http.get(path)).json()["stood_down_by"]


async def test_the_chain_starts_by_hand(web: Web) -> None:
    body = {"level": "orange", "place": "hexi", "because": "上游水库泄洪", "source": "县防办"}
    said = await web.http.post("/api/v1/calls", headers=BEARER, json=body)
    assert said.status_code == 200, said.text
    await web.town.settle()
    assert web.town.rang("head-hexi", "sms")
    (first, *_) = (await web.http.get("/api/v1/alerts")).json()
    assert (first["severity"], first["origin"]) == ("orange", "县防办")


async def test_a_call_that_would_reach_nobody_is_refused(web: Web) -> None:
    body = {"level": "red", "place": "hexi", "because": "x", "source": "县", "hazard": "dragon"}
    said = await web.http.post("/api/v1/calls", headers=BEARER, json=body)
    assert said.status_code == 404
    assert "dragon" in said.json()["detail"]
    assert await web.town.store.open_matters() == []


async def test_a_staff_gauge_is_judged_like_a_reading(web: Web) -> None:
    body = {"site": "shiqiao", "value": 87.9}
    said = await web.http.post("/api/v1/readings", headers=BEARER, json=body)
    assert said.status_code == 200
    (alert,) = (await web.http.get("/api/v1/alerts")).json()
    assert alert["severity"] == "red"


async def test_a_bridge_is_closed_and_opened(web: Web) -> None:
    for closed in (True, False):
        path = "/api/v1/sites/manshui/closed"
        said = await web.http.post(path, headers=BEARER, json={"closed": closed})
        assert said.status_code == 200
        marked = {site for _, site in web.town.ingest.memory.closed_sites}
        assert ("manshui" in marked) is closed


async def test_a_doubtful_reading_is_judged_by_a_person(web: Web) -> None:
    await web.town.reads(85.0)
    await web.town.waits(minutes=5)
    await web.town.reads(89.0)
    (alert,) = (await web.http.get("/api/v1/alerts")).json()
    assert alert["condition"] == "SUSPECT"
    path = f"/api/v1/alerts/{alert['short_id']}/verdict"
    said = await web.http.post(path, headers=BEARER, json={"real": False})
    assert said.status_code == 200, said.text
    assert (await web.http.get("/api/v1/alerts")).json() == []
    again = await web.http.post(
        f"/api/v1/alerts/{alert['id']}/verdict", headers=BEARER, json={"real": True}
    )
    assert again.status_code == 409


async def test_an_alert_is_named_by_its_site_or_the_beginning_of_its_id(flood: Web) -> None:
    alert = await the_alert(flood)
    for name in (alert, alert[:8], "shiqiao"):
        assert (await flood.http.get(f"/api/v1/alerts/{name}")).json()["id"] == alert
    assert (await flood.http.get("/api/v1/alerts/manshui")).status_code == 404
    assert (await flood.http.get(f"/api/v1/alerts/{alert[:4]}")).status_code == 404


NOT_VALID: tuple[tuple[str, object], ...] = (
    ("alerts/shiqiao/ack", {"person": "mayor", "via": "pigeon"}),
    ("alerts/shiqiao/ack", {}),
    ("alerts/shiqiao/ack", {"person": "mayor", "severity": "blue"}),
    ("calls", {"level": "purple", "place": "hexi", "because": "x", "source": "y"}),
    ("calls", {"level": "red", "place": "hexi", "because": "", "source": "y"}),
    ("readings", {"site": "shiqiao", "value": "Infinity"}),
    ("readings", {"site": "shiqiao", "value": "NaN"}),
    ("readings", {"site": "shiqiao", "value": None}),
    ("readings", [1]),
    ("sites/manshui/closed", {"closed": "perhaps"}),
)


async def test_what_is_not_valid_is_refused_in_one_sentence(web: Web) -> None:
    for path, body in NOT_VALID:
        said = await web.http.post(f"/api/v1/{path}", headers=BEARER, json=body)
        assert said.status_code == 422, path
        detail = said.json()["detail"]
        assert detail.startswith("填写有误") and " / " in detail and "\n" not in detail


async def test_what_does_not_exist_is_not_found(flood: Web) -> None:
    for path, body in (
        ("alerts/none/ack", {"person": "mayor"}),
        ("alerts/shiqiao/ack", {"person": "nobody"}),
        ("readings", {"site": "atlantis", "value": 1}),
        ("readings", {"site": "beishan", "value": 1}),
        ("replies/none/seen", None),
    ):
        said = await flood.http.post(f"/api/v1/{path}", headers=BEARER, json=body)
        assert said.status_code == 404, path
        assert " / " in said.json()["detail"]
    for path in ("/api/v1/nothing", "/nothing", "/api/v1/alerts/none/calls"):
        assert (await flood.http.get(path)).status_code == 404
    assert (await flood.http.get("/api/v1/calls")).status_code == 405


async def test_what_the_store_does_not_take_was_not_kept_and_is_said_so(
    flood: Web, tmp_path: Path
) -> None:
    alert = await the_alert(flood)
    async with Store.opened(tmp_path / "story.sqlite", read_only=True) as refusing:
        flood.house.desk = replace(flood.house.desk, store=refusing)
        path = f"/api/v1/alerts/{alert}/ack"
        said = await flood.http.post(path, headers=BEARER, json={"person": "mayor"})
    assert said.status_code == 503
    assert await flood.town.store.answers(alert) == []


async def test_past_alerts_are_listed_apart(flood: Web) -> None:
    alert = await the_alert(flood)
    assert (await flood.http.get("/api/v1/alerts", params={"state": "past"})).json() == []
    for value in (87.0, 86.0, 85.0):
        await flood.town.clock.wait(1800)
        await flood.town.reads(value)
    (open_one,) = (await flood.http.get("/api/v1/alerts")).json()
    assert not open_one["is_active"], "red stays open until a person stands it down"
    path = f"/api/v1/alerts/{alert}/stand-down"
    said = await flood.http.post(path, headers=BEARER, json={})
    assert said.status_code == 409
    assert said.json()["detail"].startswith("解除要经领导同意，值班员甲（示例）不是。")
    assert "镇长（示例）（mayor）" in said.json()["detail"]
    await flood.http.post(path, headers=BEARER, json={"leader": "mayor"})
    assert (await flood.http.get("/api/v1/alerts")).json() == []
    (past,) = (await flood.http.get("/api/v1/alerts", params={"state": "past"})).json()
    assert past["stood_down_by"] == "镇长（示例）"


async def test_the_interface_describes_itself(web: Web) -> None:
    paths = (await web.http.get("/api/v1/openapi.json")).json()["paths"]
    assert "/api/v1/alerts/{alert}/ack" in paths
    assert not [path for path in paths if path.startswith("/hooks")]
    secured = [p for p, ways in paths.items() if "post" in ways and "security" not in ways["post"]]
    assert secured == []


async def test_of_a_doubt_the_desk_shows_what_to_look_at_and_what_the_neighbour_says(
    web: Web,
) -> None:
    await web.town.reads(110.20, "shangyou-level")
    for _ in range(2):
        await web.town.reads(85.0)
        await web.town.waits(minutes=5)
    await web.town.reads(89.0)
    (alert,) = (await web.http.get("/api/v1/alerts")).json()
    near = {n["gauge"]["sensor"]: n["gauge"] for n in alert["evidence"]["neighbours"]}
    assert (near["shangyou-level"]["value"], near["shangyou-level"]["over_m"]) == (110.2, -1.8)
    assert "shiqiao-level" not in near
    asked = {p["name"]: p["phone"] for p in alert["evidence"]["phones"]}
    assert asked["石桥村村级责任人（示例）"] == "138****0025"
    board = (await web.http.get("/")).text
    assert "先核实" in board and "110.20" in board and "13800000025" not in board


async def test_what_a_person_said_of_a_doubted_reading_is_read_everywhere(web: Web) -> None:
    for _ in range(2):
        await web.town.reads(85.0)
        await web.town.waits(minutes=5)
    await web.town.reads(89.0)
    (alert,) = (await web.http.get("/api/v1/alerts")).json()
    body = {"real": False, "reason": "视频里水位正常"}
    path = f"/api/v1/alerts/{alert['id']}"
    said = await web.http.post(f"{path}/verdict", headers=BEARER, json=body)
    assert said.status_code == 200, said.text
    (mark,) = (await web.http.get(path)).json()["marks"]
    assert (mark["value"], mark["verdict"], mark["why"]) == (89.0, "false", "视频里水位正常")
    assert mark["by"] == "值班员甲（示例）"
    (told,) = (await web.http.get(f"{path}/explain")).json()["marks"]
    assert (told["real"], told["by"], told["why"]) == (False, "desk-1", "视频里水位正常")


async def test_every_site_is_said_in_one_word(web: Web) -> None:
    await web.town.reads(86.6)
    await web.town.reads(93.0, "manshui-level")
    sites = {s["id"]: s for s in (await web.http.get("/api/v1/sites")).json()}
    assert (sites["shiqiao"]["condition"], sites["shiqiao"]["severity"]) == ("OVER", "yellow")
    assert sites["manshui"]["condition"] == "OK"
    assert sites["longtan"]["condition"] == "SILENT"  # never heard: unknown is not clear
    await web.town.waits(minutes=20)
    sites = {s["id"]: s for s in (await web.http.get("/api/v1/sites")).json()}
    assert sites["shiqiao"]["condition"] == "SILENT_WHILE_RISING"
    assert sites["manshui"]["condition"] == "SILENT"
    assert "失联，断前在涨" in (await web.http.get("/")).text


async def test_a_staff_gauge_reading_entered_by_a_person_ends_silence(web: Web) -> None:
    for level in (85.9, 86.0, 86.1):
        await web.town.reads(level)
        await web.town.waits(minutes=5)
    await web.town.waits(minutes=12)

    async def condition() -> str:
        sites = (await web.http.get("/api/v1/sites")).json()
        return next(str(s["condition"]) for s in sites if s["id"] == "shiqiao")

    assert await condition() == "SILENT_WHILE_RISING"
    body = {"site": "shiqiao", "value": 85.95}
    said = await web.http.post("/api/v1/readings", headers=BEARER, json=body)
    assert said.status_code == 200, said.text
    assert (await web.http.get("/api/v1/alerts")).json() == []


async def test_a_person_is_erased_in_the_name_of_the_token_once_the_water_is_gone(
    flood: Web,
) -> None:
    path = "/api/v1/people/head-shiqiao/erase"
    assert (await flood.http.post(path, json={})).status_code == 401
    assert (await flood.http.post(path, headers=BEARER, json={"by": "mayor"})).status_code == 403
    nobody = await flood.http.post("/api/v1/people/nobody/erase", headers=BEARER, json={})
    assert nobody.status_code == 404 and "nobody" in nobody.json()["detail"]
    said = await flood.http.post(path, headers=BEARER, json={})
    assert said.status_code == 200 and "正在办理" in said.json()["said"]
    (line,) = [one.text for one in await flood.town.store.journal(flood.town.desk.actual)
               if '"event":"person.erased"' in one.text]  # fmt: skip
    assert '"by":"desk-1"' in line


async def test_a_silent_area_is_one_matter_in_which_each_gauge_is_named(web: Web) -> None:
    for gauge, level in (("shiqiao-level", 85.0), ("shangyou-level", 110.0)):
        await web.town.reads(level, gauge)
    await web.town.reads(93.0, "manshui-level")
    await web.town.waits(minutes=16)
    (alert,) = (await web.http.get("/api/v1/alerts")).json()
    assert sorted(alert["silent"]) == ["上游站水位计", "漫水桥水位计", "石桥站水位计"]
    board = (await web.http.get("/")).text
    assert "片区失联" in board and "漫水桥水位计" in board
    sites = {s["id"]: s["condition"] for s in (await web.http.get("/api/v1/sites")).json()}
    assert sites["manshui"] == "SILENT"
