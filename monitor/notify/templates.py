"""The words that go out, one template a use. The rules they obey stand in `sheet.faults`.

Bodies only: the signature 【…】 is put before them. `${variables}` are explained in
`monitor/notify/phrases.py`. `config/` may better any of them by its use.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_ASKS = "收到回${code}"
_ASKS_WHETHER = "属实回${yes}，误报回${no}"
_NO_ANSWER = "不用回复"
_REPORTS = ("，报应转人数", "并报人数", "、报人数")
TELL = "_tell"
"""Suffix of the variant for those who are told and need not answer."""
DRILL = "_drill"
"""Suffix of the variant for drills: 演练 first and last."""

DEAD = "_dead"
"""Suffix of the variant that tells a superior of a duty whose phones are out of reach."""
UNCALLED = "_uncalled"
"""Suffix of the variant that tells a superior of a duty to whom nothing could be sent so far: a
person's limit of texts held it back."""
_UNANSWERED = "叫${n}次未应"
_WHY_NOT = {DEAD: "打不通", UNCALLED: "还没能叫到"}

LEVELS = {
    "blue": "水情关注：${site}，${time}水位${level}米，距警戒${gap}米，在上涨。"
    "请留意水情、保持手机畅通，收到回${code}。",
    "yellow": "黄级叫应：${site}，${time}水位${level}米，超警戒${over}米。"
    "请到岗巡查，桥面过水即封路，收到回${code}。",
    "orange": "橙级叫应：${site}，${time}水位${level}米，达准备转移。"
    "请到村到组，老弱先转，报应转人数，收到回${code}。",
    "red": "红级叫应：${site}，${time}水位${level}米，达立即转移！"
    "请马上转移${area}群众并报人数，收到回${code}。",
    "worse_yellow": "叫应升级：${site}由${old}级升黄级，${time}水位${level}米。"
    "请到岗巡查，桥面过水即封路，收到回${code}。",
    "worse_orange": "叫应升级：${site}由${old}级升橙级，${time}水位${level}米。"
    "请到村到组，老弱先转，报应转人数，收到回${code}。",
    "worse_red": "叫应升级：${site}由${old}级升红级，${time}水位${level}米！"
    "请马上转移${area}群众并报人数，收到回${code}。",
}
"""Where a level in metres speaks. Who was told before is told the new action by name."""

_DO = {
    "blue": "请留意、保持手机畅通，收到回${code}。",
    "yellow": "请到岗巡查，险处即封控，收到回${code}。",
    "orange": "请到村到组，老弱先转，报应转人数，收到回${code}。",
    "red": "请马上转移${area}群众并报人数，收到回${code}。",
}
_HEAD = {"blue": "蓝级关注", "yellow": "黄级叫应", "orange": "橙级叫应", "red": "红级叫应"}
_STOP = {"blue": "。", "yellow": "。", "orange": "，准备转移。", "red": "，立即转移！"}

OTHERS = {
    f"{use}_{kind}": _HEAD[use] + seen + _STOP[use] + do
    for use, do in _DO.items()
    for kind, seen in {
        "measured": "：${site}，${time}，${what}达${amount}",
        "still": "：${site}，${time}水位${level}米，后无数据",
        "silent": "：${site}，${time}失联前${level}米有佐证",
        "plain": "：${site}，${time}",
    }.items()
}
OTHERS |= {
    use + hand: _HEAD[use] + "：${site}，${time}" + came + "${source}报：${because}。" + do
    for use, do in _DO.items()
    for hand, came in (("_hand", "接"), ("_hand_still", "起"))
}
"""Where no level speaks: rain and the like, a call by hand, and the last resort."""

