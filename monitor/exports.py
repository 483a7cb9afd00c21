"""叫应记录表 and the providers' template sheet: what leaves the service as a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font

from monitor.alerting.alerts import Alert
from monitor.alerting.severity import ZH
from monitor.ingest.mark import Marked
from monitor.judging.memory import Knowledge
from monitor.notify.channel import Medium
from monitor.notify.delivery import UNREACHED, Delivery
from monitor.notify.directory import Directory
from monitor.notify.occasions import site_of
from monitor.notify.phrases import town
from monitor.notify.sheet import LONGEST, Provider, Row, sheet, voice_sheet
from monitor.providers import callback
from monitor.reference.people import DUTY_DESK
from monitor.reference.phones import mask, mask_in
from monitor.reference.places import Area
from monitor.scope import Scope
from monitor.store.calls import Call
from monitor.store.store import Store

COLUMNS = (
    "序号", "预警来源", "等级", "接收时间", "叫应时间", "叫应对象(单位·姓名·职务·电话)",
    "叫应方式", "是否应答", "应答时间", "反馈情况", "叫应人", "备注",
)  # fmt: skip
DOUBTED = ("测站", "观测时间", "读数", "判断", "判断人", "依据", "判断时间")
MEDIA = {
    Medium.SMS: "短信",
    Medium.VOICE: "电话",
    Medium.WECHAT: "微信",
    Medium.GROUP: "微信群",
    Medium.DESK: "值班台",
    Medium.WEBHOOK: "系统对接",
}
_WORDS = {"received": "收到", "real": "属实", "false": "误报"}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Result(StrEnum):
    """What came of one call; the last of the failures must never read as the person's fault."""

    ANSWERED = "已应答"
    DELIVERED = "已送达未应答"
    NO_ANSWER = "无人接听"
    OFF = "关机/停机"
    CHANNEL = "通道失败"
    SENT = "已发出"
    WAITING = "待发"
    WITHDRAWN = "已撤回"


def result_of(call: Call) -> Result:
    """The last that is known of it; an answer goes before all that a provider says."""
    if call.answer is not None:
        return Result.ANSWERED
    if call.state is Delivery.SUPERSEDED:
        return Result.WITHDRAWN
    if call.state in UNREACHED:
        blamed = any(attempt.blames_person for attempt in call.attempts)
        return Result.OFF if blamed else Result.CHANNEL
    if call.undelivered:
        if not call.blames_person:
            return Result.CHANNEL
        return Result.NO_ANSWER if callback.rang_out(call.undelivered) else Result.OFF
    if call.delivered_at is not None:
        return Result.DELIVERED
    return Result.SENT if call.state is Delivery.ACCEPTED else Result.WAITING


def called_at(call: Call) -> datetime:
    """When it was first tried; before that, when it was promised."""
    return call.attempts[0].claimed_at if call.attempts else call.notification.created_at


def medium_of(directory: Directory, call: Call) -> str:
    """In Chinese; the channel's own id where it left `config/` since."""
    media = {channel.id: channel.medium for channel in directory.channels}
    name = call.notification.channel
    return MEDIA[media[name]] if name in media else name


def source_of(knowledge: Knowledge, alert: Alert) -> str:
    """预警来源: the site whose sensor spoke, or who rang."""
    site = site_of(knowledge.directory, alert)
    place = f"{site.name}片区" if isinstance(site, Area) else site.name
    return f"{place}监测" if alert.origin == "sensor" else f"{alert.origin}（{place}）"


def call_rows(
    knowledge: Knowledge, alert: Alert, calls: Iterable[Call], *, phones: bool
) -> Iterator[tuple[str, ...]]:
    """One row a call, without its number. `phones`: whole, else masked."""
    directory = knowledge.directory
    persons = directory.people.persons

    def local(moment: datetime | None) -> str:
        zone = directory.people.zone
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if moment else ""

    def name(person: str) -> str:
        return persons[person].name if person in persons else person

    for call in calls:
        promised, answer = call.notification, call.answer
        result = result_of(call)
        said = f"{result}：{_WORDS.get(answer.word, answer.word)}" if answer else result
        asked = bool(promised.code)
        yield (
            source_of(knowledge, alert),
            ZH[promised.severity],
            local(alert.opened_at),
            local(called_at(call)),
            _whom(directory, call, phones),
            medium_of(directory, call),
            "是" if answer else ("否" if asked else "不需应答"),
            local(answer.at if answer else None),
            said,
            name(answer.by) if answer and answer.by != answer.person else "系统",
            _remark(call),
        )


