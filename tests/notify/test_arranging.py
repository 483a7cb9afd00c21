"""What waits for one person, once its moment has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import Severity
from monitor.notify.arranging import Arranged, Pending, Queue, arrange
from monitor.notify.bundling import TOGETHER
from monitor.notify.channel import Notification
from monitor.notify.routing import respond
from monitor.notify.sheet import sms_parts
from tests.notify.township import ACTUAL, NIGHT, alert, directory, raised, sms

LATER = NIGHT + timedelta(minutes=5)


def _held_since_orange(now_is: Alert) -> tuple[Notification, Arranged]:
    """The call at orange was held back, and meanwhile the alert became another."""
    where = directory()
    call = sms(respond(where, raised(alert(Severity.ORANGE, 4.2)), NIGHT), "chief")
    waiting = Pending(call, now_is, NIGHT, is_told_elsewhere=True)
    return call, arrange(where, Queue(ACTUAL, "chief", [waiting]), (), (), LATER)


def test_what_is_told_alone_is_no_bundle_and_speaks_of_now() -> None:
    eased = alert(Severity.YELLOW, 3.4, at=LATER)
    call, made = _held_since_orange(eased)
    (said,) = made.reworded
    assert (made.promises, made.merged, made.let_go) == ([], {}, [call.id])
    assert (said.id, said.code, said.use) == (call.id, call.code, "yellow")
    assert "黄级叫应：石桥站" in said.text and "水位3.40米" in said.text


def test_what_is_told_alone_of_a_matter_that_is_past_says_so_and_is_no_bundle() -> None:
    past = replace(alert(Severity.ORANGE, 4.2), cleared_at=LATER)
    call, made = _held_since_orange(past)
    (said,) = made.promises
    assert said.use == "bundle_one_fell" and said.use.startswith(TOGETHER)
    assert said.text == (
        f"【云溪镇政府】迟发叫应：石桥站，03:12达橙级，现已回落。请继续值守，收到回{call.code}。"
    )
    assert sms_parts(said.text) == 1
