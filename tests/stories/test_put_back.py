"""The store was put back from a backup while people were being called for what stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from monitor import acts
from monitor.hand_dial import HandDial, hand_dial
from monitor.store.backup import backup, restore
from tests.stories.harness import Phones, Story, story


async def a_red_night(folder: Path) -> Phones:
    """Red is called for and nobody has answered; then the machine is gone. What was put back of
    it twenty minutes later lies in `folder`."""
    lost = folder / "lost"
    lost.mkdir()
    async with story(lost) as town:
        await town.reads(87.9)
        await town.waits(minutes=2)
        town.rang()
        backup(lost / "story.sqlite", folder / "copy.sqlite")
        phones = town.phones
    (folder / "story.key").write_bytes((lost / "story.key").read_bytes())
    restore(folder / "copy.sqlite", folder / "story.sqlite")
    await phones.clock.wait_until(phones.clock.now() + timedelta(minutes=20))
    return phones


async def the_list(town: Story) -> HandDial:
    return await hand_dial(town.store, town.settings.knowledge, town.clock.now())


async def test_red_of_a_gauge_that_is_silent_since_is_called_anew_by_time_alone(
    tmp_path: Path,
) -> None:
    phones = await a_red_night(tmp_path)
    async with story(tmp_path, phones=phones) as town:
        town.nothing_rang()
        await town.waits(minutes=4)
        town.nothing_rang()
        await town.waits(minutes=1)
        print(town.told())
        raise SystemExit