PLACES = {
    "downstream": "上游来水：${site}，${time}达${sev}级，约${eta}分钟到${area}。"
    "请河边人员先撤、封桥路，收到回${code}。",
    "superior": "叫应上提：${site}为${sev}级，${duty}叫${n}次未应。"
    "请您接手或派人到场，收到回${code}。",
    "superior_silent": "叫应上提：${site}测站失联，${duty}叫${n}次未应。"
    "请派人到安全处看水尺、报读数，收到回${code}。",
    "superior_bridge": "叫应上提：${bridge}有人上桥，${duty}叫${n}次未应。"
    "请马上到场劝离、两头封桥，不得下水，收到回${code}。",
    "superior_vacant": "叫应上提：${site}为${sev}级，${duty}无人可叫。"
    "请您接手或派人到场，收到回${code}。",
    "hand_dial": "手拨名单：${site}为${sev}级，${duty}叫遍未联系上。"
    "请照值班台名单拨打或派人上门，联系上后登记。",
    "fell": "水位回落：${site}，${time}水位${level}米，已低于${basis}。"
    "继续值守，未接镇防指通知不得返回、不得放行。",
    "fell_plain": "级别回落：${site}，${time}已回落到${basis}以下。"
    "继续值守，未接镇防指通知不得返回、不得放行。",
    "stand_down": "处置解除：${site}，${time}经${leader}同意解除${sev}级处置。"
    "查房查路、清点人数后返回，收到回${code}。",
    "closed": "监测调整：${site}已停止监测，不再自动叫应。请按原安排值守，听值班室通知，不用回复。",
    "bridge": "有人上桥：${bridge}，${time}桥面过水，画面有人。"
    "请马上喊话劝离、两头封桥，不得下水，收到回${code}。",
    "silent": "测站失联：${site}，${time}断数据，断前在涨，末次${level}米。"
    "请电话问村、安全处看水尺，报读数，收到回${code}。",
    "silent_over": "测站失联：${site}，${time}断数据，断前超限，末次${level}米。"
    "请电话问村、安全处看水尺，报读数，收到回${code}。",
    "silent_plain": "测站失联：${site}，${time}断数据。"
    "请电话问村、安全处看现场，报情况，收到回${code}。",
    "silent_area": "片区失联：${site}等${count}台设备，${time}断数据。"
    "请查通信供电，电话问村、安全处看水尺，收到回${code}。",
    "suspect": "数据存疑：${site}，${time}读数${level}米，疑设备故障。"
    "请先看视频或问村里，属实回${yes}，误报回${no}。",
    "suspect_plain": "数据存疑：${site}，${time}读数异常，疑设备故障。"
    "请先看视频或问村里，属实回${yes}，误报回${no}。",
    "suspect_look": "数据存疑：${site}，${time}读数${level}米未核实。"
    "请安全处看水尺，不得涉水，属实回${yes}，误报回${no}。",
    "suspect_look_plain": "数据存疑：${site}，${time}读数异常未核实。"
    "请到安全处看现场，不得涉水，属实回${yes}，误报回${no}。",
    "unverified": "未核实：${site}，${time}读数${level}米存疑，没人核实。"
    "请派人安全处看水尺，属实回${yes}，误报回${no}。",
    "unverified_plain": "未核实：${site}，${time}读数异常，没人核实。"
    "请派人到安全处看现场，属实回${yes}，误报回${no}。",
    "report": "报县提醒：${site}为${sev}级，请值班员${due}前电话首报县防办，"
    "内容见值班台。报后回${code}。",
    "report_again": "报县提醒：${site}升为${sev}级，请值班员${due}前电话续报县防办，"
    "内容见值班台。报后回${code}。",
    "late": "补发：${from}至${to}短信中断，期间${site}最高${sev}级，现为${now}级。"
    "请核对已办事项，收到回${code}。",
    "late_fell": "补发：${from}至${to}短信中断，期间${site}最高${sev}级，现已回落。"
    "请核对已办事项，收到回${code}。",
    "bundle": "合并叫应：${from}至${to}共${count}条，${sites}最高${sev}级，现为${now}级。"
    "请按最高级别到岗处置，收到回${code}。",
    "bundle_one_fell": "迟发叫应：${site}，${from}达${sev}级，现已回落。"
    "请继续值守，收到回${code}。",
    "bundle_red": "红级合并叫应：${reds}，达立即转移！请马上转移各处群众并报人数，收到回${code}。",
    "bundle_report": "报县提醒：${sites}最高${sev}级，请值班员${due}前电话报县防办，"
    "内容见值班台。报后回${code}。",
    "bundle_fell": "合并叫应：${from}至${to}共${count}条，${sites}最高${sev}级，现已回落。"
    "请继续值守，收到回${code}。",
}

