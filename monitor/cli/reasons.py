"""Why something was not sent, or somebody not told, as officers read it.

The record keeps it in English, whoever asks; here stands each sentence in Chinese.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.exports import MEDIA

OUTCOMES: Mapping[str, str] = {
    "": "正在发送",
    "accepted": "通道已受理",
    "refused": "通道拒收",
    "busy": "通道繁忙，稍后再发",
    "unsure": "不确定是否发出",
    "unknown": "查问无果",
}
WORDS: Mapping[str, str] = {
    **{medium.value: said for medium, said in MEDIA.items()},
    "received": "收到",
    "real": "属实",
    "false": "误报",
    "reported": "已报县",
    "ended": "已知解除",
    "phone": "回电",
    "radio": "对讲机",
    "in-person": "当面",
    "api": "接口",
    "past": "补判",
    "overcalled": "补判",
    "unrouted": "程序故障",
    "findings": "待办提醒",
    "voice_notice": "通知",
}
REASONS: Mapping[str, str] = {
    "answered": "已应答，不再打扰",
    "cleared": "已回落",
    "closed": "监测已调整",
    "superseded": "已有更高级别的叫应",
    "stood down": "已解除",
    "hand-dial": "已叫遍，转人工拨打",
    "vacant": "无人任职",
    "no channel": "没有能联系上的通道",
    "not on the drill's list": "不在演练名单上",
    "a test reaches nobody but the desk": "测试只到值班台",
    "no policy for the hazard": "此类风险没有叫应规则",
    "nothing that is not told otherwise": "没有新情况可告知",
    "late": "补判：数据迟到，情况已过去，不再叫应",
    "held back: told together with what follows in its catchment": "暂缓：与同流域的后续合并告知",
    "held back: a person's limit of texts": "暂缓：个人短信限频",
    "held back: the same level of the site was told within the hour": (
        "暂缓：该点同一级别一小时内已告知"
    ),
    "held back too long for an answer, and no other way: the next is called": (
        "限频，等不及应答，已叫下一级"
    ),
    "held: no channel that reaches a person is alive": "对外通道全部中断，恢复后发出",
    "held: every channel that reaches this person is dead": "能联系此人的通道全部中断，恢复后发出",
    "put off: the provider allows no more to this number now": "暂缓：运营商对该号码限频",
    "no longer stands as it did when it was put off": "情况已变，不再发",
    "giving up: the provider allows no more to this number for long": "运营商限频，改用其他方式",
    "given up: the provider allows no more to this number for long": "运营商限频，改用其他方式",
    "not sent: a worse message of the same place was promised to the same person": (
        "未发：已有同一处更高级别的通知"
    ),
    "not sent: a later report of the same matter was promised to the same person": (
        "未发：已有同一件的续报提醒"
    ),
    "not sent: a drill stood still for so long that it would rehearse nothing now": (
        "未发：演练暂停过久"
    ),
    "not sent: the matter had been stood down": "未发：事项已解除",
    "not rung: it was due long ago and is past, and the text tells of it": (
        "未拨：早已过时，短信已说明"
    ),
    "the drill was broken off: something real": "演练中止：有真实险情",
    "all that it told is told in a later message": "内容已并入后面一条",
    "no result was recorded: it may have been sent": "没有回执，可能已发出",
    "restored from a backup": "数据由备份恢复，未发",
    "people.yaml names no such person today": "责任清单里已没有此人",
    "holds no duty on the lists, and was not on the roster then": (
        "清单上没有职责，当时也不在值班表上"
    ),
}
PATTERNS: tuple[tuple[str, str], ...] = (
    (r"told together with (?P<n>\d+) more", "与另外{n}条合并告知"),
    (r"over the limit of texts: told by (?P<word>\w+) instead", "短信限频，改用{word}"),
    (r"stood down by (?P<person>\S+)", "{person}已解除"),
    (
        r"silenced \(暂停提醒\) by (?P<person>\S+) until (?P<at>\S+?): (?P<text>.*)",
        "暂停提醒（{person}，至{at}）：{text}",
    ),
    (
        r"step (?P<step>\d+) of (?P<duty>\S*): nobody holds it or can be reached",
        "{duty}第{step}级：无人任职或联系不上",
    ),
    (
        r"step (?P<step>\d+) of (?P<duty>\S*): every call failed; the next step was called",
        "{duty}第{step}级：全部没打通，已叫下一级",
    ),
    (r"the calls for (?P<duty>\S*) ended: (?P<why>.*)", "{duty}的叫应结束：{why}"),
    (
        r"a fault of this program \((?P<text>.*)\): the desk alone was told",
        "程序故障（{text}），只告知了值班台",
    ),
    (r"late: it lay in the past .*", "补判：数据迟到，情况已过去，不再叫应"),
    (r"step (?P<step>\d+) \((?P<text>.*?)\) for (?P<whom>.*?): (?P<why>.*)",
     "{whom}第{step}级（{text}）：{why}"),
    (r"no way to reach this person was known", "当时没有此人的联系方式"),
    (r"not called: the ladder ended before \((?P<why>.*)\)", "未叫到这一级（{why}）"),
    (r"not called: (?P<person>\S+) had answered", "{person}已应答，未再叫"),
    (r"is called at (?P<at>\S+) unless somebody answers before", "{at}仍没人应答就叫"),
    (r"not called yet: step (?P<step>\d+) is being called", "还没叫到，正叫第{step}级"),
    (r"(?P<title>.*): the role (?P<text>\S+) is not told at (?P<level>\S+)",
     "{title}：{level}不告知这类职责"),
    (r"(?P<title>.*): not for (?P<text>.*) or a village that it threatens",
     "{title}：不负责{text}及其影响的村"),
    (r"(?P<title>.*): a substitute \(B岗\), and the holder could be called",
     "{title}：B岗，A岗可以叫到"),
    (r"(?P<title>.*): named by today's lists, not by those that were in force",
     "{title}：今天的清单有，当时的没有"),
    (r"(?P<why>.*) \(as (?P<duty>\S+)\)", "{why}（{duty}）"),
)  # fmt: skip
"""Those that name somebody or something. `step` counts from 0, people count from 1."""
