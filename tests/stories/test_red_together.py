"""Red that queued up is one text: who answers it, what ends it, and where it cannot be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from monitor import acts
from monitor.alerting.severity import Severity
from monitor.notify.arranging import Pending, Queue, arrange
from monitor.notify.channel import Notification, Receipt, Reply, SendOutcome
from monitor.notify.delivery import Delivery
from monitor.notify.limits import Cap
from monitor.notify.routing import respond
from tests.notify.township import ACTUAL, NIGHT, alert, directory, raised, sms
from tests.stories.harness import Story, edited, story
from tests.stories.test_storm import ALSO_LONGTAN, ONE_AN_HOUR, ONE_PATROL, _alert_at, _unsent

THREE = ("shiqiao", "manshui", "shangyou")


async def _reds(town: Story, *places: str) -> None:
    for at in places:
        await acts.call_by_hand(town.desk, at, "red", "山洪", "群众来电", "desk-2")
    await town.settle()


async def _rung(town: Story) -> Notification:
    """The call that tells the grid worker of two places."""
    await town.reads(86.60)
    await _unsent(town, 94.50, "manshui-level")
    await _unsent(town, 112.50, "shangyou-level")
    await town.settle()
    (rung,) = (
        one.promised
        for one in town.phones.shown
        if one.who == "grid-shiqiao" and one.promised.use == "voice_bundle"
    )
    town.told()
    return rung


async def test_a_key_pressed_on_a_call_for_several_answers_them_all(tmp_path: Path) -> None:
    settings = edited(tmp_path, *ONE_PATROL, ALSO_LONGTAN, ONE_AN_HOUR)
    async with story(tmp_path, settings=settings) as town:
        rung = await _rung(town)
        pressed = Reply(rung.address, "1", town.clock.now(), "", notification=rung.id)
        assert await acts.reply(town.desk, pressed, "voice") == "heard"
        await town.settle()
        town.told()


async def test_the_digits_of_a_call_for_several_answer_them_all(tmp_path: Path) -> None:
    settings = edited(tmp_path, *ONE_PATROL, ALSO_LONGTAN, ONE_AN_HOUR)
    async with story(tmp_path, settings=settings) as town:
        rung = await _rung(town)
        assert await town.answers("grid-shiqiao", rung.code) == "heard"
        town.told()


async def test_red_that_could_not_be_sent_together_is_not_sent_after_the_stand_down(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        busy = True

        def refusing(real: Any) -> Any:
            def send(parameters: Any, secrets: Any, http: Any, promised: Notification) -> Receipt:
                if busy and promised.use.startswith("bundle_red"):
                    return Receipt(SendOutcome.BUSY, "", "limit", blames_person=False)
                receipt: Receipt = real(parameters, secrets, http, promised)
                return receipt

            return send

        for deliver in town.delivers:
            if deliver.channel == "sms":
                sending = deliver._sending
                kind = sending._channel.kind
                kind = replace(kind, send=refusing(kind.send))
                sending._channel = replace(sending._channel, kind=kind)
        await town.reads(86.60)
        await _reds(town, *THREE)
        town.told()
        leader = next(iter(town.settings.knowledge.directory.people.leaders(town.clock.now())))
        for site in THREE:
            stands = await _alert_at(town, site)
            await acts.stand_down(town.desk, stands.id, leader.id, "水已退", "desk-2")
        busy = False
        await town.waits(minutes=2)
        late = [text for _, _, text in town.rang(medium="sms") if "红级合并" in text]
        town.told()
        assert late == []


async def test_what_a_red_message_was_to_tell_is_not_left_behind_at_the_provider_s_cap(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        for deliver in town.delivers:
            if deliver.channel == "sms":
                deliver._caps = (Cap(1, timedelta(days=1)),)
        await _reds(town, *THREE, "longtan", "beishan")
        await town.waits(minutes=1)
        town.told()
        of = {
            call.notification.id: call
            for site in THREE
            for call in await town.store.calls((await _alert_at(town, site)).id)
        }
        failed = [c for c in of.values() if c.told_with and c.state is Delivery.MERGED]
        assert failed == []


def _waits(where: Any, *calls: tuple[str, Severity]) -> list[Pending]:
    first = alert(Severity.RED, 5.4)
    call = sms(respond(where, raised(first), NIGHT), "chief")
    return [
        Pending(
            replace(call, id=f"n{n}", subject=f"a{n}", code=str(300 + n), use=use),
            replace(alert(now, 5.4), id=f"a{n}"),
            None,
            is_told_elsewhere=False,
        )
        for n, (use, now) in enumerate(calls)
    ]


def test_a_red_that_stands_is_told_with_nothing_that_does_not() -> None:
    where, red = directory(), ("red", Severity.RED)
    waits = _waits(where, red, red, ("red", Severity.ORANGE))
    made = arrange(where, Queue(ACTUAL, "chief", waits), (), (), NIGHT)
    assert not any(one.use == "bundle" for one in made.promises)


def test_a_red_that_is_handed_to_a_superior_keeps_its_words() -> None:
    where, red = directory(), ("red", Severity.RED)
    waits = _waits(where, red, red, red, ("superior", Severity.RED))
    made = arrange(where, Queue(ACTUAL, "chief", waits), (), (), NIGHT)
    assert made.promises and not any("n3" in ids for ids in made.merged.values())
