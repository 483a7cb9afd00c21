"""What a drill says, and to whom; what a test says to nobody."""

from __future__ import annotations

from monitor.alerting.severity import Severity
from monitor.notify.routing import respond
from monitor.scope import Scope, Status
from tests.notify.township import NIGHT, alert, directory, not_told, raised, sms, told

DRILL = Scope("yunxi", Status.EXERCISE, "q3")
TEST = Scope("yunxi", Status.TEST, "wires")


def test_a_drill_reaches_only_its_list_and_says_so_first_and_last() -> None:
    allow = {"q3": frozenset({"chief", "mayor"})}
    response = respond(
        directory(drill_allow=allow), raised(alert(Severity.RED, 5.2, scope=DRILL)), NIGHT
    )
    assert told(response) == {"duty_officer", "chief", "mayor"}
    for note in response.notifications:
        body = note.text.removeprefix("【云溪镇政府】")
        assert body.startswith("演练") and body.endswith("演练")
    assert sms(response, "chief").text.startswith("【云溪镇政府】演练！红级叫应：石桥站，03:12模拟")
    assert any(e.facts["reason"] == "not on the drill's list" for e in not_told(response))


def test_a_drill_without_a_list_and_a_test_reach_the_desk_alone() -> None:
    for scope in (DRILL, TEST):
        response = respond(directory(), raised(alert(Severity.RED, 5.2, scope=scope)), NIGHT)
        assert told(response) == {"duty_officer"}


def test_nothing_real_speaks_of_a_drill() -> None:
    response = respond(directory(), raised(alert(Severity.RED, 5.2)), NIGHT)
    assert not [n for n in response.notifications if "演练" in n.text]
