"""What is said of a site on the broker: how bad, since when, by which rule, and of nobody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from monitor import acts
from monitor.judging.announced import BY_HAND, announced
from tests.stories.harness import Story, story

SHIQIAO = "risk-out/yunxi/alerts/shiqiao"


def said(town: Story, *known: str) -> dict[str, dict[str, Any]]:
    knowledge, memory = town.settings.knowledge, town.ingest.memory
    found = announced(knowledge, memory, known, town.clock.now())
    return {topic: json.loads(payload) for topic, payload in found}


async def test_every_real_site_has_a_word_and_one_over_its_limit_says_since_when(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        assert said(town)[SHIQIAO] == {
            "condition": "SILENT", "severity": "NORMAL", "since": None, "basis": None,
        }  # fmt: skip
        await town.reads(87.9)
        town.told()
        told = said(town)
        assert (told[SHIQIAO]["condition"], told[SHIQIAO]["severity"]) == ("OVER", "RED")
        assert told[SHIQIAO]["since"] == town.clock.now().isoformat()
        assert told[SHIQIAO]["basis"]
        assert len(told) == len(town.settings.knowledge.sites)


async def test_what_a_person_said_and_who_it_was_stay_here(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await acts.call_by_hand(town.desk, "shiqiao", "orange", "老张家进水", "村民老张", "desk-2")
        await town.settle()
        town.told()
        told = json.dumps(said(town)[SHIQIAO], ensure_ascii=False)
        assert BY_HAND in told and "ORANGE" in told
        assert "老张" not in told and "desk-2" not in told


async def test_a_drill_has_a_voice_of_its_own_and_says_nothing_of_what_is_real(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.9, prefix="exercise/autumn-drill/")
        town.told()
        told = said(town)
        assert told[f"exercise/autumn-drill/{SHIQIAO}"]["severity"] == "RED"
        assert told[SHIQIAO]["severity"] == "NORMAL"
        drill = [topic for topic in told if topic.startswith("exercise/")]
        assert drill == [f"exercise/autumn-drill/{SHIQIAO}"], "not of sites it does not speak of"
        other = f"exercise/autumn-drill/{SHIQIAO.replace('shiqiao', 'manshui')}"
        assert other in said(town, other), "what was said once is kept true"
