"""The power goes at every database call: nothing is lost, nothing doubled, the chain holds."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from monitor.notify.channel import Receipt, SendOutcome
from monitor.notify.delivery import Delivery
from monitor.store.store import Store
from tests.crash.plug import Plug, every_crash
from tests.store.scenes import ACTUAL, at, flood

ACCEPTED = Receipt(SendOutcome.ACCEPTED, "p-1", "OK", False)


@pytest.fixture
async def empty(tmp_path: Path) -> Path:
    path = tmp_path / "empty.db"
    async with Store.opened(path):
        return path


async def test_a_file_half_made_is_made_whole_at_the_next_start(tmp_path: Path) -> None:
    async def start(path: Path, plug: Plug) -> None:
        async with Store.opened(path):
            pass

    async for crash in every_crash(start, tmp_path, step=7):
        async with Store.opened(crash.path) as store, store.writing() as tx:
            await tx.keep(flood())
    assert crash.number > 30, "the harness saw too few calls to be believed"


async def test_a_batch_is_kept_whole_or_not_at_all_and_deciding_it_again_doubles_nothing(
    empty: Path, tmp_path: Path
) -> None:
    expected = flood()
    alert = expected.notifications[0].subject

    async def keep(path: Path, plug: Plug) -> None:
        async with Store.opened(path) as store, store.writing() as tx:
            await tx.keep(expected)

    async for crash in every_crash(keep, tmp_path, prepared=empty):
        async with Store.opened(crash.path) as store:
            was_committed = crash.call == ""
            kept = {*(await store.tally(ACTUAL)).values(), len(await store.journal(ACTUAL))}
            assert kept == {int(was_committed)}, crash
            async with store.writing() as tx:  # not acknowledged, so it comes again
                await tx.keep(expected)

            assert await store.tally(ACTUAL) == {"observations": 1, "quarantine": 1}, crash
            assert await store.alerts(ACTUAL) == list(expected.alerts.values()), crash
            assert await store.escalations_of(alert) == expected.escalations, crash
            assert len(await store.calls(alert)) == 1, crash
            assert len(await store.journal(ACTUAL)) == 1, crash
            assert await store.verify(ACTUAL) is None, crash
    assert crash.number > 10, "the harness saw too few calls to be believed"


async def test_a_call_is_sent_once_or_said_to_be_unsure_and_never_more_than_twice(
    empty: Path, tmp_path: Path
) -> None:
    async with Store.opened(empty) as store, store.writing() as tx:
        await tx.keep(flood())
    copies: list[str] = []

    async def send(path: Path, plug: Plug) -> None:
        copies.clear()
        async with Store.opened(path) as store:
            await deliver(store, plug)

    async def deliver(store: Store, plug: Plug | None) -> None:
        async with store.writing() as tx:
            await tx.release(at(0), math.inf)
        while True:
            async with store.writing() as tx:
                claims = await tx.claim("sms", at(1), 0.0, 30.0, 10)
            if not claims:
                return
            for claim in claims:
                if plug:
                    plug.call("send, before")
                copies.append(claim.notification.id)
                if plug:
                    plug.call("send, after")
                async with store.writing() as tx:
                    await tx.record(claim.notification.id, claim.attempt, ACCEPTED, at(1))

    seen: set[int] = set()
    async for crash in every_crash(send, tmp_path, prepared=empty):
        async with Store.opened(crash.path) as store:
            await deliver(store, None)
            assert await store.outbox_states() == {Delivery.ACCEPTED: 1}, crash
        assert 1 <= len(copies) <= 2, crash
        seen.add(len(copies))
    assert seen == {1, 2}, "both outcomes must have been met"
