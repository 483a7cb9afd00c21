"""The variables of the templates: what an alert lets us say, to whom, in which form.

A fact that is not known is not in the mapping, and the template that needs it is passed over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.alerting.alerts import Alert
from monitor.alerting.orders import HAND
from monitor.alerting.severity import ZH, Severity
from monitor.notify.directory import Directory
from monitor.reference.people import Duty
from monitor.reference.places import Area, Named, Site

_WORDS = {
    "level": ("水位", "米"),
    "rain": ("雨量", "毫米"),
    "rain_rate": ("雨强", "毫米每小时"),
    "discharge": ("流量", "立方米每秒"),
    "displacement": ("位移", "毫米"),
    "temperature": ("温度", "度"),
}
THIS_DRILL = "本次演练"
"""Its id is no name that a phone could show."""
ROOM_FOR_BECAUSE = 10
"""Characters; see LONGEST in `sheet`. The desk's page shows all that the caller said."""
_ENDS, _REFUSED = "。！；，、", "【】「」『』〖〗★→"
_BELOW = {Severity.ORANGE: "橙级线", Severity.RED: "橙级线"}
_DIGITS = "零一二三四五六七八九十"


def clock_time(moment: datetime, directory: Directory) -> str:
    """03:12, local."""
    return moment.astimezone(directory.people.zone).strftime("%H:%M")


def spoken(number: int) -> str:
    """0–99 as it is said: 12 → 十二, 20 → 二十."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def spoken_time(moment: datetime, directory: Directory) -> str:
    """三点十二分, local; 三点整 on the hour."""
    local = moment.astimezone(directory.people.zone)
    return f"{spoken(local.hour)}点" + (f"{spoken(local.minute)}分" if local.minute else "整")


def town(directory: Directory) -> str:
    """云溪镇政府 → 云溪镇."""
    return directory.township_name.removesuffix("政府")


def brief(said: str, room: int) -> str:
    """What a person said, as far as a text has room for it: by whole clauses where most of them
    fit, else cut off with …; without signs that a provider refuses."""
    said = "".join(c for c in said if c.isprintable() and c not in _REFUSED).strip(_ENDS + " ")
    if len(said) <= room:
        return said
    clause = max(said.rfind(end, 0, room + 1) for end in _ENDS)
    return said[:clause] if clause > room // 2 else said[: room - 1] + "…"


def facts(directory: Directory, site: Site, alert: Alert, at: datetime) -> dict[str, str]:
    """What holds for everyone who is told; `at` is the moment the message speaks of."""
    said = {
        "town": town(directory),
        "site": site.name,
        "bridge": site.name,
        "time": clock_time(at, directory),
        "heard": (site.voice_name or site.name) + spoken_time(at, directory),
        "sev": ZH[alert.severity],
        "new": ZH[alert.severity],
        "basis": _BELOW[Severity.ORANGE],
    }
    if isinstance(site, Area):
        said["count"] = str(len({sensor for _, sensor in alert.contributions}))
    if alert.scope.drill_id:
        said["drill"] = THIS_DRILL
    return said | _measured(directory, site, alert)


def quantity_of(directory: Directory, alert: Alert) -> str:
    """Of the value that speaks for the alert; "" where a person does."""
    if alert.lead.rule == HAND:
        return ""
    sensor = directory.sensors.get(alert.lead.sensor)
    return sensor.quantity if sensor else "level"


def _measured(directory: Directory, site: Site, alert: Alert) -> dict[str, str]:
    value, quantity = alert.lead.value, quantity_of(directory, alert)
    if not quantity:
        said = {"source": alert.lead.sensor if alert.origin == "sensor" else alert.origin}
        return said | {"because": brief(alert.lead.basis, ROOM_FOR_BECAUSE) or "有险情"}
    if value is None or quantity not in _WORDS:
        return {}
    what, unit = _WORDS[quantity]
    if quantity != "level":
        before, named, _ = alert.lead.basis.partition(what)  # 3小时雨量|准备转移: which window
        return {"what": before + named if named else what, "amount": f"{round(value, 1):g}{unit}"}
    said = {"level": f"{value:.2f}", "what": what, "amount": f"{value:.2f}{unit}"}
    if (warning := site.warning_level) is not None:
        over = round(value, 2) - round(warning, 2)
        said["over" if over >= 0 else "gap"] = f"{abs(over):.2f}"
    if alert.lead.rate is not None and alert.lead.rate > 0:
        said["rate"] = f"{alert.lead.rate:.2f}"
    return said


def facts_for(
    directory: Directory, site: Site, duty: Duty | None, since: datetime, now: datetime
) -> dict[str, str]:
    """What one duty is told beside: its area, and the minutes left where it lies downstream.

    The minutes count from `since`, the moment the water was seen, and are rounded down.
    """
    own = site.called if isinstance(site, Named) else site.village
    village = directory.villages.get(duty.village if duty and duty.village else own)
    said = {"area": village.area or village.name} if village else {"area": site.name}
    travel = directory.travel(duty, site) if duty else timedelta(0)
    if travel > timedelta(0):
        left = travel - max(now - since, timedelta(0))
        said["eta"] = str(max(1, int(left.total_seconds() // 60)))
    return said
