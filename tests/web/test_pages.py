"""What the duty officer sees and does, without a script."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.judging.memory import Knowledge
from monitor.notify.channel import Reply
from monitor.web.words import EN
from tests.stories.harness import NIGHT, example, story
from tests.web.conftest import BEARER, TOKEN, Web, the_alert, web_of

TEMPLATES = Path(__file__).parents[2] / "monitor" / "web" / "templates"
HOSTILE = "<script>alert('1')</script>\"'&{{7*7}}"


async def signed_in(web: Web) -> None:
    await web.http.post("/sign-in", data={"token": TOKEN})


async def send(web: Web, page: str, path: str, fields: dict[str, str]) -> str:
    """Fill in a form as it stands on a page, and send it; what the answer says."""
    text = (await web.http.get(page)).text
    key = re.search(r'name="form_key" value="([0-9a-f]+)"', text)
    assert key is not None
    assert f'action="{path}"' in text
    said = await web.http.post(path, data={"form_key": key[1], **fields}, follow_redirects=True)
    assert said.status_code == 200, said.text
    return said.text


async def test_a_quiet_night_says_so(web: Web) -> None:
    text = (await web.http.get("/")).text
    assert "当前没有叫应事项" in text
    assert "示例乡镇" in text
    assert '<meta http-equiv="refresh" content="5">' in text
    assert "<script" not in text


async def test_the_desk_sees_a_red_river_and_who_has_not_answered(flood: Web) -> None:
    text = (await flood.http.get("/")).text
    for words in ("石桥站", "87.90 米", "超警戒 1.40 米", "立即转移", "待应答", "石桥村村级责任人"):
        assert words in text
    assert "1380000" not in text


async def test_numbers_are_whole_only_for_an_officer_who_signed_in(flood: Web) -> None:
    assert "13800000006" not in (await flood.http.get("/")).text
    assert (await flood.http.get(f"/alerts/{await the_alert(flood)}")).status_code == 401
    await signed_in(flood)
    assert "13800000006" in (await flood.http.get("/")).text


async def test_an_answer_is_entered_at_the_screen(flood: Web) -> None:
    await signed_in(flood)
    alert = await the_alert(flood)
    said = await send(
        flood, f"/alerts/{alert}", f"/alerts/{alert}/ack", {"person": "mayor", "via": "radio"}
    )
    assert "镇长（示例） 已应答" in said
    (answer,) = await flood.town.store.answers(alert)
    assert (answer.person, answer.via, answer.by) == ("mayor", "radio", "desk-1")


async def test_a_matter_is_ended_at_the_screen(flood: Web) -> None:
    await signed_in(flood)
    alert = await the_alert(flood)
    fields = {"leader": "mayor", "reason": ""}
    await send(flood, f"/alerts/{alert}", f"/alerts/{alert}/stand-down", fields)
    assert "已解除" in (await flood.http.get("/")).text
    assert "读数仍在限上" in (await flood.http.get("/")).text


async def test_what_people_tell_is_entered_at_the_screen(web: Web) -> None:
    await signed_in(web)
    fields = {"level": "yellow", "place": "hexi", "because": "村民来报", "source": "河西村"}
    assert "黄级叫应已发出" in await send(web, "/enter", "/calls", fields | {"hazard": "flood"})
    assert "已登记" in await send(web, "/enter", "/readings", {"site": "shiqiao", "value": "86.6"})
    assert "封控" in await send(web, "/enter", "/closed", {"site": "manshui", "closed": "true"})


async def test_a_doubtful_reading_is_judged_at_the_screen(web: Web) -> None:
    await web.town.reads(85.0)
    await web.town.waits(minutes=5)
    await web.town.reads(89.0)
    await signed_in(web)
    alert = await the_alert(web)
    assert "数据存疑" in (await web.http.get("/")).text
    await send(web, f"/alerts/{alert}", f"/alerts/{alert}/verdict", {"real": "false"})
    assert "当前没有叫应事项" in (await web.http.get("/")).text


async def test_a_reply_that_fits_no_call_is_read_and_taken_off(web: Web) -> None:
    reply = Reply("13800000006", "桥断了", NIGHT, "7")
    async with web.town.store.writing() as tx:
        await tx.keep_reply(web.town.desk.actual, "sms", reply, "no open call to this number")
    assert "桥断了" not in (await web.http.get("/")).text
    await signed_in(web)
    assert "桥断了" in (await web.http.get("/")).text
    (kept,) = await web.town.store.unread_replies()
    assert "桥断了" not in await send(web, "/", f"/replies/{kept.id}/seen", {})


async def test_an_exercise_stands_apart_and_says_so(web: Web) -> None:
    await web.town.reads(87.9, prefix="exercise/autumn-drill/")
    text = (await web.http.get("/")).text
    calm, drill = text.index("当前没有叫应事项"), text.index("演练中")
    assert calm < drill < text.index("autumn-drill") < text.index("石桥站")


def hostile(knowledge: Knowledge) -> Knowledge:
    """Everything that people name is named by an attacker."""
    directory, people = knowledge.directory, knowledge.directory.people
    sites = {i: s.model_copy(update={"name": HOSTILE}) for i, s in knowledge.sites.items()}
    persons = {i: p.model_copy(update={"name": HOSTILE}) for i, p in people.persons.items()}
    duties = {i: d.model_copy(update={"title": HOSTILE}) for i, d in people.duties.items()}
    directory = replace(
        directory,
        township_name=HOSTILE,
        sites=sites,
        people=replace(people, persons=persons, duties=duties),
    )
    return replace(knowledge, sites=sites, directory=directory)


async def test_no_name_becomes_markup(tmp_path: Path) -> None:
    settings = replace(example(), knowledge=hostile(example().knowledge))
    async with story(tmp_path, settings=settings) as town, web_of(town) as web:
        await town.reads(87.9)
        said = Reply("13800000006", HOSTILE, NIGHT, "7")
        async with town.store.writing() as tx:
            await tx.keep_reply(town.desk.actual, "sms", said, "x")
        await signed_in(web)
        body = {"Authorization": f"Bearer {TOKEN}"}
        call = {"level": "red", "place": "shiqiao", "because": HOSTILE, "source": "<b>县</b>"}
        assert (await web.http.post("/api/v1/calls", headers=body, json=call)).status_code == 200
        alert = await the_alert(web)
        for path in ("/", f"/alerts/{alert}", "/enter", "/alerts/%3Cscript%3Ealert(1)"):
            for lang in ("", "?lang=en"):
                text = (await web.http.get(path + lang)).text
                assert "<script" not in text and "<b>县" not in text, path
                assert "{{7*7}}" in text or "49" not in text
                assert "\"'&{" not in text
        town.rang()


async def test_every_page_speaks_english_when_asked(flood: Web) -> None:
    text = (await flood.http.get("/?lang=en")).text
    for words in ("Duty desk", "Red call", "Waiting", "over warning by"):
        assert words in text
    await signed_in(flood)
    for path in ("/enter", f"/alerts/{await the_alert(flood)}"):
        assert "?lang=en" in (await flood.http.get(f"{path}?lang=en")).text


@pytest.mark.parametrize("template", sorted(p.name for p in TEMPLATES.glob("*.html")))
def test_every_word_of_a_page_has_its_english(template: str) -> None:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    spoken = set(re.findall(r"""\bt\('([^']+)'\)""", text))
    assert spoken - EN.keys() == set()
    plain = re.sub(r"\{[{%#].*?[}%#]\}", "", text, flags=re.S)
    assert re.findall(r"[\u4e00-\u9fff]+", plain) == []


