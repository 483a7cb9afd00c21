"""Contingency plans (预案) and the drills held for them (演练)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from monitor.reference.units import Frozen, Slug


class RiskField(StrEnum):
    """The three kinds of risk a township keeps lists for."""

    DISASTER = "disaster"  # 自然灾害
    HEALTH = "health"  # 公共卫生事件
    CONFLICT = "conflict"  # 社会矛盾


class DrillForm(StrEnum):
    TABLETOP = "tabletop"  # 桌面推演
    FULL_SCALE = "full_scale"  # 实战
    UNANNOUNCED = "unannounced"  # 双盲


class Plan(Frozen):
    """A contingency plan."""

    id: Slug
    title: str
    field: RiskField
    hazard: str = ""
    """"flood" plans satisfy the drill before the flood season."""
    issued: date
    expires: date
    owner: Slug
    """The duty that revises it."""


class HeldDrill(Frozen):
    """One drill that took place, as the ledger (演练台账) keeps it."""

    plan: Slug
    day: date
    form: DrillForm
    place: str = ""
    participants: int | None = None
    record: tuple[str, ...] = ()
    """What was filed: 方案, 签到, 影像, 评估, 总结, 整改."""
