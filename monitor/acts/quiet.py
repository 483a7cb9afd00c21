"""Quiet by order (暂停提醒) and out of service (停用), as people order them: the acts that need no
alert. Each is an order to ingest; who asked is answered once it is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from monitor.acts import SHORT_ID, Desk, person_of, site_of
from monitor.alerting.orders import (
    OutageAgreed,
    PutBack,
    SilenceAgreed,
    SilenceEnded,
    SilenceOrdered,
    TakenOut,
)
from monitor.alerting.silences import Silence
from monitor.errors import ActRefused, NotFound
from monitor.ingest.outage import Outage
from monitor.reference.phones import mask_in
from monitor.reference.places import Sensor
from monitor.scope import Scope, Status

LONGEST = timedelta(days=31)
NOT_COVERED = "红级、涨水中失联和人工叫应照常叫人"


async def silence(
    desk: Desk,
    place: str,
    lasts: timedelta,
    because: str,
    by: str,
    *,
    owner: str | None = None,
    hazard: str = "flood",
    drill: str = "",
) -> str:
    """Call nobody for a site's hazard, or for what a sensor says, for so long. `owner` answers
    for it; None: whoever orders it. `drill`: of an exercise, whose silences are its own."""
    who, answers_for = person_of(desk, by), person_of(desk, owner or by)
    if not timedelta(0) < lasts <= LONGEST:
        raise ActRefused(f"暂停提醒要有结束时间，最长 {LONGEST.days} 天。")
    if not because.strip():
        raise ActRefused("暂停提醒要写明原因。")
    site, hazard, sensor = _covered(desk, place, hazard)
    scope, now = _scope(desk, drill), desk.clock.now()
    id = scope.id("silence", place, hazard, who.id, now.isoformat())
    asked = (site, hazard, sensor, answers_for.id, mask_in(because.strip()), now + lasts)
    await desk.order(SilenceOrdered(scope, id, *asked, by=who.id, at=now))
    desk.wake()
    kept = await desk.store.silence(id)
    if kept is None:
        raise ActRefused("此处已在暂停提醒。要延长，先结束它（仍在限上的会立即叫应），再登记。")
    said = f"{name_of(desk, place)}暂停提醒至{_local(desk, kept.until)}，负责人{answers_for.name}"
    if kept.awaits_second:
        said += f"；要到{_local(desk, kept.asked_until)}须第二人在此之前确认"
    return f"{said}。{NOT_COVERED}。编号 {id[:SHORT_ID]}"


async def agree(desk: Desk, named: str, by: str) -> str:
    """A second person agrees to a silence of more than 24 hours."""
    known, who = await _find(desk, named), person_of(desk, by)
    if not known.awaits_second:
        raise ActRefused("这条暂停提醒不用第二人确认，或已确认过。")
    if not known.may_agree(by):
        raise ActRefused("须由另一个人确认，登记人和负责人本人都不算。")
    await desk.order(SilenceAgreed(known.scope, known.id, by, desk.clock.now()))
    kept = await desk.store.silence(known.id)
    if kept is None or kept.agreed_by != by:
        raise ActRefused("这条暂停提醒已经结束。")
    return f"{who.name} 已确认，暂停提醒至{_local(desk, kept.until)}"


async def end(desk: Desk, named: str, by: str) -> str:
    """End a silence early. What it covered and still stands is called for at once."""
    known, who = await _find(desk, named), person_of(desk, by)
    await desk.order(SilenceEnded(known.scope, known.id, by, desk.clock.now()))
    desk.wake()
    return f"{who.name} 已结束暂停提醒；仍在限上的立即叫应"


async def take_out(
    desk: Desk,
    sensor: str,
    substitute: str,
    repair_by: date,
    because: str,
    by: str,
    *,
    owner: str | None = None,
) -> str:
    """Take a broken sensor out of service. While it shows red it takes a second person."""
    known, answers_for = _sensor(desk, sensor), person_of(desk, owner or by)
    who, now = person_of(desk, by), desk.clock.now()
    if not substitute.strip():
        raise ActRefused("停用要写明替代措施，如：人工观测。")
    if repair_by < now.astimezone(desk.knowledge.directory.people.zone).date():
        raise ActRefused("修复日期不能早于今天。")
    if (before := await _outage(desk, sensor)) is not None and before.back_at is None:
        raise ActRefused(f"{known.name or sensor}已登记停用，恢复后才能再停用。")
    order = TakenOut(
        scope=desk.actual,
        sensor=sensor,
        owner=answers_for.id,
        substitute=mask_in(substitute.strip()),
        repair_by=repair_by,
        reason=mask_in(because.strip()),
        by=who.id,
        at=now,
    )
    await desk.order(order)
    desk.wake()
    kept = await _outage(desk, sensor)
    name = known.name or sensor
    if kept is not None and kept.awaits_second:
        return f"{name}正显示红级：须第二人确认后才停用，确认前照常判断"
    return (
        f"{name}已停用，负责人{answers_for.name}，替代措施：{order.substitute}，{repair_by}前修复"
    )


async def agree_out(desk: Desk, sensor: str, by: str) -> str:
    """A second person agrees to take out a sensor that shows red."""
    known, who = _sensor(desk, sensor), person_of(desk, by)
    outage = await _outage(desk, sensor)
    if outage is None or not outage.awaits_second:
        raise ActRefused(f"{known.name or sensor}没有待确认的停用。")
    if not outage.may_agree(by):
        raise ActRefused("须由另一个人确认，登记人和负责人本人都不算。")
    await desk.order(OutageAgreed(desk.actual, sensor, by, desk.clock.now()))
    return f"{who.name} 已确认，{known.name or sensor}已停用，替代措施：{outage.substitute}"


async def put_back(desk: Desk, sensor: str, by: str) -> str:
    """Put a sensor back in service; its next good value judges."""
    known, who = _sensor(desk, sensor), person_of(desk, by)
    outage = await _outage(desk, sensor)
    if outage is None or outage.back_at is not None:
        raise ActRefused(f"{known.name or sensor}没有停用。")
    await desk.order(PutBack(desk.actual, sensor, by, desk.clock.now()))
    if not outage.is_out:
        return f"{who.name} 已取消停用申请，{known.name or sensor}照常判断"
    return f"{who.name} 已登记恢复，{known.name or sensor}的下一个读数起照常判断"


def _covered(desk: Desk, place: str, hazard: str) -> tuple[str, str, str]:
    """(site, hazard, sensor) of a silence: a sensor alone, or a site with one of its hazards."""
    if place in desk.knowledge.sensors:
        return "", "", place
    if hazard not in desk.knowledge.directory.policies:
        known = "、".join(sorted(desk.knowledge.directory.policies))
        raise NotFound(f"没有风险“{hazard}”。已有：{known}")
    return site_of(desk, place).id, hazard, ""


def name_of(desk: Desk, place: str) -> str:
    """A site or sensor as people read it."""
    sensor, site = desk.knowledge.sensors.get(place), desk.knowledge.sites.get(place)
    if sensor is not None:
        return sensor.name or sensor.id
    return site.name if site is not None else place


def has_gauge(desk: Desk, sensor: Sensor, outages: list[Outage]) -> bool:
    """Whether another sensor of the same quantity is in service at its site."""
    out = {one.sensor for one in outages if one.is_out and one.scope == desk.actual}
    return any(
        other.site == sensor.site and other.quantity == sensor.quantity and other.id not in out
        for other in desk.knowledge.sensors.values()
    )


async def _find(desk: Desk, named: str) -> Silence:
    """One in force, by its id or the beginning of it."""
    found = [s for s in await desk.store.silences() if named in (s.id, s.id[:SHORT_ID])]
    if not found:
        raise NotFound(f"没有编号为“{named}”的暂停提醒，或已结束。编号见值班台。")
    return found[0]


async def _outage(desk: Desk, sensor: str) -> Outage | None:
    known = await desk.store.outages()
    return next((o for o in known if (o.scope, o.sensor) == (desk.actual, sensor)), None)


def _sensor(desk: Desk, sensor: str) -> Sensor:
    if sensor not in desk.knowledge.sensors:
        known = "、".join(sorted(desk.knowledge.sensors))
        raise NotFound(f"没有传感器“{sensor}”。已有：{known}")
    return desk.knowledge.sensors[sensor]


def _scope(desk: Desk, drill: str) -> Scope:
    if not drill:
        return desk.actual
    return desk.actual._replace(status=Status.EXERCISE, drill_id=drill)


def _local(desk: Desk, moment: datetime) -> str:
    local = moment.astimezone(desk.knowledge.directory.people.zone)
    return f"{local:%m-%d %H:%M}"
