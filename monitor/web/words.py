"""The words of the pages: Chinese as written in the templates, English beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo

EN: Mapping[str, str] = {
    "值班台": "Duty desk",
    "登录": "Sign in",
    "退出": "Sign out",
    "登录后可登记应答、解除和人工叫应。": "Sign in to enter answers, stand down, or call by hand.",
    "令牌": "Token",
    "令牌不对，请核对后重输。": "No such token; check it and try again.",
    "带班领导": "Leader on duty",
    "值班员": "On duty",
    "无人值班": "nobody on the roster",
    "示例乡镇，数据均为虚构": "Example township, all of it made up",
    "演练中": "EXERCISE",
    "测试": "TEST",
    "以下为演练，不是真实险情": "What follows is an exercise, not real",
    "系统不完整": "The service is not whole",
    "当前没有叫应事项": "Nothing is open",
    "级叫应": " call",
    "蓝": "Blue",
    "黄": "Yellow",
    "橙": "Orange",
    "红": "Red",
    "正常": "Normal",
    "超警戒": "over warning by",
    "距警戒": "below warning by",
    "米": "m",
    "当前": "Now",
    "起": "since",
    "更新": "updated",
    "来源": "Source",
    "监测": "sensor",
    "依据": "Basis",
    "数据存疑": "Doubtful reading",
    "失联": "Silent",
    "失联，断前在涨": "Silent while rising",
    "水位回落（未解除）": "Fell, not stood down",
    "叫应偏高（未解除）": "Called for more than stood, not stood down",
    "并未回落（未解除）": "Never fell, not stood down",
    "并入": "One with",
    "叫应": "Called at",
    "补判": "By late values",
    "已解除": "Stood down",
    "读数仍在限上": "still over the limit",
    "待应答": "Waiting",
    "已叫未应": "Called, no answer",
    "叫应上提": "Climbed to superior",
    "已应答": "Answered",
    "已结束": "Ended",
    "已送达未应答": "delivered, no answer",
    "无人接听": "rang out",
    "关机/停机": "phone off or dead",
    "通道失败": "channel failed",
    "已发出": "sent",
    "待发": "to be sent",
    "已撤回": "withdrawn",
    "短信": "SMS",
    "电话": "call",
    "微信": "WeChat",
    "微信群": "WeChat group",
    "系统对接": "webhook",
    "请人工拨打": "Dial by hand",
    "须人工拨打": "To be dialled by hand:",
    "待重新叫应": "Not called anew",
    "备份恢复后还没有重新叫应": "not called anew since the backup was put back",
    "数据由备份恢复，以下事项还没有重新叫应，请先按名单人工拨打": (
        "Put back from a backup; not called anew yet, dial by hand meanwhile"
    ),
    "全部叫过仍无人应答": "everybody was called, nobody answered",
    "没有可拨打的人": "nobody to dial",
    "下一步": "next",
    "登记": "entered by",
    "另告知": "Also told",
    "限频待合并": "Held back, to be told together",
    "已合并告知": "Told together",
    "条": "texts",
    "人": "persons",
    "处理": "Open",
    "人工叫应": "Call by hand",
    "登记应答": "Enter an answer",
    "谁应答": "Who answered",
    "怎样应答": "How",
    "回电": "by phone",
    "对讲机": "by radio",
    "当面": "in person",
    "到值班台": "at the desk",
    "判断存疑读数": "Judge the doubtful reading",
    "片区失联": "Silent area",
    "先核实": "Check first",
    "看视频": "Camera",
    "问村里": "Ask the village",
    "各风险点": "Sites",
    "超限": "Over",
    "停用": "out of service",
    "代用": "used instead",
    "不可信": "cannot be believed",
    "看到什么": "What was seen",
    "如：视频里水位正常": "e.g. normal on the camera",
    "属实": "Real",
    "误报": "False alarm",
    "解除处置": "Stand down",
    "解除": "Over",
    "经谁同意": "Decided by",
    "情况说明": "Remarks",
    "解除后通知所有已叫应的人": "Everybody who was told will be told",
    "登记水尺读数": "Enter a staff gauge",
    "风险点": "Site",
    "水位（米）": "Level (m)",
    "封桥封路": "Close a bridge or road",
    "已封控": "Closed",
    "恢复通行": "Open again",
    "桥、路口": "Bridge or road",
    "级别": "Level",
    "地点": "Place",
    "原因": "Because",
    "谁说的": "Who said so",
    "如：县防办": "e.g. county office",
    "风险": "Hazard",
    "确定": "OK",
    "发出叫应": "Call now",
    "返回值班台": "Back to the desk",
    "待办问题": "Findings",
    "没有待办问题": "None",
    "还未检查": "Not checked yet",
    "截止": "due",
    "未读回复": "Unread replies",
    "没有未读回复": "None",
    "登录后可见": "sign in to read",
    "已阅": "Read",
    "水情": "Levels",
    "回执数字": "Digits to answer",
    "值班室": "Duty room",
    "村": "Villages",
    "暂停与停用": "Quiet and out",
    "暂停提醒": "Silenced",
    "至": "until",
    "其间未叫应": "Nobody was called for",
    "无仪器": "no gauge",
    "测站停用": "Out of service",
    "待确认停用": "to be taken out",
    "应修复": "repair by",
    "已逾期": "overdue",
    "负责人": "Owner",
    "要到": "asked until",
    "须第二人确认": "a second person has to agree",
    "第二人": "agreed by",
    "正显示红级": "shows red",
    "确认延长": "Agree",
    "确认停用": "Agree",
    "现在结束": "End now",
    "恢复使用": "Back in service",
    "取消停用申请": "Withdraw",
    "没有暂停提醒，没有停用": "Nothing is quiet or out of service",
    "红级、涨水中失联和人工叫应照常叫人；到时仍在限上立即叫应。": (
        "Red, silent while rising and calls by hand call nevertheless; what stands at the end is"
        " called at once."
    ),
    "传感器": "Sensors",
    "小时（超过24须第二人确认）": "Hours (beyond 24 a second person has to agree)",
    "停用传感器": "Take a sensor out of service",
    "读数照存、不再判断；已有叫应保持，直到看水尺或解除。": (
        "Readings are kept and judge nothing; what stands stays until the staff gauge is read or"
        " the matter is stood down."
    ),
    "替代措施": "Substitute",
    "人工观测": "staff gauge read by hand",
    "手拨名单": "Hand-dial list",
    "截至": "as of",
    "对外通道全部中断，请按顺序逐个拨打，接通后登记。": (
        "Every channel is dead: dial in this order, and enter who answered."
    ),
    "通道可用；以下的人都已试过，或在备份恢复后还没有重新叫应，须人工拨打。": (
        "Channels work; for these persons all was tried, or they were not called anew since the"
        " backup was put back: they must be dialled by hand."
    ),
    "打印：浏览器菜单“打印”或 Ctrl+P，A4 纸。": "On paper (A4): the browser's print, or Ctrl+P.",
    "登录后显示完整号码，可登记应答。": "Sign in for whole numbers and to enter answers.",
    "姓名、岗位": "Name, duty",
    "怎么说": "What to say",
    "结果": "Result",
    "仅告知": "to be told only",
    "没有号码": "no number",
    "应答": "answered",
    "未通": "not reached",
    "没有要人工拨打的人": "Nobody has to be dialled by hand",
    "English": "中文",
}

SITES: Mapping[str, str] = {
    "OK": "正常",
    "OVER": "超限",
    "SUSPECT": "数据存疑",
    "SILENT": "失联",
    "SILENT_WHILE_RISING": "失联，断前在涨",
    "": "无仪器",
}
"""The one word of each site."""

CONDITIONS: Mapping[str, str] = {
    "SUSPECT": "数据存疑",
    "SILENT": "失联",
    "SILENT_WHILE_RISING": "失联，断前在涨",
}
"""What stands beside the level of an active alert; nothing where its value speaks."""

HAZARDS: Mapping[str, str] = {
    "flood": "洪水",
    "landslide": "滑坡",
    "ford_person": "漫水桥有人",
}


def hazard_in(lang: str) -> Callable[[str], str]:
    """The name of a hazard; a township's own stays the slug that it gave."""
    return (lambda slug: slug) if lang == "en" else (lambda slug: HAZARDS.get(slug, slug))


def translator(lang: str) -> Callable[[str], str]:
    """Chinese → what this screen shows. A word that has no English stays as it is."""
    return (lambda zh: EN.get(zh, zh)) if lang == "en" else (lambda zh: zh)


def clock(zone: tzinfo, now: datetime) -> Callable[[datetime], str]:
    """Local time of day; with the day where it is another."""

    def shown(moment: datetime) -> str:
        local = moment.astimezone(zone)
        today = local.date() == now.astimezone(zone).date()
        return local.strftime("%H:%M" if today else "%m-%d %H:%M")

    return shown
