"""People were called, and what came late showed that the water did not stand so long."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor import acts
from monitor.alerting.severity import Severity
from monitor.explaining import explain
from monitor.reference.people import DUTY_DESK
from monitor.settings import Settings
from tests.stories.harness import Story, edited, story
from tests.web.conftest import web_of

HIGH, LOW = 87.25, 86.0


def slow(folder: Path) -> Settings:
    """The gauge under a delay of ten minutes."""
    shown = "sensors: [shiqiao-level]\n    deadband: 0.10\n"
    return edited(folder, ("rules.yaml", shown, shown + "    on_delay: 10 min\n"))


async def _called_for_nothing(town: Story) -> None:
    """Orange after ten minutes over; then the low value between comes, and the water falls."""
    await town.reads(LOW)
    for minutes, level in ((5, HIGH), (10, HIGH), (5, None), (1, LOW)):
        await town.waits(minutes=minutes)
        if level is not None:
            await town.reads(level)
        else:
            await town.reads(LOW, ago=timedelta(minutes=9))


async def test_who_was_called_is_not_forgotten_until_a_named_person_ends_it(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, settings=slow(tmp_path)) as town:
        await _called_for_nothing(town)
        assert "desk-2" in {who for who, medium, _ in town.rang(medium="sms")}
        (notice,) = [text for *_, text in town.rang(DUTY_DESK) if "迟到数据" in text]
        assert notice.startswith("补判：石桥站") and "已叫应橙级，迟到数据表明最高黄级" in notice
        (alert,) = await town.store.open_matters()  # blue and yellow end with the water
        assert (alert.worst, alert.announced) == (Severity.YELLOW, Severity.ORANGE)
        found = await explain(town.store, town.settings.knowledge, alert)
        assert (found.worst, found.told) == ("YELLOW", "ORANGE")
        town.rang()
        await acts.stand_down(town.desk, alert.id, "mayor", "迟到数据")
        await town.waits(minutes=2)  # one text a minute
        ended = {text for *_, text in town.rang(medium="sms")}
        assert ended and all("橙级处置" in text for text in ended)
        assert await town.store.open_matters() == []
        town.rang()


async def test_who_was_told_that_it_fell_though_it_never_did_is_not_said_to_have_been_overcalled(
    tmp_path: Path,
) -> None:
    """A low value after a long pause is believed until what was measured before it comes."""
    async with story(tmp_path) as town, web_of(town) as web:
        for minutes, level in ((0, LOW), (5, HIGH), (5, HIGH), (16, LOW)):
            await town.waits(minutes=minutes)
            await town.reads(level)
        (fell,) = await town.store.open_matters()
        await town.waits(minutes=1)
        await town.reads(HIGH, ago=timedelta(minutes=3))
        (stands,) = (a for a in await town.store.open_matters() if a.id != fell.id)
        assert (stands.opened_at, stands.worst) == (fell.opened_at, Severity.ORANGE)
        assert not any("迟到数据" in text for *_, text in town.rang(DUTY_DESK))
        text = (await web.http.get("/")).text
        assert "并未回落（未解除）" in text and "叫应偏高" not in text
        found = await explain(town.store, town.settings.knowledge, fell)
        assert not found.overcalled
        town.rang()


async def test_the_page_says_what_it_was_and_at_which_level_they_were_called(
    tmp_path: Path,
) -> None:
    async with story(tmp_path, settings=slow(tmp_path)) as town, web_of(town) as web:
        await _called_for_nothing(town)
        text = (await web.http.get("/")).text
        assert "叫应偏高（未解除）" in text and "水位回落" not in text
        (shown,) = (await web.http.get("/api/v1/alerts")).json()
        assert (shown["worst"], shown["told_level"]) == ("yellow", "orange")
        assert shown["overcalled"] is True
        town.rang()
