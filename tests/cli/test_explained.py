"""What `monitor explain` prints for an officer: Chinese, and the township's own time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import acts
from monitor.cli.explained import Chinese, English, title_of
from monitor.cli.reasons import PATTERNS
from monitor.explaining import explain
from monitor.notify import arranging, bundling, directory, instead
from monitor.notify.templates import WHOLE
from monitor.store import answers, caps, pause, texts
from monitor.store.restoring import RESTORED
from tests.stories.harness import Story, edited, example, story

KEPT = (
    *(bundling.WINDOW, bundling.LIMIT, bundling.REPEAT, bundling.PRESSED),
    *(arranging.PAST, arranging.STOOD_STILL, *instead.NoWay),
    *(directory.VACANT, directory.NO_CHANNEL, directory.NOT_IN_DRILL, directory.TEST_ONLY_DESK),
    *(caps.OVER_CAP, caps.LAPSED, caps.GIVING_UP, caps.GIVEN_UP),
    *(texts.HIDDEN, texts.REPORTED_SINCE, answers.SENT_HOME, pause.BROKEN_OFF, RESTORED),
)
ENGLISH = re.compile(r"[A-Za-z]{2,}")


async def shown(town: Story) -> list[str]:
    found = await explain(town.store, town.settings.knowledge, await town.the_alert())
    return list(Chinese(town.settings.knowledge).lines(found, everybody=True))


def beside_ids(lines: list[str]) -> Iterator[str]:
    """Without the ids of persons and of the alert, the zone, a provider's words of a try."""
    for line in lines:
        if not line.startswith("编号"):
            yield re.sub(r"（[a-z0-9_-]+）$|通道已受理 OK$", "", line)


@pytest.mark.parametrize("reason", KEPT)
def test_every_reason_that_is_kept_has_its_chinese(reason: str) -> None:
    assert not ENGLISH.search(Chinese(example().knowledge).why(reason))


def test_every_message_has_a_name() -> None:
    names = {title_of(use) for use in WHOLE}
    assert not [name for name in names if not name or "$" in name or len(name) > 8]
    assert {title_of(use) for use in ("red", "red_hand_tell", "voice_red")} == {"红级叫应"}
    assert title_of("drill_tell") == "演练叫应" and title_of("fell_drill") == "水位回落"


def test_no_pattern_hides_a_reason_that_it_does_not_say_whole() -> None:
    """Each field of what is kept stands in what is said, but for the role of a duty."""
    for pattern, said in PATTERNS:
        named = set(re.findall(r"\?P<(\w+)>", pattern))
        assert named - set(re.findall(r"{(\w+)}", said)) <= {"text"}, pattern


async def test_a_night_is_told_in_chinese_and_local_time(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        town.phones.dead.add("head-hexi")
        await town.reads(87.40)
        await town.waits(minutes=11)
        await town.answers("area-west")
        await acts.stand_down(town.desk, (await town.the_alert()).id, "mayor", "水已退")
        await town.keeps_reading(84.0, minutes=30)
        town.told()
        lines = await shown(town)
        assert lines[0] == "石桥站 洪水，最高橙级，07-15 02:00:00 起，07-15 02:16:00 回落"
        assert lines[1].endswith("以下为当地时间（Asia/Shanghai）")
        assert [line for line in beside_ids(lines) if ENGLISH.search(line)] == []
        (of,) = [i for i, line in enumerate(lines) if line.endswith("（head-hexi）")]
        assert lines[of + 1 : of + 3] == [
            "  07-15 02:00:00 短信 橙级叫应：关机/停机",
            "    07-15 02:00:00 通道拒收 停机",
        ]
        assert any("应答：收到（橙级，短信）" in line for line in lines)
        assert any("级别回落（不需应答）：已撤回，未发：事项已解除" in line for line in lines)


async def test_who_was_not_told_reads_why_in_chinese(tmp_path: Path) -> None:
    vacant = ("people.yaml", "title: 派出所, person: police", "title: 派出所")
    async with story(tmp_path, settings=edited(tmp_path, vacant)) as town:
        await town.reads(86.55)
        await town.waits(hours=2)
        town.told()
        knowledge, alert = town.settings.knowledge, await town.the_alert()
        for person in knowledge.directory.people.persons:
            found = await explain(town.store, knowledge, alert, person)
            lines = list(Chinese(knowledge).lines(found, everybody=True))
            said = "\n".join(line for line in beside_ids(lines) if "未叫" in line)
            assert not ENGLISH.search(said), said


async def test_english_says_which_time_it_is_too(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(87.40)
        town.told()
        found = await explain(town.store, town.settings.knowledge, await town.the_alert(), "mayor")
        later = datetime(2026, 7, 14, 18, 30, tzinfo=UTC) + timedelta(0)
        head, *lines = English(town.settings.knowledge).lines(
            replace(found, cleared_at=later), everybody=False
        )
        assert head.endswith("since 07-15 02:00:00 (Asia/Shanghai)")
        assert any(line.startswith("  07-15 02:00:00 短信 orange_tell") for line in lines)
