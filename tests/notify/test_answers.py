"""What people send back, and which call it answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.alerting.severity import Severity
from monitor.notify.answers import (
    Answered,
    ForDesk,
    Needless,
    OpenCall,
    PastCall,
    key,
    match,
    meaning,
)
from monitor.notify.channel import Reply
from monitor.notify.codes import code_for, codes_for

PHONE = "13800000001"
SENT = datetime(2026, 7, 15, 18, 30, tzinfo=UTC)
CALL = OpenCall(PHONE, "chief", "alert", "escalation", "231", Severity.RED)
OTHER = CALL._replace(alert="other", cause="elsewhere", code="745")
DOUBT = CALL._replace(code="231", no_code="877", severity=Severity.YELLOW)


@pytest.mark.parametrize("text", ["231", " 231 ", "２３１", "收到231", "231收到。", "回231，到岗"])
def test_digits_are_the_code(text: str) -> None:
    assert match(text, PHONE, [CALL, OTHER], SENT) == Answered((CALL,), "heard")


@pytest.mark.parametrize("text", ["1", "１", " 1。", "收到", "收到！", "【收到】"])
def test_one_or_received_counts_for_the_only_open_call(text: str) -> None:
    assert match(text, PHONE, [CALL], SENT) == Answered((CALL,), "heard")


@pytest.mark.parametrize("text", ["1", "收到"])
def test_received_says_nothing_where_two_calls_are_open(text: str) -> None:
    assert match(text, PHONE, [CALL, OTHER], SENT) == ForDesk("more than one open call")


def test_one_call_by_two_channels_is_one_call() -> None:
    assert match("收到", PHONE, [CALL, CALL], SENT) == Answered((CALL,), "heard")


@pytest.mark.parametrize("text", ["", "没收到", "12", "2310", "在路上", "1231", "👌", "已转30人"])
def test_anything_else_is_for_the_desk(text: str) -> None:
    assert isinstance(match(text, PHONE, [CALL], SENT), ForDesk)


def test_another_number_answers_nothing() -> None:
    assert match("231", "13800000002", [CALL], SENT) == ForDesk("no open call to this number")


@pytest.mark.parametrize("phone", ["+8613800000001", "8613800000001", "138-0000-0001"])
def test_a_country_code_is_the_same_number(phone: str) -> None:
    assert match("231", phone, [CALL], SENT) == Answered((CALL,), "heard")


def test_a_doubt_is_answered_by_its_digits_only() -> None:
    assert match("231", PHONE, [DOUBT], SENT) == Answered((DOUBT,), "real")
    assert match("877", PHONE, [DOUBT], SENT) == Answered((DOUBT,), "false")
    assert match("收到", PHONE, [DOUBT], SENT) == ForDesk("the question was yes or no")
    assert isinstance(match("231还是877", PHONE, [DOUBT], SENT), ForDesk)


def test_one_is_heard_and_two_asks_for_support() -> None:
    assert key("1", [CALL]) == Answered((CALL,), "heard")
    assert key("2", [CALL]) == ForDesk("asks for support")
    assert isinstance(key("3", [CALL]), Needless)
    assert key("1", []) == Needless()
    assert key("2", []) == ForDesk("asks for support")


def test_a_doubt_is_not_settled_by_a_key() -> None:
    assert key("1", [DOUBT]) == Answered((DOUBT,), "heard")


def test_codes_are_stable_and_never_taken() -> None:
    first = code_for("escalation")
    assert code_for("escalation") == first
    assert code_for("escalation", {first}) != first
    taken: set[str] = set()
    for number in range(300):
        code = code_for(f"e{number}", taken)
        assert code not in taken and 200 <= int(code) <= 999
        taken.add(code)


def test_when_every_code_is_taken_it_says_so() -> None:
    with pytest.raises(ValueError, match="every code"):
        code_for("x", {str(n) for n in range(200, 10000)})


def test_a_night_of_more_than_eight_hundred_alerts_gives_each_its_digits() -> None:
    taken = {str(n) for n in range(200, 1000)}
    assert len(code_for("x", taken)) == 4
    yes, no = codes_for("x", taken)
    assert yes != no and not {yes, no} & taken


def test_yes_and_no_are_not_one_slip_apart() -> None:
    for number in range(200):
        yes, no = codes_for(f"e{number}")
        assert yes[:2] != no[:2]


def test_a_received_from_before_the_call_does_not_answer_it() -> None:
    later = CALL._replace(called_at=SENT + timedelta(hours=6))
    assert match("收到", PHONE, [later], SENT) == ForDesk("sent before the call was made")
    assert match("收到", PHONE, [later, OTHER], SENT) == Answered((OTHER,), "heard")
    slow_clock = CALL._replace(called_at=SENT + timedelta(minutes=1))
    assert match("收到", PHONE, [slow_clock], SENT) == Answered((slow_clock,), "heard")


def test_digits_answer_a_call_before_a_report_that_was_given_the_same() -> None:
    report = OTHER._replace(code=CALL.code, kind="reported")
    assert match(CALL.code, PHONE, [report, CALL], SENT) == Answered((CALL,), "heard")
    assert match(CALL.code, PHONE, [report, report], SENT) == Answered((report,), "heard")


HEARD = PastCall("n1", frozenset({"231"}), is_answered=True)
OVER = PastCall("n2", frozenset({"231"}), is_answered=False)
TOLD = PastCall("n3", frozenset(), is_answered=False)


@pytest.mark.parametrize(("text", "past"), [("收到", HEARD), ("231", HEARD), ("1", TOLD)])
def test_what_is_heard_once_more_spares_the_desk(text: str, past: PastCall) -> None:
    assert meaning(Reply(PHONE, text, SENT, ""), [], [past]) == Needless()


@pytest.mark.parametrize("text", ["231，桥断了", "桥断了", "", "745", "2"])
def test_whatever_says_more_is_for_the_desk(text: str) -> None:
    assert isinstance(meaning(Reply(PHONE, text, SENT, ""), [], [HEARD, TOLD]), ForDesk)


@pytest.mark.parametrize(("text", "past"), [("收到", []), ("231", [OVER])])
def test_a_stranger_and_who_answers_what_was_worse_meanwhile_are_for_the_desk(
    text: str, past: list[PastCall]
) -> None:
    waiting = [OTHER] if past else []
    assert isinstance(meaning(Reply(PHONE, text, SENT, ""), waiting, past), ForDesk)


def test_a_key_never_answers_another_call_than_its_own() -> None:
    pressed = Reply(PHONE, "1", SENT, "", notification="n3")
    assert meaning(pressed, [CALL], [TOLD]) == Needless()
    ringing = CALL._replace(notifications=frozenset({"n3"}))
    assert meaning(pressed, [CALL, ringing], [TOLD]) == Answered((ringing,), "heard")
