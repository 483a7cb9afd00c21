"""Who is told, at which level, in which words."""

from __future__ import annotations

from monitor.alerting.severity import Severity
from monitor.notify.routing import respond
from tests.notify.township import NIGHT, alert, directory, raised


def test_a_red_rings_everyone_by_every_way_they_have() -> None:
    response = respond(directory(), raised(alert(Severity.RED, 5.2)), NIGHT)
    chief = {n.channel: n.text for n in response.notifications if n.person == "chief"}
    assert set(chief) == {"sms", "wecom", "call"}
    code = response.escalations[0].code
    assert chief["sms"] == (
        "【云溪镇政府】红级叫应：石桥站，03:12水位5.20米，达立即转移！"
        f"请马上转移河西组群众并报人数，收到回{code}。"
    )
    assert chief["call"] == (
        "云溪镇防指叫应。石桥站三点十二分，水位达到立即转移。请马上组织河西组转移。"
        "听清按1，要支援按2，重听按3。"
    )


def test_deciding_twice_promises_the_same() -> None:
    change = raised(alert(Severity.RED, 5.2))
    assert respond(directory(), change, NIGHT) == respond(directory(), change, NIGHT)
