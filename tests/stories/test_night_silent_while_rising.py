"""A gauge falls silent while the water rises; somebody goes and reads the staff.

Who is told (MESSAGES.md): the desk and the patrolman, one of whom must answer; after 30 minutes
at night the next rung; no leader, unless a second sign comes. The staff gauge is that sign.
"""

from __future__ import annotations

from pathlib import Path

from monitor import acts
from tests.stories.harness import story

SILENT = """
+25:00 desk   【云溪镇政府】测站失联：石桥站，02:10断数据，断前在涨，末次86.10米。请电话问村、安全处看水尺，报读数，收到回754。
    duty_officer
+25:00 sms    【云溪镇政府】测站失联：石桥站，02:10断数据，断前在涨，末次86.10米。请电话问村、安全处看水尺，报读数，收到回754。
    desk-2 desk-3 grid-shiqiao
+25:00 wechat 【云溪镇政府】测站失联：石桥站，02:10断数据，断前在涨，末次86.10米。请电话问村、安全处看水尺，报读数，收到回754。
    desk-2 desk-3
"""

NO_ANSWER = """
+55:00 desk   【云溪镇政府】测站失联：石桥站，02:10断数据，断前在涨，末次86.10米。请电话问村、安全处看水尺，报读数，收到回754。
    duty_officer
+55:00 sms    【云溪镇政府】叫应上提：石桥站测站失联，值班员等2岗叫1次未应。请派人到安全处看水尺、报读数，收到回754。
    head-shiqiao
+55:00 wechat 【云溪镇政府】测站失联：石桥站，02:10断数据，断前在涨，末次86.10米。请电话问村、安全处看水尺，报读数，收到回754。
    desk-2 desk-3
"""

STAFF_GAUGE = """
+58:00 desk   【云溪镇政府】黄级叫应：石桥站，02:58水位86.62米，超警戒0.12米。请到岗巡查，桥面过水即封路，不用回复。
    duty_officer
+58:00 sms    【云溪镇政府】黄级叫应：石桥站，02:58水位86.62米，超警戒0.12米。请到岗巡查，桥面过水即封路，收到回587。
    grid-shiqiao
+58:00 sms    【云溪镇政府】黄级叫应：石桥站，02:58水位86.62米，超警戒0.12米。请到岗巡查，桥面过水即封路，不用回复。
    area-west cadre-hexi cadre-shiqiao deputy-mayor desk-2 desk-3 grid-hexi head-hexi head-shiqiao
+58:00 wechat 【云溪镇政府】黄级叫应：石桥站，02:58水位86.62米，超警戒0.12米。请到岗巡查，桥面过水即封路，不用回复。
    desk-2 desk-3
"""


async def test_a_gauge_that_falls_silent_while_rising_is_looked_for(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        for level in (85.90, 86.00, 86.10):
            await town.reads(level)
            await town.waits(minutes=5)
        town.nothing_rang()

        await town.waits(minutes=12)
        assert town.told() == SILENT.strip()

        await town.waits(minutes=31)
        assert town.told() == NO_ANSWER.strip()

        alert = await town.the_alert()
        await acts.acknowledge(town.desk, alert.id, "head-shiqiao", "phone", "desk-2")
        await acts.read_gauge(town.desk, "shiqiao", 86.62, "desk-2")
        await town.settle()
        assert town.told() == STAFF_GAUGE.strip()
        await town.answers("grid-shiqiao")
        await town.keeps_reading(86.60, hours=1)