async def test_a_closed_bridge_is_seen_wherever_its_place_is(web: Web) -> None:
    await signed_in(web)
    await web.town.reads(95.0, "manshui-level")
    assert "已封控" not in (await web.http.get("/")).text
    await send(web, "/enter", "/closed", {"site": "manshui", "closed": "true"})
    text = (await web.http.get("/")).text
    bar = next(p for p in re.findall(r"<p class=\"banner shut\">.*?</p>", text))
    assert "漫水桥" in bar and "02:00 值班员甲（示例）" in bar
    assert "已封控" in text[text.index("<article") : text.index("</article>")]
    assert "已封控" in text[text.index("各风险点") :]
    assert "已封控" in (await web.http.get("/enter")).text
    await send(web, "/enter", "/closed", {"site": "manshui", "closed": "false"})
    assert "已封控" not in (await web.http.get("/")).text


async def test_only_what_is_crossed_can_be_closed(web: Web) -> None:
    await signed_in(web)
    form = (await web.http.get("/enter")).text.split('action="/closed"')[1].split("</form>")[0]
    assert re.findall(r'<option value="(\w+)"', form) == ["manshui"]
    for place, closed, why in (
        ("longtan", True, "龙潭水库不是桥或路口，不能登记封控。能封控的：漫水桥（manshui）"),
        ("manshui", False, "漫水桥没有登记封控。"),
    ):
        path = f"/api/v1/sites/{place}/closed"
        said = await web.http.post(path, headers=BEARER, json={"closed": closed})
        assert said.status_code == 409 and said.json()["detail"].startswith(why)


