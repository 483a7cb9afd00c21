"""A camera speaks only of danger, and of one occupation once."""

from __future__ import annotations

from typing import Any

from monitor.alerting.rule import Judgement, Rule
from monitor.alerting.rules.detection import RULE, Hours
from monitor.alerting.severity import Severity
from monitor.ingest.observation import Observation
from monitor.ingest.reading import Detection, Phase
from tests.alerting.world import SITE, T0, World, minutes, rule, seen

NORMAL, BLUE, YELLOW, ORANGE, RED = Severity
PRESENCE = {
    "severity": "orange",
    "zones": ["deck"],
    "danger": {"sensor": "level", "at_least": "yellow"},
}


def camera(**parameters: Any) -> Rule:
    return rule(RULE, {**PRESENCE, **parameters}, quantity="detection", unit="1")


def word(
    minute: float,
    phase: str = "new",
    event: str = "e1",
    *,
    label: str = "person",
    zone: str = "deck",
    score: float = 0.9,
) -> Observation:
    detail = Detection(event, Phase(phase), label, (zone,), "ford")
    return seen(score, T0 + minutes(minute), detail=detail)


class Bridge:
    """A camera over a ford, and the water."""

    def __init__(self, **parameters: Any) -> None:
        self.rule, self.state = camera(**parameters), None
        self.world = World(severities={"level": YELLOW})

    def sees(self, *words: Observation) -> Severity:
        for one in words:
            self.state, self.told = RULE.fold(self.rule, self.state, one, self.world)
        return self.told.severity

    def waits_until(self, minute: float) -> Judgement | None:
        assert RULE.tick
        ticked = RULE.tick(self.rule, "gauge", self.state, T0 + minutes(minute), self.world)
        if ticked is None:
            return None
        self.state, judgement = ticked
        return judgement


def test_a_person_on_the_bridge_is_normal_while_the_water_is_low() -> None:
    bridge = Bridge()
    bridge.world.severities["level"] = BLUE
    assert bridge.sees(word(0)) is NORMAL


def test_a_person_on_the_bridge_under_water_is_told() -> None:
    bridge = Bridge()
    assert bridge.sees(word(0)) is ORANGE
    assert bridge.told.basis == "有人上桥"


def test_a_closed_site_is_dangerous_whatever_the_water() -> None:
    bridge = Bridge()
    bridge.world.severities.clear()
    bridge.world.closed.add(SITE.id)
    assert bridge.sees(word(0)) is ORANGE


def test_one_event_is_one_occupation_from_new_through_update_to_end() -> None:
    bridge = Bridge()
    bridge.sees(word(0))
    since = bridge.told.since
    for minute in (1, 2, 3):
        assert bridge.sees(word(minute, "update")) is ORANGE
        assert bridge.told.since == since
    assert bridge.sees(word(4, "end")) is NORMAL


def test_a_second_event_prolongs_the_occupation() -> None:
    bridge = Bridge()
    bridge.sees(word(0), word(1, event="e2"), word(2, "end"))
    assert (bridge.told.severity, bridge.told.since) == (ORANGE, T0)
    assert bridge.sees(word(3, "end", event="e2")) is NORMAL


def test_an_end_that_never_comes_ends_after_the_hold() -> None:
    bridge = Bridge(hold="5 min")
    bridge.sees(word(0))
    assert bridge.waits_until(4.9) is None
    ended = bridge.waits_until(5)
    assert ended and (ended.severity, ended.value) == (NORMAL, 0.9)


def test_who_stood_there_before_the_water_is_in_danger_once_it_comes() -> None:
    bridge = Bridge()
    bridge.world.severities.clear()
    assert bridge.sees(word(0)) is NORMAL
    assert bridge.waits_until(1) is None
    bridge.world.severities["level"] = RED
    told = bridge.waits_until(2)
    assert told and told.severity is ORANGE


def test_another_label_another_zone_and_a_low_score_say_nothing() -> None:
    assert Bridge().sees(word(0, label="dog")) is NORMAL
    assert Bridge().sees(word(0, zone="bank")) is NORMAL
    assert Bridge().sees(word(0, score=0.59)) is NORMAL


def test_what_was_seen_clearly_once_is_followed_below_the_score() -> None:
    assert Bridge().sees(word(0), word(1, "update", score=0.3)) is ORANGE


def test_who_walks_out_of_the_zone_has_left() -> None:
    assert Bridge().sees(word(0), word(1, "update", zone="bank")) is NORMAL


def test_outside_its_hours_it_says_nothing() -> None:
    night = {"from": "20:00", "to": "06:00"}  # T0 is 08:00 in China
    assert Bridge(hours=night).sees(word(0)) is NORMAL
    assert Bridge(hours=night).sees(word(12 * 60)) is ORANGE
    assert [Hours(start="20:00", end="06:00").include(t) for t in ("20:00", "05:59", "06:00")] == [
        True,
        True,
        False,
    ]


def test_who_is_there_survives_a_restart() -> None:
    bridge = Bridge()
    bridge.sees(word(0), word(1, event="e2"))
    assert RULE.load(RULE.dump(bridge.state)) == bridge.state
