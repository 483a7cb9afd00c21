"""For every person and alert: called when, by what, with which result, or why not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import NotFound
from monitor.explaining import Part, explain
from monitor.scope import Scope, Status
from tests.stories.harness import DAY, Story, edited, story

DRILL = Scope("yunxi", Status.EXERCISE, "autumn-drill")


async def part(town: Story, person: str, scope: Scope | None = None) -> Part:
    (alert,) = await town.store.alerts(scope or town.desk.actual)
    (found,) = (await explain(town.store, town.settings.knowledge, alert, person)).people
    return found


def whys(found: Part) -> str:
    return "\n".join(reason.why for reason in found.why_not)


async def everybody(town: Story, scope: Scope) -> dict[str, Part]:
    persons = town.settings.knowledge.directory.people.persons
    found = {person: await part(town, person, scope) for person in persons}
    silent = [p for p, one in found.items() if not one.calls and not one.why_not]
    assert silent == [], "neither called nor a reason why not"
    town.rang()
    return found


async def test_of_nobody_in_the_township_it_is_unknown_why_not(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        found = await everybody(town, town.desk.actual)
        assert found["mayor"].calls and not found["mayor"].why_not
        rung = {shown.who for shown in town.phones.shown}
        assert {person for person, one in found.items() if one.calls} == rung - {"duty_officer"}


async def test_a_dead_phone_is_explained_in_the_providers_words(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        town.phones.dead.add("mayor")
        await town.reads(87.9)
        town.rang()
        call = next(c for c in (await part(town, "mayor")).calls if c.medium == "短信")
        assert (call.result, call.reason) == ("关机/停机", "停机")
        assert [(one.number, one.outcome) for one in call.tries] == [(1, "refused")]


async def test_an_answer_stands_with_its_time_and_who_entered_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        await town.waits(minutes=1)
        await town.answers("mayor")
        town.rang()
        (answer,) = (await part(town, "mayor")).answers
        assert (answer.at, answer.via, answer.by) == (town.clock.now(), "sms", "mayor")


async def test_who_stands_above_a_ladder_waits_and_is_spared_by_an_answer(tmp_path: Path) -> None:
    async with story(tmp_path, DAY) as town:
        await town.reads(86.4)
        await town.waits(minutes=20)  # the gauge fell silent: the desk and the patrol are asked
        above = await part(town, "head-shiqiao")
        assert "is called at 2026-07-15T02:30:00+00:00 unless somebody answers" in whys(above)
        assert "step 0 is being called" in whys(await part(town, "cadre-shiqiao"))
        assert "not told at SILENT_WHILE_RISING" in whys(await part(town, "mayor"))
        await town.answers("desk-3")
        answered = town.clock.now()
        town.rang()
        spared = (await part(town, "head-shiqiao")).why_not
        assert {reason.at for reason in spared} == {answered}
        assert all(reason.why.endswith("not called: desk-3 had answered") for reason in spared)


async def test_in_a_drill_the_list_is_the_reason(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(94.40, "manshui-level", prefix="exercise/autumn-drill/")
        found = await everybody(town, DRILL)
        assert "not on the drill's list" in whys(found["mayor"])
        assert {p for p, one in found.items() if one.calls} <= {"desk-1", "desk-2", "head-qiaotou"}


async def test_what_came_late_was_told_to_nobody_and_says_so(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9, ago=timedelta(hours=3))
        town.rang()
        assert "补判" in whys(await part(town, "mayor"))


async def test_a_vacant_duty_stands_under_nobody(tmp_path: Path) -> None:
    name = "title: 派出所, person: police"
    settings = edited(tmp_path, ("people.yaml", name, "title: 派出所"))
    async with story(tmp_path, settings=settings) as town:
        await town.reads(87.9)
        town.rang()
        alert = await town.the_alert()
        told = await explain(town.store, town.settings.knowledge, alert)
        assert "vacant (as police)" in [reason.why for reason in told.nobody]


async def test_a_person_whom_nobody_knows_is_refused_by_name(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9)
        town.rang()
        with pytest.raises(NotFound, match="nobody-at-all"):
            await part(town, "nobody-at-all")