PLACES |= {
    use + why: text.replace(_UNANSWERED, said)
    for use, text in PLACES.items()
    for why, said in _WHY_NOT.items()
    if _UNANSWERED in text
}

DRILLS = {
    # any level; a rehearsal needs no words of its own for each
    "drill": "演练！${sev}级叫应：${site}，${time}模拟水位${level}米。"
    "请按方案行动、报人数，收到回${code}。以上为演练",
    "drill_measured": "演练！${sev}级叫应：${site}，${time}模拟${what}达${amount}。"
    "请按方案行动、报人数，收到回${code}。以上为演练",
    "drill_plain": "演练！${sev}级叫应：${site}，${time}模拟。"
    "请按方案行动、报人数，收到回${code}。以上为演练",
    "bundle_drill": "演练！合并：${from}至${to}共${count}条，${sites}最高${sev}级，现为${now}级。"
    "请按方案行动，收到回${code}。以上为演练",
    "bundle_one_fell_drill": "演练！迟发：${site}，${from}达${sev}级，现已回落。"
    "请按方案行动，收到回${code}。以上为演练",
    "bundle_fell_drill": "演练！合并：${from}至${to}共${count}条，${sites}最高${sev}级，现已回落。"
    "请按方案行动，收到回${code}。以上为演练",
    "drill_aborted": "演练中止，真实险情！${drill}停止，请原地待命、保持通话，"
    "按随后的叫应短信行动。",
    "drill_over": "演练结束：${drill}，${time}结束。请清点人数、恢复桥路，"
    "${due}前交评估表。以上为演练",
}

READINESS = {
    "drill_missed": "演练提醒：${period}还没有${risk}演练记录。请${duty}于${due}前组织，"
    "方案、签到、照片、评估一并归档。",
    "plan_expired": "预案提醒：${plan}已于${date}到期，请${duty}于${due}前修订报批备案。"
    "新案印发前仍按原案执行。",
    "phone_dead": "责任清单提醒：${place}的${duty}电话打不通，请于${due}前核实更新，"
    "期间由${sub}代岗。",
    "findings": "待办提醒：${duty}名下有${count}项待办：${kinds}。"
    "请于${due}前逐项核办，详见值班台，不用回复。",
}

