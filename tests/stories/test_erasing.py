"""Who leaves the list leaves the store: no number, no word of theirs; the journal still holds."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor import acts
from monitor.acts import erasing
from monitor.errors import NotFound
from monitor.ingest.message import Message, Quarantined
from monitor.judging.memory import Outcome
from monitor.notify.channel import Reply
from monitor.notify.delivery import Delivery
from monitor.store.tables import notifications
from tests.stories.harness import Story, edited, story

WHO = "head-shiqiao"


async def matter(town: Story, *, over: bool) -> str:
    """A yellow night in which that person answered, wrote, and a body of theirs was not read."""
    phone = town.settings.knowledge.directory.people.persons[WHO].phone
    await town.reads(86.00)
    await town.waits(minutes=5)
    await town.reads(86.60)
    await town.keeps_reading(86.60, minutes=16)
    await town.answers(WHO, "收到")
    said = Reply(phone, "路上有树", town.clock.now(), "1")
    await acts.reply(town.desk, said, "sms")
    (unread,) = await town.store.unread_replies()
    await acts.reply_seen(town.desk, unread.id, "desk-2")
    body = Message("hooks/sms", f"?{phone}".encode(), town.clock.now(), False)
    async with town.store.writing() as tx:
        await tx.keep(Outcome(quarantined=[Quarantined(town.desk.actual, body, "not JSON", phone)]))
    if over:
        await town.keeps_reading(85.00, hours=3)
    town.told()
    return phone


async def held(town: Story, phone: str) -> dict[str, int]:
    """Where the number stands, unsealed."""
    alert = await town.the_alert()
    ladders = await town.store.ladders_of(alert.id)
    quarantined = await town.store.quarantined(town.desk.actual, 100)
    return {
        "calls": sum(c.notification.address == phone for c in await town.store.calls(alert.id)),
        "ladders": sum(
            reach.address == phone
            for ladder in ladders
            for s in ladder.steps
            for reach in s.reaches
        ),
        "unreadable": sum(phone.encode() in q.message.payload for q in quarantined),
    }


async def erased(town: Story, person: str = WHO) -> str:
    knowledge, now = town.settings.knowledge, town.clock.now()
    return await erasing.erase(town.store, knowledge, person, "desk-2", now)


async def test_a_person_is_erased_and_the_journal_still_holds(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        phone = await matter(town, over=True)
        others = town.settings.knowledge.directory.people.persons["grid-shiqiao"].phone
        before = await held(town, phone)
        assert all(before.values())
        assert "people.yaml 里还有此人" in await erased(town)
        assert not any((await held(town, phone)).values())
        assert (await held(town, others))["calls"], "nobody else is touched"
        assert await town.store.verify(town.desk.actual) is None
        (entry,) = await town.events(WHO, "person.erased")
        assert entry["facts"]["calls"] == before["calls"] and entry["facts"]["kept"] == 0
        calls = await town.store.calls((await town.the_alert()).id)
        assert any(call.answer for call in calls if call.notification.person == WHO)


async def test_what_is_under_way_keeps_the_number_until_it_ends(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        phone = await matter(town, over=False)
        before = await held(town, phone)
        assert "正在办理" in await erased(town)
        now = await held(town, phone)
        assert (now["calls"], now["ladders"]) == (before["calls"], before["ladders"])
        assert now["unreadable"] == 0
        await town.keeps_reading(85.00, hours=3)
        assert "正在办理" not in await erased(town)
        assert not any((await held(town, phone)).values())
        town.told()


async def test_what_waits_for_a_dead_channel_is_under_way(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        phone = await matter(town, over=True)
        mine = (notifications.c.person == WHO, notifications.c.channel == "sms")
        dead = sa.update(notifications).where(*mine).values(state=Delivery.HELD)
        async with town.store.writing() as tx:
            assert await tx.run(lambda conn: conn.execute(dead).rowcount)
        assert "正在办理" in await erased(town)
        assert (await held(town, phone))["calls"], "what goes out later knows where to"


async def test_what_came_from_a_number_that_others_have_too_stays(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        phone = town.settings.knowledge.directory.people.persons["grid-shiqiao"].phone
        shared = ("people.yaml", f"id: {WHO}, name: ", f'id: {WHO}, landline: "{phone}", name: ')
        await acts.reply(town.desk, Reply(phone, "路断了", town.clock.now(), "1"), "sms")
        (unread,) = await town.store.unread_replies()
        await acts.reply_seen(town.desk, unread.id, "desk-2")
        knowledge = edited(tmp_path, shared).knowledge
        await erasing.erase(town.store, knowledge, WHO, "desk-2", town.clock.now())
        said = Reply(phone, "路断了", unread.at, "1")
        assert await town.store.reply_known(town.desk.actual, "sms", said), "it may be the other's"


async def test_nobody_is_erased_by_a_wrong_name(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        with pytest.raises(NotFound):
            await erased(town, "nobody")


async def test_by_age_what_calls_said_goes_and_who_was_called_stays(tmp_path: Path) -> None:
    settings = edited(tmp_path, ("service.yaml", "  calls: 1095 d", "  calls: 30 d"))
    async with story(tmp_path, settings=settings) as town:
        town.schedule.keep_calls = settings.retention.calls
        phone = await matter(town, over=True)
        await town.sweeps()
        assert all((await held(town, phone)).values()), "not a month old"
        await town.clock.wait_until(town.clock.now() + timedelta(days=31))
        await town.sweeps()
        assert not any((await held(town, phone)).values())
        calls = await town.store.calls((await town.the_alert()).id)
        assert {call.notification.text for call in calls} == {""} and any(c.answer for c in calls)
        (entry,) = await town.events("calls", "calls.erased")
        assert entry["facts"]["calls"] == len(calls)
        await town.sweeps()
        assert len(await town.events("calls")) == 1, "once"
        assert await town.store.verify(town.desk.actual) is None
        town.told()
