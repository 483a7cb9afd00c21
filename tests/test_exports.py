"""The 叫应记录表: what came of each call, and text that stays text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from monitor import acts
from monitor.alerting.severity import Severity
from monitor.exports import Result, export_calls, result_of
from monitor.notify.channel import Notification, SendOutcome
from monitor.notify.delivery import Delivery
from monitor.scope import Scope, Status
from monitor.store.answers import Acknowledgement
from monitor.store.calls import Call
from monitor.store.tries import Attempt
from tests.stories.harness import story

NOW = datetime(2026, 7, 14, 18, 0, tzinfo=UTC)
SCOPE = Scope("yunxi", Status.ACTUAL, "")
PROMISED = Notification(
    "n", SCOPE, "a", "l", "mayor", "mayor", "sms", "13800000006", "red", {}, "…", "123",
    Severity.RED, 0, 1, NOW, NOW,
)  # fmt: skip
WAITING = Call(PROMISED, Delivery.WAITING, "", (), None, "", False, None)
TAKEN = WAITING._replace(state=Delivery.ACCEPTED)


def refused(*, blames_person: bool) -> Attempt:
    return Attempt(1, NOW, SendOutcome.REFUSED, "", "x", blames_person, NOW)


@pytest.mark.parametrize(
    "call, result",
    [
        (WAITING, Result.WAITING),
        (TAKEN, Result.SENT),
        (TAKEN._replace(delivered_at=NOW), Result.DELIVERED),
        (TAKEN._replace(undelivered="无人接听", blames_person=True), Result.NO_ANSWER),
        (TAKEN._replace(undelivered="停机", blames_person=True), Result.OFF),
        (TAKEN._replace(undelivered="停机", blames_person=False), Result.CHANNEL),
        (WAITING._replace(state=Delivery.SUPERSEDED), Result.WITHDRAWN),
        (WAITING._replace(state=Delivery.UNSURE), Result.CHANNEL),
        (
            WAITING._replace(state=Delivery.FAILED, attempts=(refused(blames_person=True),)),
            Result.OFF,
        ),
        (
            WAITING._replace(state=Delivery.FAILED, attempts=(refused(blames_person=False),)),
            Result.CHANNEL,
        ),
    ],
)
def test_a_failure_of_ours_never_reads_as_the_persons_fault(call: Call, result: Result) -> None:
    assert result_of(call) is result
    answer = Acknowledgement(
        SCOPE, "a", "mayor", Severity.RED, "received", "sms", "mayor", NOW + timedelta(minutes=1)
    )
    assert result_of(call._replace(answer=answer)) is Result.ANSWERED


async def test_words_that_begin_like_a_formula_stay_words(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await acts.call_by_hand(town.desk, "shiqiao", "red", "\x07", "=1+1", "desk-1")
        await town.settle()
        town.rang()
        out = tmp_path / "calls.xlsx"
        known = town.settings.knowledge
        count = await export_calls(town.store, known, town.desk.actual, out, phones=False)
    cells = [cell for row in load_workbook(out).active.iter_rows() for cell in row]
    assert count > 20
    assert "f" not in {cell.data_type for cell in cells}
    assert any(str(cell.value).startswith("=1+1") for cell in cells)


async def test_the_desks_own_screen_is_called_as_people_call_it(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.6)
        out = tmp_path / "calls.xlsx"
        await export_calls(town.store, town.settings.knowledge, town.desk.actual, out, phones=False)
        whom = [row[5] for row in load_workbook(out).active.iter_rows(values_only=True)]
        assert "云溪镇·值班室" in whom and not any("duty_officer" in text for text in whom)
        town.rang()