_KEYS = "听清按1，要支援按2，重听按3。"
VOICES = {
    "voice_blue": "${town}防指叫应。${heard}，水位接近警戒。请留意水情。" + _KEYS,
    "voice_yellow": "${town}防指叫应。${heard}，水位超过警戒。请到岗巡查，桥面过水即封路。" + _KEYS,
    "voice_orange": "${town}防指叫应。${heard}，水位达到准备转移。请到村到组，老弱先转。" + _KEYS,
    "voice_red": "${town}防指叫应。${heard}，水位达到立即转移。请马上组织${area}转移。" + _KEYS,
    "voice_worse_yellow": "${town}防指叫应。${heard}，由${old}级升到黄级。请到岗巡查，险处即封控。"
    + _KEYS,
    "voice_worse_orange": "${town}防指叫应。${heard}，由${old}级升到橙级。请到村到组，老弱先转。"
    + _KEYS,
    "voice_worse_red": "${town}防指叫应。${heard}，由${old}级升到红级。请马上组织${area}转移。"
    + _KEYS,
    "voice_downstream": "${town}防指叫应。${heard}，上游来水，约${eta}分钟到${area}。"
    "请河边人员先撤。" + _KEYS,
    "voice_superior": "${town}防指叫应。${heard}，${duty}叫${n}次未应。请您接手或派人到场。"
    + _KEYS,
    "voice_superior_bridge": "${town}防指叫应。${heard}，有人上桥，${duty}叫${n}次未应。"
    "请马上到场劝离封桥。" + _KEYS,
    "voice_bridge": "${town}防指叫应。${heard}，桥面过水，有人上桥。请马上劝离封桥，不得下水。"
    + _KEYS,
    "voice_unverified": "${town}防指叫应。${heard}，读数存疑，未核实。请派人到安全处看水尺，"
    "结果报值班室。" + _KEYS,
    "voice_plain": "${town}防指叫应。${heard}，有${sev}级叫应。请马上看短信，或打值班室电话。"
    + _KEYS,
    "voice_bundle": "${town}防指叫应。${heard}，合并${count}条叫应，最高${sev}级。"
    "请马上看短信，或打值班室电话。" + _KEYS,
    "voice_late": "${town}防指补发。${heard}，叫应中断期间最高${sev}级，现为${now}级。"
    "请马上看短信，或打值班室电话。" + _KEYS,
    "voice_drill_aborted": "${town}防指叫应。演练中止，真实险情，${drill}停止。"
    "请原地待命，按随后的叫应行动。" + _KEYS,
    "voice_stand_down": "${town}防指通知。${heard}，${sev}级处置已解除。请看短信，或打值班室电话。"
    + _KEYS,
    "voice_notice": "${town}防指通知。${heard}，有新通知。请看短信，或打值班室电话。" + _KEYS,
}
VOICES |= {
    f"voice_{use}_{kind}": "${town}防指叫应。${heard}，" + _HEAD[use] + "。" + do + _KEYS
    for use, do in {
        "blue": "请留意、保持手机畅通。",
        "yellow": "请到岗巡查，险处即封控。",
        "orange": "请到村到组，老弱先转。",
        "red": "请马上组织${area}转移。",
    }.items()
    for kind in ("measured", "hand", "still", "hand_still", "silent", "plain")
}
VOICES |= {
    use + why: text.replace(_UNANSWERED, said)
    for use, text in VOICES.items()
    for why, said in _WHY_NOT.items()
    if _UNANSWERED in text
}
"""About 16 seconds each; `${heard}` is the place and the time as they are spoken."""

GROUP_END = "内部工作信息，请勿转发"

_REHEARSED = {*PLACES, *VOICES} - {
    "silent",
    "silent_over",
    "superior_bridge",
    "superior_bridge_dead",
    "superior_bridge_uncalled",
    "voice_drill_aborted",
}
"""Those that a drill says in their own words: these would be over one part, and the plain one
says enough; levels have `drill`."""

SHIPPED: Mapping[str, str] = LEVELS | OTHERS | PLACES | DRILLS | READINESS | VOICES


def complete(bettered: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """The shipped templates, those of `config/` over them, and the variants made from both.

    A variant that `config/` words itself is kept as worded.
    """
    whole = {**SHIPPED, **(bettered or {})}
    told = {
        use + TELL: _told(text)
        for use, text in whole.items()
        if _told(text) != text and not use.endswith(DRILL)
    }
    rehearsed = {
        use + DRILL: f"演练！{text}演练"
        for use, text in {**told, **whole}.items()
        if use.removesuffix(TELL) in _REHEARSED
    }
    return {**told, **rehearsed, **whole}


def _told(text: str) -> str:
    """The same for somebody who need not answer, and so reports nothing."""
    text = _without(text, _REPORTS)
    return text.replace(_ASKS, _NO_ANSWER).replace(_ASKS_WHETHER, _NO_ANSWER)


def spoken(templates: Mapping[str, str]) -> Mapping[str, str]:
    """The same as one person says it to another by phone: who listens answers at once, and needs
    no digits for it."""
    asks = (f"，{_ASKS}", f"，{_ASKS_WHETHER}", f"，{_NO_ANSWER}")
    return {use: _without(text, asks) for use, text in templates.items()}


def _without(text: str, parts: Iterable[str]) -> str:
    for part in parts:
        text = text.replace(part, "")
    return text


WHOLE: Mapping[str, str] = complete()
"""The shipped templates with their variants: what holds where `config/` says nothing usable."""
