"""Ladders, what is heard of them, and what people do."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from monitor.alerting.orders import SiteClosed
from monitor.alerting.severity import Severity
from monitor.judging.memory import AlertKey, Outcome
from monitor.notify.channel import DeliveryReceipt, Receipt, Reply, SendOutcome
from monitor.notify.escalation import LadderState
from monitor.notify.ladders import Answer, Failure
from monitor.store.answers import Acknowledgement, StandDown
from monitor.store.store import Store
from tests.store.scenes import ACTUAL, PHONE, alert, at, call, escalation, flood, ladder

RED = alert()
LADDER = ladder(RED)


def answer(person: str = "keeper", minute: float = 2) -> Acknowledgement:
    return Acknowledgement(
        ACTUAL, RED.id, person, Severity.RED, "received", "sms", person, at(minute)
    )


@pytest.fixture(autouse=True)
async def _flood(store: Store) -> None:
    async with store.writing() as tx:
        await tx.keep(flood())


async def test_a_ladder_is_due_at_its_time_and_not_before(store: Store) -> None:
    assert await store.due_ladders(at(4.99)) == []
    assert await store.due_ladders(at(5)) == [LADDER]
    assert await store.calling_ladders() == [LADDER]


async def test_a_ladder_kept_again_by_ingest_keeps_how_far_it_came(store: Store) -> None:
    held = replace(LADDER, state=LadderState.HELD, reason="keeper")
    async with store.writing() as tx:
        await tx.save_ladder(held)
    async with store.writing() as tx:
        await tx.keep(flood())
    assert await store.ladders_of(RED.id) == [held]
    assert await store.due_ladders(at(60)) == []


async def test_a_ladder_that_was_never_begun_cannot_be_saved(store: Store) -> None:
    with pytest.raises(LookupError):
        async with store.writing() as tx:
            await tx.save_ladder(replace(LADDER, id="nobody's"))


async def test_each_named_person_answers_once(store: Store) -> None:
    async with store.writing() as tx:
        assert await tx.acknowledge(answer("keeper"))
        assert await tx.acknowledge(answer("leader", minute=3))
        assert not await tx.acknowledge(answer("keeper", minute=9))
    assert await store.answers(RED.id) == [answer("keeper"), answer("leader", minute=3)]
    assert (await store.heard(LADDER)).answers == (
        Answer("keeper", at(2), Severity.RED),
        Answer("leader", at(3), Severity.RED),
    )
    (kept,) = await store.calls(RED.id)
    assert kept.answer == answer("keeper")


async def test_a_phone_waits_for_its_answer_until_it_is_given(store: Store) -> None:
    (waiting,) = await store.open_calls(PHONE)
    assert (waiting.alert, waiting.person, waiting.code) == (RED.id, "keeper", "314")
    assert await store.open_calls("13800000002") == []
    async with store.writing() as tx:
        await tx.acknowledge(answer())
    assert await store.open_calls(PHONE) == []


async def test_a_refused_call_is_heard_of_and_a_substitute_gives_hope(store: Store) -> None:
    async with store.writing() as tx:
        (claim,) = await tx.claim("sms", at(1), 0.0, 30.0, 10)
        refused = Receipt(SendOutcome.REFUSED, "", "no such number", True)
        await tx.record(claim.notification.id, 1, refused, at(1))
    assert (await store.heard(LADDER)).failures == (Failure("keeper", "sms", at(1)),)

    substitute = call(RED, id="other", channel="sms_two")
    async with store.writing() as tx:
        await tx.promise([substitute])
    assert (await store.heard(LADDER)).failures == ()

    async with store.writing() as tx:
        (claim,) = await tx.claim("sms_two", at(2), 0.0, 30.0, 10)
        await tx.record(claim.notification.id, 1, refused, at(2))
    failed = (await store.heard(LADDER)).failures
    assert {(f.channel, f.at) for f in failed} == {("sms", at(1)), ("sms_two", at(2))}


async def test_a_phone_switched_off_is_heard_of_by_its_receipt(store: Store) -> None:
    off = DeliveryReceipt(PHONE, False, "关机", True, call(RED).id, "p-1", at(3))
    async with store.writing() as tx:
        await tx.keep_receipt("sms", off)
    assert (await store.heard(LADDER)).failures == (Failure("keeper", "sms", at(3)),)


async def test_a_matter_is_over_when_it_clears_or_a_person_ends_it(store: Store) -> None:
    assert (await store.heard(LADDER)).ended == ""
    cleared = replace(RED, cleared_at=at(9), contributions={})
    async with store.writing() as tx:
        await tx.keep(Outcome(alerts={AlertKey(ACTUAL, "bridge", "flood"): cleared}))
    assert (await store.heard(LADDER)).ended == "cleared"
    end = StandDown(ACTUAL, RED.id, "mayor", "water fell", at(10))
    async with store.writing() as tx:
        assert await tx.stand_down(end)
        assert not await tx.stand_down(end._replace(by="other"))
    assert await store.stood_down(RED.id) == end
    assert (await store.heard(LADDER)).ended == "stood down by mayor"


async def test_a_worsening_asks_the_same_duty_anew(store: Store) -> None:
    later = replace(LADDER, id="later", escalation="later", opened_at=at(7))
    begun = replace(escalation(RED, later), id="later", opened_at=at(7))
    async with store.writing() as tx:
        await tx.begin_escalations([begun])
    assert (await store.heard(LADDER)).newer == {"village"}
    assert (await store.heard(later)).newer == frozenset()


async def test_a_site_is_closed_and_opened_by_the_batch_that_says_so(store: Store) -> None:
    close = SiteClosed(ACTUAL, "bridge", True, "keeper", at(1))
    async with store.writing() as tx:
        await tx.keep(Outcome(site_marks=[close, close._replace(by="other")]))
    assert await store.closed_sites() == {(ACTUAL, "bridge")}
    async with store.writing() as tx:
        await tx.keep(Outcome(site_marks=[close._replace(closed=False)]))
    assert await store.closed_sites() == frozenset()


async def test_a_reply_nobody_understood_waits_at_the_desk(store: Store) -> None:
    said = Reply(PHONE, "我在路上", at(4), "r-1")
    for expected in (True, False):
        async with store.writing() as tx:
            assert await tx.keep_reply(ACTUAL, "sms", said, "no code") is expected
    (waiting,) = await store.unread_replies()
    assert (waiting.text, waiting.why) == ("我在路上", "no code")
    async with store.writing() as tx:
        assert await tx.reply_seen(waiting.id, "officer", at(5))
        assert not await tx.reply_seen(waiting.id, "officer", at(6))
    assert await store.unread_replies() == []


async def test_at_start_every_lease_of_before_has_run_out(store: Store) -> None:
    async with store.writing() as tx:
        await tx.claim("sms", at(1), 1e9, 1e9 + 30.0, 10)
    async with store.writing() as tx:
        assert await tx.release(at(2), math.inf) == []  # given up: none, it may be sent again
        (again,) = await tx.claim("sms", at(2), 0.0, 30.0, 10)
    assert again.asks_first