DUTY_ROOM = {DUTY_DESK: "值班室"}
"""Nobody of the list: the desk's own screen."""


def _whom(directory: Directory, call: Call, phones: bool) -> str:
    promised, people = call.notification, directory.people
    duty = people.duties.get(promised.duty)
    village = directory.villages.get(duty.village) if duty and duty.village else None
    person = people.persons.get(promised.person)
    number = promised.address if promised.address.isdigit() else ""
    parts = (
        village.name if village else town(directory),
        person.name if person else DUTY_ROOM.get(promised.person, promised.person),
        duty.title if duty else "",
        number if phones else mask(number),
    )
    return "·".join(part for part in parts if part)


def _remark(call: Call) -> str:
    promised = call.notification
    remarks = []
    if not promised.scope.is_actual:
        remarks.append(f"演练 {promised.scope.drill_id}")
    if promised.step or promised.round > 1:
        remarks.append(f"叫应上提，第{promised.step + 1}级第{promised.round}轮")
    if reason := mask_in(call.undelivered or call.reason):
        remarks.append(reason)
    return "；".join(remarks)


async def export_calls(
    store: Store, knowledge: Knowledge, scope: Scope, out: Path, *, phones: bool
) -> int:
    """Write the 叫应记录表 of a scope, oldest alert first; how many rows."""
    rows: list[tuple[str, ...]] = []
    for alert in reversed(await store.alerts(scope, limit=None)):
        calls = await store.calls(alert.id)
        rows += call_rows(knowledge, alert, calls, phones=phones)
    book = Workbook(write_only=True)
    _write_sheet(book, "叫应记录表", COLUMNS, ((str(i), *row) for i, row in enumerate(rows, 1)))
    _write_sheet(book, "存疑读数", DOUBTED, mark_rows(knowledge, await store.marked(scope)))
    book.save(out)
    return len(rows)


def mark_rows(knowledge: Knowledge, marks: Iterable[Marked]) -> Iterator[tuple[str, ...]]:
    """One row a doubted reading, with what a named person said of it."""
    directory = knowledge.directory
    persons, zone = directory.people.persons, directory.people.zone
    for mark in marks:
        sensor = knowledge.sensors.get(mark.sensor)
        yield (
            sensor.name or sensor.id if sensor else mark.sensor,
            mark.observed_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
            "" if mark.value is None else f"{mark.value:g}",
            _WORDS["real" if mark.real else "false"],
            persons[mark.by].name if mark.by in persons else mark.by,
            mark.why,
            mark.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        )


def _write_sheet(
    book: Workbook, title: str, columns: Sequence[str], rows: Iterable[tuple[str, ...]]
) -> None:
    page = book.create_sheet(title)
    page.freeze_panes = "A2"
    for letter, column in zip("ABCDEFGHIJKL", columns, strict=False):
        page.column_dimensions[letter].width = 36 if "(" in column else 6 + 2.2 * len(column)

    def cell(text: str, *, bold: bool = False) -> Cell:
        made = WriteOnlyCell(page, value=_UNPRINTABLE.sub("", text))
        made.data_type = "s"  # text stays text: a name that begins with = is no formula
        made.font = Font(bold=bold)
        return made

    page.append([cell(column, bold=True) for column in columns])
    for row in rows:
        page.append([cell(text) for text in row])


def template_rows(directory: Directory, provider: Provider) -> tuple[Row, ...]:
    """The texts to file, at the longest names of this township; the spoken ones last."""
    own = {
        "site": [site.name for site in directory.sites.values()],
        "area": [village.area or village.name for village in directory.villages.values()],
        "duty": [duty.title for duty in directory.people.duties.values()],
    }
    longest = {**LONGEST, **{name: max(texts, key=len) for name, texts in own.items() if texts}}
    signature = f"{town(directory)}政府"
    return (
        *sheet(provider, signature, directory.templates, longest),
        *voice_sheet(provider, directory.templates, longest),
    )
