from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from monitor.judging.memory import Outcome
from monitor.notify.channel import DeliveryReceipt, Notification, Receipt, SendOutcome
from monitor.readiness.facts import Gap
from monitor.readiness.finding import Finding, plainly
from monitor.readiness.sweep import Bundle, KnownFinding, KnownFindings, Sweep, entries
from monitor.store.store import Store
from monitor.store.sweeps import FailedAddress
from tests.store.scenes import ACTUAL, DRILL, alert, at, call, observed

GAUGE = plainly(("silent", "gauge", ""), "desk", "测站失联", "失联", date(2026, 7, 4))
PLAN = plainly(("expired", "flood", "2026"), "planner", "预案到期", "到期", date(2026, 7, 30))


def result(
    *standing: Finding, told: tuple[Finding, ...] = (), first: bool = False, now: datetime
) -> Sweep:
    return Sweep(
        first=first,
        known=KnownFindings(
            {f.key: KnownFinding(f, now, now if f in told else None) for f in standing}, {}
        ),
        opened=standing,
        reminded=(),
        closed=(),
        bundles=tuple(Bundle(f.owner, (f,)) for f in told),
        broken={},
    )


async def keep(store: Store, swept: Sweep, now: datetime) -> None:
    async with store.writing() as tx:
        await tx.keep_sweep(ACTUAL, swept, [], entries(swept, ACTUAL, now), now)


async def test_before_the_first_sweep_nothing_is_known_and_after_it_something_is(
    store: Store,
) -> None:
    assert await store.known_findings(ACTUAL) is None
    await keep(store, result(first=True, now=at(0)), at(0))
    assert await store.known_findings(ACTUAL) == KnownFindings({}, {})
    assert await store.known_findings(DRILL) is None


async def test_what_stands_is_known_with_when_it_was_opened_and_told(store: Store) -> None:
    await keep(store, result(GAUGE, PLAN, first=True, now=at(0)), at(0))
    await keep(store, result(GAUGE, PLAN, told=(PLAN,), now=at(5)), at(5))
    known = await store.known_findings(ACTUAL)
    assert known == KnownFindings(
        {
            GAUGE.key: KnownFinding(GAUGE, at(0), None),
            PLAN.key: KnownFinding(PLAN, at(0), at(5)),
        },
        {"planner": at(5)},
    )


async def test_a_closed_finding_is_gone_and_its_owners_day_is_not(store: Store) -> None:
    await keep(store, result(PLAN, first=True, now=at(0)), at(0))
    await keep(store, result(PLAN, told=(PLAN,), now=at(5)), at(5))
    await keep(store, replace(result(now=at(9)), closed=(PLAN.key,)), at(9))
    assert await store.known_findings(ACTUAL) == KnownFindings({}, {"planner": at(5)})


async def test_an_urgent_bundle_does_not_take_the_owners_day(store: Store) -> None:
    urgent = replace(GAUGE, urgent=True)
    await keep(store, result(first=True, now=at(0)), at(0))
    await keep(store, result(urgent, told=(urgent,), now=at(5)), at(5))
    known = await store.known_findings(ACTUAL)
    assert known is not None
    assert known.told_at == {}


TOOK = Receipt(SendOutcome.ACCEPTED, "p1", "", blames_person=False)
DEAD = Receipt(SendOutcome.REFUSED, "", "停机", blames_person=True)
OURS = Receipt(SendOutcome.REFUSED, "", "签名未报备", blames_person=False)
UNSURE = Receipt(SendOutcome.UNSURE, "", "timeout", blames_person=False)


async def attempted(store: Store, n: int, receipt: Receipt) -> Notification:
    """Call number `n` to the keeper, and what its attempt came to."""
    made = replace(call(alert()), id=f"call-{n}", created_at=at(n), due_at=at(n))
    async with store.writing() as tx:
        await tx.promise([made])
        (claim,) = await tx.claim(made.channel, at(n), 0.0, 60.0, 1)
        await tx.record(made.id, claim.attempt, receipt, at(n))
    return made


async def reported(store: Store, of: Notification, *, delivered: bool, minute: float) -> None:
    said = DeliveryReceipt(
        provider_id="p1",
        notification=of.id,
        phone=of.address,
        delivered=delivered,
        reason="" if delivered else "空号",
        blames_person=not delivered,
        at=at(minute),
    )
    async with store.writing() as tx:
        await tx.keep_receipt(of.channel, said)


@pytest.mark.parametrize(
    ("attempts", "dead"),
    [
        ((), False),
        ((DEAD,), True),
        ((TOOK, DEAD), True),
        ((DEAD, TOOK), False),
        ((OURS,), False),
        ((UNSURE,), False),
        ((DEAD, OURS), True),
        ((DEAD, UNSURE), True),
    ],
)
async def test_the_newest_word_about_an_address_counts_and_our_faults_say_nothing(
    store: Store, attempts: tuple[Receipt, ...], dead: bool
) -> None:
    made = None
    for n, receipt in enumerate(attempts):
        made = await attempted(store, n, receipt)
    found = await store.failed_addresses(ACTUAL)
    expected = (FailedAddress(made.person, made.channel, made.address),) if made and dead else ()
    assert found == expected
    assert await store.failed_addresses(DRILL) == ()


async def test_the_operators_word_goes_before_the_providers(store: Store) -> None:
    made = await attempted(store, 3, TOOK)
    await reported(store, made, delivered=False, minute=2.9)
    assert [f.person for f in await store.failed_addresses(ACTUAL)] == [made.person]
    again = await attempted(store, 4, TOOK)
    await reported(store, again, delivered=True, minute=4.1)
    assert await store.failed_addresses(ACTUAL) == ()


async def gaps(store: Store, *keys: str) -> dict[str, tuple[Gap, ...]]:
    """What is missing at minute 60 after these came, a minute apart."""
    async with store.writing() as tx:
        await tx.keep(Outcome(observations=[observed(n, key=key) for n, key in enumerate(keys)]))
    return await store.gaps(ACTUAL, at(-1), at(60))


async def test_numbers_that_never_came_are_known_for_each_boot(store: Store) -> None:
    found = await gaps(store, "a:1", "a:2", "a:5", "b:7", "b:9")
    assert found == {"gauge": (Gap("a", 3, 4), Gap("b", 8, 8))}


async def test_out_of_order_is_no_gap_and_what_comes_again_closes_one(store: Store) -> None:
    assert await gaps(store, "a:1", "a:3", "a:2", "a:10", "a:9") == {"gauge": (Gap("a", 4, 8),)}
    assert await gaps(store, *(f"a:{n}" for n in range(1, 10))) == {}


async def test_keys_without_an_order_have_no_gaps(store: Store) -> None:
    assert (
        await gaps(
            store, "t:1", "t:9", "hand:1", "hand:9", "70b3:d5:7", "70b3:d5:9", "c:x", "c:9", "7"
        )
        == {}
    )


async def test_a_young_gap_is_not_told_yet_and_one_before_the_time_never(store: Store) -> None:
    await gaps(store, "a:1", "a:5", "a:9")
    assert await store.gaps(ACTUAL, at(-1), at(2)) == {"gauge": (Gap("a", 2, 4),)}
    assert await store.gaps(ACTUAL, at(2), at(60)) == {}


async def test_what_was_lost_last_is_a_gap_once_anything_comes_after_it(store: Store) -> None:
    assert await gaps(store, "a:1", "a:2") == {}
    assert await gaps(store, "a:1", "a:2", "a:5") == {"gauge": (Gap("a", 3, 4),)}
