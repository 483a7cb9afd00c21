"""A red night with a dead phone and a deputy who does not answer.

Who is told (MESSAGES.md): at red everyone of the lower levels, all leaders, 卫生院, 专职消防队 and
the villages downstream, by voice too; 村级, 转移责任人, 带班, 分管, 镇长 and 书记 must each answer;
after 5 minutes redial and superior in parallel; the duty officer reports to the county. The dead
phone of 河西村 costs no wait: its superior is called by voice at once and its B岗 within the minute;
what they were told by text a moment before puts off the text of it by the minute between two texts.
"""

from __future__ import annotations

from pathlib import Path

from monitor import acts
from tests.stories.harness import story

ORANGE = """
+00:00 desk   【云溪镇政府】报县提醒：石桥站为橙级，请值班员02:30前电话首报县防办，内容见值班台。报后回777。
    duty_officer
+00:00 desk   【云溪镇政府】橙级叫应：石桥站，02:00水位87.40米，达准备转移。请到村到组，老弱先转，不用回复。
    duty_officer
+00:00 sms    【云溪镇政府】橙级叫应：石桥站，02:00水位87.40米，达准备转移。请到村到组，老弱先转，报应转人数，收到回922。
    area-west grid-hexi head-shiqiao
+00:00 sms    【云溪镇政府】橙级叫应：石桥站，02:00水位87.40米，达准备转移。请到村到组，老弱先转，不用回复。
    area-east cadre-hexi cadre-shiqiao deputy-mayor desk-2 desk-3 emergency-office grid-shiqiao land-office mayor police secretary shelter water-office
+00:00 wechat 【云溪镇政府】橙级叫应：石桥站，02:00水位87.40米，达准备转移。请到村到组，老弱先转，报应转人数，收到回922。
    area-west
+00:00 wechat 【云溪镇政府】报县提醒：石桥站为橙级，请值班员02:30前电话首报县防办，内容见值班台。报后回777。
    desk-2 desk-3
+00:00 wechat 【云溪镇政府】橙级叫应：石桥站，02:00水位87.40米，达准备转移。请到村到组，老弱先转，不用回复。
    area-east deputy-mayor desk-2 desk-3 emergency-office land-office police water-office
+00:00 voice  云溪镇防指叫应。石桥站二点整，水位达到准备转移。请到村到组，老弱先转。听清按1，要支援按2，重听按3。
    area-east area-west cadre-shiqiao deputy-mayor desk-2 desk-3 grid-hexi grid-shiqiao head-shiqiao mayor shelter
+00:00 voice  云溪镇防指叫应。石桥站二点整，河西村村级责任人打不通。请您接手或派人到场。听清按1，要支援按2，重听按3。
    cadre-hexi
+01:00 sms    【云溪镇政府】报县提醒：石桥站为橙级，请值班员02:30前电话首报县防办，内容见值班台。报后回777。
    desk-2 desk-3
+01:00 sms    【云溪镇政府】叫应上提：石桥站为橙级，河西村村级责任人打不通。请您接手或派人到场，收到回922。
    cadre-hexi grid-hexi
+01:00 voice  云溪镇防指叫应。石桥站二点整，河西村村级责任人打不通。请您接手或派人到场。听清按1，要支援按2，重听按3。
    grid-hexi
+01:00 voice  云溪镇防指叫应。石桥站二点整，水位达到准备转移。请到村到组，老弱先转。听清按1，要支援按2，重听按3。
    cadre-hexi
"""

RED = """
+05:00 desk   【云溪镇政府】报县提醒：石桥站升为红级，请值班员02:35前电话续报县防办，内容见值班台。报后回680。
    duty_officer
+05:00 desk   【云溪镇政府】叫应升级：石桥站由橙级升红级，02:05水位87.82米！请马上转移沿河组群众，不用回复。
    duty_officer
+05:00 sms    【云溪镇政府】叫应升级：石桥站由橙级升红级，02:05水位87.82米！请马上转移沿河组群众并报人数，收到回702。
    area-west deputy-mayor head-shiqiao mayor secretary
+05:00 sms    【云溪镇政府】报县提醒：石桥站升为红级，请值班员02:35前电话续报县防办，内容见值班台。报后回680。
    desk-2 desk-3
+05:00 sms    【云溪镇政府】叫应升级：石桥站由橙级升红级，02:05水位87.82米！请马上转移河西组群众并报人数，收到回702。
    grid-hexi
+05:00 sms    【云溪镇政府】叫应升级：石桥站由橙级升红级，02:05水位87.82米！请马上转移沿河组群众，不用回复。
    area-east cadre-shiqiao desk-2 desk-3 emergency-office grid-shiqiao land-office police shelter water-office
+05:00 sms    【云溪镇政府】叫应升级：石桥站由橙级升红级，02:05水位87.82米！请马上转移河西组群众，不用回复。
    cadre-hexi
+05:00 sms    【云溪镇政府】红级叫应：石桥站，02:05水位87.82米，达立即转移！请马上转移沿河组群众，不用回复。
    clinic fire-team
+05:00 sms    【云溪镇政府】叫应上提：石桥站为红级，河西村村级责任人打不通。请您接手或派人到场，收到回702。
    cadre-hexi grid-hexi
+05:00 wechat 【云溪镇政府】叫应升级：石桥站由橙级升红级，02:05水位87.82米！请马上转移沿河组群众并报人数，收到回702。
    area-west deputy-mayor mayor secretary
+05:00 wechat 【云溪镇政府】报县提醒：石桥站升为红级，请值班员02:35前电话续报县防办，内容见值班台。报后回680。
    desk-2 desk-3
+05:00 wechat 【云溪镇政府】叫应升级：石桥站由橙级升红级，02:05水位87.82米！请马上转移沿河组群众，不用回复。
    area-east desk-2 desk-3 emergency-office land-office police water-office
+05:00 wechat 【云溪镇政府】红级叫应：石桥站，02:05水位87.82米，达立即转移！请马上转移沿河组群众，不用回复。
    clinic fire-team
+05:00 voice  云溪镇防指叫应。石桥站二点五分，由橙级升到红级。请马上组织沿河组转移。听清按1，要支援按2，重听按3。
    area-east area-west cadre-shiqiao deputy-mayor desk-2 desk-3 emergency-office grid-shiqiao head-shiqiao land-office mayor police secretary shelter water-office
+05:00 voice  云溪镇防指叫应。石桥站二点五分，由橙级升到红级。请马上组织河西组转移。听清按1，要支援按2，重听按3。
    cadre-hexi grid-hexi
+05:00 voice  云溪镇防指叫应。石桥站二点五分，水位达到立即转移。请马上组织沿河组转移。听清按1，要支援按2，重听按3。
    clinic fire-team
"""

