"""What the demo itself says; phones speak Chinese in every language."""

from __future__ import annotations

from collections.abc import Mapping

ZH: Mapping[str, str] = {
    "title": "云溪镇（示例）风险监测 · 一场暴雨，四幕",
    "act-1": "第一幕 上游涨水，下游先知道",
    "act-2": "第二幕 漫水桥过水，有人上桥",
    "act-3": "第三幕 红级：一部手机停机，一位领导不应答",
    "act-4": "第四幕 第二天早上：平时的功课也要查",
    "dry_visit": "有人走过漫水桥，桥面没水：不报警",
    "wet_visit": "又有人走上漫水桥，这次桥面过水",
    "power_fails": "河西村停电，村级责任人的手机停机",
    "stand_down": "水退了，镇长同意解除处置",
    "sms": "短信",
    "voice": "语音",
    "wechat": "微信",
    "group": "微信群",
    "to": "→",
    "and_others": "等{count}人",
    "answers": "应答：{text}",
    "key": "按{text}",
    "dead": "停机，未送达",
    "desk_answers": "值班室在屏幕上应答",
    "over": "超警戒{m:.2f}米",
    "below": "距警戒{m:.2f}米",
    "rain": "1小时雨量{mm:.0f}毫米",
    "sites": "水情",
    "phones": "手机",
    "waiting": "待应答",
    "summary": "镇长先看这几行",
    "lead": "提前量：石桥、河西两村在河水到“立即转移”线之前 {lead_minutes:.0f} 分钟就接到通知",
    "fastest": "最快应答：{fastest_answer_minutes:.1f} 分钟",
    "superior": "领导不应答：{superior_after_minutes:.1f} 分钟后上级已接手",
    "dead_phone": "手机停机：{dead_phone_minutes:.1f} 分钟后改叫B岗和上级",
    "most": "一个人最多收到 {most_messages} 条（{most_messages_to}）",
    "nothing_missed": "该叫的都叫到，该到的都到了，没有遗漏",
    "missed": "有 {count} 处没有做到：",
    "counts": "上报 {published} · 入库 {stored} · 隔离 {quarantined} · 丢失 {lost} · "
    "发出 {messages} 条 · 应答 {answers} 次",
}
EN: Mapping[str, str] = {
    "title": "Yunxi (an example township) · one storm in four acts",
    "act-1": "Act 1  The river rises upstream; the villages below know first",
    "act-2": "Act 2  The ford is under water, and somebody is on it",
    "act-3": "Act 3  Red: one phone is dead, one leader does not answer",
    "act-4": "Act 4  The next morning: is the homework done?",
    "dry_visit": "Somebody walks over the ford, which is dry: no alert",
    "wet_visit": "Somebody walks onto the ford again; this time it is under water",
    "power_fails": "The power fails in Hexi: the village head's phone is dead",
    "stand_down": "The water has fallen; the mayor agrees to stand down",
    "sms": "SMS",
    "voice": "call",
    "wechat": "WeChat",
    "group": "group",
    "to": "→",
    "and_others": "and {count} in all",
    "answers": "answers: {text}",
    "key": "presses {text}",
    "dead": "out of service, not delivered",
    "desk_answers": "the duty room answers on its screen",
    "over": "{m:.2f} m over warning",
    "below": "{m:.2f} m below warning",
    "rain": "{mm:.0f} mm in 1 h",
    "sites": "sites",
    "phones": "phones",
    "waiting": "waiting for an answer",
    "summary": "For the mayor",
    "lead": "Lead time: Shiqiao and Hexi were told {lead_minutes:.0f} min before the water reached "
    "the level of immediate evacuation",
    "fastest": "Fastest answer: {fastest_answer_minutes:.1f} min",
    "superior": "A leader did not answer: the superior had taken over after "
    "{superior_after_minutes:.1f} min",
    "dead_phone": "A phone was dead: the substitute and the superior were called after "
    "{dead_phone_minutes:.1f} min",
    "most": "Most messages to one person: {most_messages} ({most_messages_to})",
    "nothing_missed": "Everyone who had to be called was called; nothing was missed",
    "missed": "{count} expectations did not hold:",
    "counts": "published {published} · stored {stored} · quarantined {quarantined} · lost {lost} · "
    "sent {messages} · answers {answers}",
}
LANGUAGES = {"zh": ZH, "en": EN}
