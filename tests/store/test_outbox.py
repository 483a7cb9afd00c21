"""A promise is claimed with a number and a lease, sent, and recorded."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.judging.memory import AlertKey, Outcome
from monitor.notify.channel import DeliveryReceipt, Receipt, SendOutcome
from monitor.notify.delivery import Delivery
from monitor.notify.limits import VOICE
from monitor.store.caps import OVER_CAP
from monitor.store.outbox import Claim
from monitor.store.store import Store
from monitor.store.tables import ladders
from tests.store.scenes import ACTUAL, DRILL, PHONE, alert, at, call, flood

RED = alert()
ACCEPTED = Receipt(SendOutcome.ACCEPTED, "p-1", "OK", False)
REFUSED = Receipt(SendOutcome.REFUSED, "", "isv.MOBILE_NUMBER_ILLEGAL", True)
BUSY = Receipt(SendOutcome.BUSY, "", "isv.BUSINESS_LIMIT_CONTROL", False)
UNSURE = Receipt(SendOutcome.UNSURE, "", "timed out", False)


async def keep(store: Store, outcome: Outcome) -> None:
    async with store.writing() as tx:
        await tx.keep(outcome)


async def claim(store: Store, minute: float = 1, elapsed: float = 0.0) -> list[Claim]:
    async with store.writing() as tx:
        return await tx.claim("sms", at(minute), elapsed, elapsed + 30.0, 10)


async def record(store: Store, claimed: Claim, receipt: Receipt) -> Delivery | None:
    async with store.writing() as tx:
        return await tx.record(claimed.notification.id, claimed.attempt, receipt, at(1))


async def state(store: Store) -> Delivery:
    (only,) = await store.calls(RED.id)
    return only.state


async def test_a_claimed_promise_is_nobody_elses_while_its_lease_runs(store: Store) -> None:
    await keep(store, flood())
    (first,) = await claim(store)
    assert (first.attempt, first.asks_first) == (1, False)
    assert await claim(store, elapsed=29.9) == []
    (second,) = await claim(store, elapsed=30.0)
    assert (second.attempt, second.asks_first) == (2, True)
    assert await claim(store, elapsed=61.0) == []
    assert await state(store) is Delivery.UNSURE


async def test_an_accepted_promise_is_not_claimed_again(store: Store) -> None:
    await keep(store, flood())
    (only,) = await claim(store)
    assert await record(store, only, ACCEPTED) is Delivery.ACCEPTED
    assert await claim(store, minute=60, elapsed=math.inf) == []


async def test_an_attempt_is_recorded_once(store: Store) -> None:
    await keep(store, flood())
    (only,) = await claim(store)
    await record(store, only, REFUSED)
    assert await record(store, only, ACCEPTED) is None
    assert await state(store) is Delivery.FAILED


async def test_a_late_yes_overrules_a_lease_that_ran_out(store: Store) -> None:
    await keep(store, flood())
    (first,) = await claim(store)
    (second,) = await claim(store, elapsed=31.0)
    assert await record(store, first, ACCEPTED) is Delivery.ACCEPTED
    assert await record(store, second, REFUSED) is Delivery.ACCEPTED


async def test_a_busy_provider_is_asked_again_later(store: Store) -> None:
    await keep(store, flood())
    (only,) = await claim(store)
    assert await record(store, only, BUSY) is Delivery.WAITING
    assert await claim(store, minute=1) == []
    assert await store.next_due("sms") == at(1) + timedelta(seconds=2)
    assert len(await claim(store, minute=2)) == 1


async def test_the_worst_is_sent_first(store: Store) -> None:
    calls = [
        call(RED, person=f"p{n}", severity=severity)
        for n, severity in enumerate((Severity.BLUE, Severity.RED, Severity.YELLOW))
    ]
    await keep(store, Outcome(notifications=calls))
    claimed = [c.notification.severity for c in await claim(store)]
    assert claimed == [Severity.RED, Severity.YELLOW, Severity.BLUE]


async def test_what_was_withdrawn_is_not_sent(store: Store) -> None:
    await keep(store, flood())
    async with store.writing() as tx:
        assert await tx.withdraw("answered", ladder=call(RED).ladder) == 1
    assert await claim(store) == []
    assert await store.outbox_states() == {Delivery.SUPERSEDED: 1}


async def test_what_is_withdrawn_under_way_is_not_sent_again(store: Store) -> None:
    await keep(store, flood())
    (only,) = await claim(store)
    async with store.writing() as tx:
        assert await tx.withdraw("stood down", subject=RED.id) == 0
    assert await record(store, only, BUSY) is Delivery.SUPERSEDED


async def test_withdrawing_nobodys_promises_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="whose"):
        async with store.writing() as tx:
            await tx.withdraw("why")


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        ({}, 1),
        ({"severity": Severity.YELLOW}, 0),
        ({"cleared_at": at(5), "contributions": {}}, 0),
    ],
)
async def test_what_was_put_off_until_morning_is_sent_only_if_it_still_stands(
    store: Store, now: dict[str, Any], sent: int
) -> None:
    morning = call(RED, due_at=at(240), if_standing=True)
    place = AlertKey(ACTUAL, "bridge", "flood")
    await keep(store, Outcome(alerts={place: alert(**now)}, notifications=[morning]))
    assert await claim(store, minute=239) == []
    assert len(await claim(store, minute=240)) == sent


async def test_what_was_put_off_is_not_sent_after_worse_was_told(store: Store) -> None:
    morning = call(RED, severity=Severity.YELLOW, due_at=at(240), if_standing=True)
    place = AlertKey(ACTUAL, "bridge", "flood")
    eased = alert(severity=Severity.YELLOW)  # it was red in between
    await keep(store, Outcome(alerts={place: eased}, notifications=[morning]))
    assert await claim(store, minute=240) == []


async def test_the_record_of_a_call_names_every_attempt_and_the_operators_word(
    store: Store,
) -> None:
    await keep(store, flood())
    (first,) = await claim(store)
    await record(store, first, UNSURE)
    (second,) = await claim(store)
    await record(store, second, ACCEPTED)
    off = DeliveryReceipt(PHONE, False, "MK:0001 关机", True, "", "p-1", at(3))
    for expected in (True, False):
        async with store.writing() as tx:
            assert await tx.keep_receipt("sms", off) is expected
    (kept,) = await store.calls(RED.id)
    assert [(a.number, a.outcome, a.reason) for a in kept.attempts] == [
        (1, SendOutcome.UNSURE, "timed out"),
        (2, SendOutcome.ACCEPTED, "OK"),
    ]
    assert (kept.delivered_at, kept.undelivered) == (None, "MK:0001 关机")


async def test_a_number_is_not_called_more_often_than_its_provider_allows(store: Store) -> None:
    await keep(store, flood())
    async with store.writing() as tx:
        await tx.promise([call(RED, id="second", step=1)])
        (first,) = await tx.claim("sms", at(1), 0.0, 30.0, 10, VOICE)
    put_off = [c.reason for c in await store.calls(RED.id) if c.notification.id == "second"]
    assert put_off == [OVER_CAP] and first.notification.id != "second"
    async with store.writing() as tx:
        assert await tx.claim("sms", at(1.9), 0.0, 30.0, 10, VOICE) == []
        (second,) = await tx.claim("sms", at(2), 0.0, 30.0, 10, VOICE)
    assert second.notification.id == "second"


async def test_what_was_sent_while_our_clock_ran_ahead_holds_nothing_back(store: Store) -> None:
    await keep(store, flood())
    async with store.writing() as tx:
        await tx.promise([call(RED, id="later", step=1)])
        (ahead,) = await tx.claim("sms", at(120), 0.0, 30.0, 1, VOICE)
        await tx.record(ahead.notification.id, 1, ACCEPTED, at(120))
        await tx.set_back("sms", at(1))
        (waiting,) = await tx.queues("sms", ["sms"], at(1), ["keeper"])
        (now,) = await tx.claim("sms", at(1), 0.0, 30.0, 10, VOICE)
    assert waiting.told == []
    assert {ahead.notification.id, now.notification.id} == {"later", flood().notifications[0].id}


async def test_only_the_calls_of_who_answered_are_taken_back(store: Store) -> None:
    await keep(store, flood())
    async with store.writing() as tx:
        await tx.promise([call(RED, "other", id="other")])
        assert await tx.withdraw("answered", subject=RED.id, person="other", channels=["call"]) == 0
        assert await tx.withdraw("answered", subject=RED.id, person="other", channels=["sms"]) == 1
    (left,) = await claim(store)
    assert left.notification.person == "keeper"


async def test_beside_red_only_those_are_sent_to_whom_limits_were_applied(store: Store) -> None:
    await keep(store, flood())
    lower = [
        call(RED, person, id=person, severity=Severity.YELLOW) for person in ("asked", "not-yet")
    ]
    async with store.writing() as tx:
        await tx.promise(lower)
        assert await tx.next_persons("sms", at(1), 1) == {"keeper"}, "a red goes first"
        assert await tx.next_persons("sms", at(1), 3) == {"keeper", "asked", "not-yet"}
        claims = await tx.claim("sms", at(1), 0.0, 30.0, 10, (), None, {"asked"})
    assert [claim.notification.person for claim in claims] == ["keeper", "asked"]


async def test_what_is_real_is_sent_before_any_drill(store: Store) -> None:
    drill = flood(DRILL)
    blue = call(alert(), severity=Severity.BLUE)
    async with store.writing() as tx:
        await tx.keep(drill)
        await tx.promise([blue])
        claims = await tx.claim("sms", at(1), 0.0, 30.0, 10)
    assert [claim.notification.scope for claim in claims] == [ACTUAL, DRILL]


async def test_a_drill_waits_while_a_real_alert_calls_people_out(store: Store) -> None:
    real = flood()
    async with store.writing() as tx:
        await tx.keep(flood(DRILL))
    assert [one.scope for one in await store.unanswered_ladders()] == [DRILL]
    async with store.writing() as tx:
        await tx.keep(Outcome(alerts=real.alerts))
    assert await store.unanswered_ladders() == await store.calling_ladders() == []
    assert await store.next_due("sms") is None


async def test_what_a_clock_that_ran_ahead_promised_is_sent_now(store: Store) -> None:
    await keep(store, flood())
    assert await claim(store, minute=-60) == []
    async with store.writing() as tx:
        await tx.set_back("voice", at(-60))
    assert await claim(store, minute=-60) == []
    async with store.writing() as tx:
        await tx.set_back("sms", at(-60))
    (claimed,) = await claim(store, minute=-60)
    assert claimed.notification.created_at == at(-60)


async def test_a_ladder_that_was_begun_meanwhile_is_no_unreadable_one(store: Store) -> None:
    await keep(store, flood())
    (begun,) = await store.unanswered_ladders()
    assert await store.unreadable_ladders(known=()) == {}
    async with store.writing() as tx:
        broken = sa.update(ladders).values(snapshot=sa.literal_column("x'00'"))
        await tx.run(lambda conn: conn.execute(broken))
    assert await store.unreadable_ladders(known=()) == {begun.id: begun.alert}
