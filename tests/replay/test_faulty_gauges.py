"""Gauges that lied, under the limits we ship: whom they wake, and what they may not end."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from monitor.alerting.severity import Condition, Severity
from monitor.ingest.message import Message
from monitor.judging.memory import Memory
from monitor.judging.sites import standing
from monitor.pipeline import decide, hear
from monitor.scope import Scope, Status
from monitor.settings import Settings
from tests.replay.record import RED, Said, record, township
from tests.replay.service import Heard, judged, publication

STUCK = ("3300000049", "3600000038")
"""Two gauges that say the same for days, the second above its flood level."""


@pytest.fixture(scope="module")
def said(shared: Path) -> list[Said]:
    return record(shared / "stage/jp_mlit/faulty_sensors.csv")


@pytest.fixture(scope="module")
def heard(said: list[Said], tmp_path_factory: pytest.TempPathFactory) -> Heard:
    settings: Settings = township(tmp_path_factory.mktemp("faulty") / "config", said)
    return judged(settings, said)


def test_at_least_60_of_134_false_reds_page_nobody_as_red(said: list[Said], heard: Heard) -> None:
    """A false red that is believed is counted against us even where it rings nobody anew, because
    an earlier one did."""
    false = [one for one in said if one.official is RED]
    which = {id(one): (one.sensor, one.at) for one in false}
    rang = [one for one in false if heard.paged.get(which[id(one)]) is RED]
    believed = [one for one in false if heard.observations[which[id(one)]].judges]
    stood = [one for one in false if heard.judgements[which[id(one)]].severity is RED]
    print(
        f"of {len(false)} false reds {len(false) - len(believed)} are not believed and page nobody "
        f"as red; {len(rang)} rang; red stood during {len(stood)}; undecidable from one gauge, "
        f"after a gap or borne out by the next reading: {dict(Counter(o.code for o in believed))}"
    )
    assert len(false) == 134
    assert len(false) - len(believed) >= 60
    assert {id(one) for one in rang} <= {id(one) for one in believed}


def test_every_false_red_still_reaches_what_the_authority_said(
    said: list[Said], heard: Heard
) -> None:
    for one in said:
        assert heard.judgements[one.sensor, one.at].reached is one.official


@pytest.mark.parametrize("code", STUCK)
def test_a_stuck_gauge_is_told_as_one_and_clears_nothing(
    said: list[Said], heard: Heard, code: str
) -> None:
    stood = Severity.NORMAL
    flat = 0
    for one in (one for one in said if one.code == code):
        seen = heard.observations[one.sensor, one.at]
        now = heard.judgements[one.sensor, one.at].severity
        if "flat line" in seen.reasons:
            flat += 1
            assert not seen.judges
            assert now >= stood
        stood = now
    assert flat > 100


def test_no_site_is_called_ok_while_its_newest_reading_is_not_believed(
    said: list[Said], tmp_path: Path
) -> None:
    settings = township(tmp_path / "config", said)
    knowledge, words = settings.knowledge, Counter[str]()
    scope = Scope("yunxi", Status.ACTUAL, "")
    memory = Memory.empty("yunxi", said[0].at)
    for one in said:
        at, topic, payload = publication(one)
        heard = hear(knowledge, [Message(topic, payload, at, False)])
        outcome = decide(knowledge, memory, heard, at)
        memory.swap(outcome)
        site = knowledge.sites[knowledge.sensors[one.sensor].site]
        word = standing(knowledge, memory, scope, site, at).condition
        for seen in outcome.observations:
            words[f"{seen.flag.name} {word}"] += 1
            assert seen.judges or word is not Condition.OK
    print(f"the site's word by the flag of its newest reading: {dict(words)}")
    assert words["SUSPECT SUSPECT"] > 0