async def test_before_the_first_sweep_no_word_says_that_all_is_in_order(web: Web) -> None:
    text = (await web.http.get("/")).text
    assert "还未检查" in text and "没有待办问题" not in text
    await web.town.sweeps()
    assert "还未检查" not in (await web.http.get("/")).text


def options(text: str, name: str) -> list[tuple[str, str, str]]:
    """(value, whether selected, words) of a select."""
    select = text.split(f'<select name="{name}"')[1].split("</select>")[0]
    return re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)</option>', select)


async def test_the_form_presumes_nobody_and_names_each_once_in_the_order_of_the_policy(
    flood: Web,
) -> None:
    await signed_in(flood)
    path = f"/alerts/{await the_alert(flood)}"
    people = options((await flood.http.get(path)).text, "person")
    assert people[0] == ("", "", ""), "nothing is chosen until somebody chooses"
    assert not any(selected for _, selected, _ in people)
    ids = [id for id, _, _ in people]
    assert len(ids) == len(set(ids))
    asked = ["head-hexi", "head-shiqiao", "grid-hexi", "area-west", "deputy-mayor", "mayor"]
    assert sorted(ids.index(id) for id in asked) == [ids.index(id) for id in asked], ids
    chosen = options((await flood.http.get(f"{path}?person=mayor")).text, "person")
    assert [id for id, selected, _ in chosen if selected] == ["mayor"]


async def test_only_leaders_are_offered_as_those_who_agree_to_a_stand_down(flood: Web) -> None:
    await signed_in(flood)
    text = (await flood.http.get(f"/alerts/{await the_alert(flood)}")).text
    assert [id for id, _, _ in options(text, "leader")] == [
        "", "area-west", "secretary", "mayor", "deputy-mayor", "area-east",
    ]  # fmt: skip


async def test_a_matter_that_is_over_offers_nothing_to_do(flood: Web) -> None:
    await signed_in(flood)
    alert = await the_alert(flood)
    assert f'href="/alerts/{alert}">' in (await flood.http.get("/")).text
    await send(flood, f"/alerts/{alert}", f"/alerts/{alert}/stand-down", {"leader": "mayor"})
    await flood.town.settle()
    text = (await flood.http.get("/")).text
    assert "已解除" in text and f'href="/alerts/{alert}">' not in text


async def test_who_is_signed_in_is_named_as_people_call_them(web: Web) -> None:
    await signed_in(web)
    assert "退出 值班员甲（示例）" in (await web.http.get("/")).text
