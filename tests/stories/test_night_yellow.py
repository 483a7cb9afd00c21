"""A night that ends at yellow: 到岗巡查 is called, climbs once, and the water falls quietly.

Who is told (MESSAGES.md): at blue the desk, and the patrolman by day only; at yellow 村级责任人,
网格员, 包村干部 and the leaders by SMS, no reply asked; the patrolman, A or B岗, must answer;
after 15 minutes it climbs to 村级. Blue and yellow end on the screen.
"""

from __future__ import annotations

from pathlib import Path

from monitor.notify.escalation import LadderState
from tests.stories.harness import story

BLUE = """
+05:00 desk   【云溪镇政府】水情关注：石桥站，02:05水位86.25米，距警戒0.25米，在上涨。请留意水情、保持手机畅通，收到回298。
    duty_officer
+05:00 sms    【云溪镇政府】水情关注：石桥站，02:05水位86.25米，距警戒0.25米，在上涨。请留意水情、保持手机畅通，收到回298。
    desk-2 desk-3
"""

YELLOW = """
+25:00 desk   【云溪镇政府】叫应升级：石桥站由蓝级升黄级，02:25水位86.55米。请到岗巡查，桥面过水即封路，不用回复。
    duty_officer
+25:00 sms    【云溪镇政府】叫应升级：石桥站由蓝级升黄级，02:25水位86.55米。请到岗巡查，桥面过水即封路，收到回750。
    grid-shiqiao
+25:00 sms    【云溪镇政府】黄级叫应：石桥站，02:25水位86.55米，超警戒0.05米。请到岗巡查，桥面过水即封路，不用回复。
    area-west cadre-hexi cadre-shiqiao deputy-mayor grid-hexi head-hexi head-shiqiao
+25:00 sms    【云溪镇政府】叫应升级：石桥站由蓝级升黄级，02:25水位86.55米。请到岗巡查，桥面过水即封路，不用回复。
    desk-2 desk-3
+25:00 wechat 【云溪镇政府】叫应升级：石桥站由蓝级升黄级，02:25水位86.55米。请到岗巡查，桥面过水即封路，不用回复。
    desk-2 desk-3
"""

NO_ANSWER = """
+40:00 sms    【云溪镇政府】叫应上提：石桥站为黄级，石桥站巡查责任人叫1次未应。请您接手或派人到场，收到回750。
    head-shiqiao
"""


async def test_a_yellow_night_climbs_once_and_ends_on_the_screen(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        await town.reads(86.00)
        town.nothing_rang()

        await town.waits(minutes=5)
        await town.reads(86.25)
        assert town.told() == BLUE.strip()

        await town.keeps_reading(86.40, minutes=15)
        await town.waits(minutes=5)
        await town.reads(86.55)
        assert town.told() == YELLOW.strip()

        await town.keeps_reading(86.60, minutes=16)
        assert town.told() == NO_ANSWER.strip()
        await town.answers("head-shiqiao", "收到")
        ladders = await town.store.ladders_of((await town.the_alert()).id)
        assert {(one.duty, one.state, one.reason) for one in ladders} == {
            ("duty-officer", LadderState.DONE, "hand-dial"),
            ("patrol-shiqiao", LadderState.HELD, "head-shiqiao"),
        }

        await town.keeps_reading(86.45, hours=1)
        await town.keeps_reading(86.30, hours=1)
        await town.keeps_reading(86.05, hours=3)
        town.nothing_rang()
        assert not (await town.the_alert()).is_active