FIVE_MINUTES = """
+06:00 voice  云溪镇防指叫应。石桥站二点五分，河西村村级责任人打不通。请您接手或派人到场。听清按1，要支援按2，重听按3。
    cadre-hexi grid-hexi
+10:00 sms    【云溪镇政府】叫应上提：石桥站为红级，分管领导叫1次未应。请您接手或派人到场，收到回702。
    mayor
+10:00 sms    【云溪镇政府】红级叫应：石桥站，02:05水位87.82米，达立即转移！请马上转移沿河组群众并报人数，收到回702。
    deputy-mayor
+10:00 wechat 【云溪镇政府】叫应上提：石桥站为红级，分管领导叫1次未应。请您接手或派人到场，收到回702。
    mayor
+10:00 wechat 【云溪镇政府】红级叫应：石桥站，02:05水位87.82米，达立即转移！请马上转移沿河组群众并报人数，收到回702。
    deputy-mayor
+10:00 voice  云溪镇防指叫应。石桥站二点五分，水位达到立即转移。请马上组织沿河组转移。听清按1，要支援按2，重听按3。
    deputy-mayor mayor
"""

TEN_MINUTES = """

"""

FELL = """
+51:00 desk   【云溪镇政府】水位回落：石桥站，02:51水位87.05米，已低于橙级线。继续值守，未接镇防指通知不得返回、不得放行。
    duty_officer
+51:00 sms    【云溪镇政府】水位回落：石桥站，02:51水位87.05米，已低于橙级线。继续值守，未接镇防指通知不得返回、不得放行。
    area-east area-west cadre-hexi cadre-shiqiao clinic deputy-mayor desk-2 desk-3 emergency-office fire-team grid-hexi grid-shiqiao head-shiqiao land-office mayor police secretary shelter water-office
+51:00 wechat 【云溪镇政府】水位回落：石桥站，02:51水位87.05米，已低于橙级线。继续值守，未接镇防指通知不得返回、不得放行。
    area-east area-west clinic deputy-mayor desk-2 desk-3 emergency-office fire-team land-office mayor police secretary water-office
"""

STOOD_DOWN = """
+86:00 desk   【云溪镇政府】处置解除：石桥站，03:26经镇长（示例）同意解除红级处置。查房查路、清点人数后返回，收到回5773。
    duty_officer
+86:00 sms    【云溪镇政府】处置解除：石桥站，03:26经镇长（示例）同意解除红级处置。查房查路、清点人数后返回，收到回5773。
    area-east area-west cadre-hexi cadre-shiqiao clinic deputy-mayor desk-2 desk-3 emergency-office fire-team grid-hexi grid-shiqiao head-shiqiao land-office mayor police secretary shelter water-office
+86:00 wechat 【云溪镇政府】处置解除：石桥站，03:26经镇长（示例）同意解除红级处置。查房查路、清点人数后返回，收到回5773。
    area-east area-west clinic deputy-mayor desk-2 desk-3 emergency-office fire-team land-office mayor police secretary water-office
"""


async def test_a_red_night_finds_everybody_but_the_dead_phone(tmp_path: Path) -> None:
    async with story(tmp_path) as town:
        town.phones.dead.add("head-hexi")
        await town.reads(87.40)
        await town.answers("head-shiqiao", "收到")
        await town.waits(minutes=2)
        assert town.told() == ORANGE.strip()

        await town.waits(minutes=3)
        await town.reads(87.82)
        assert town.told() == RED.strip()

        await town.waits(minutes=2)
        for person in ("grid-hexi", "head-shiqiao", "area-west", "secretary"):
            assert await town.answers(person) == "heard"
        await town.keeps_reading(87.90, minutes=4)
        assert town.told() == FIVE_MINUTES.strip()

        assert await town.answers("mayor") == "heard"
        await town.keeps_reading(87.95, minutes=15)
        await town.keeps_reading(87.50, minutes=20)
        town.nothing_rang()

        await town.keeps_reading(87.05, minutes=10)
        assert town.told() == FELL.strip()
        await town.keeps_reading(86.00, minutes=30)
        town.nothing_rang()

        alert = await town.the_alert()
        await acts.stand_down(town.desk, alert.id, "mayor", "水已退")
        await town.settle()
        assert town.told() == STOOD_DOWN.strip()
        await town.waits(hours=2)
