"""`/api/v1/alerts`: what stands, who was called, and what people do about it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from monitor import acts
from monitor.explaining import Explanation, explain
from monitor.exports import COLUMNS, call_rows
from monitor.scope import Scope, Status
from monitor.web.door import Officer, themselves
from monitor.web.matters import Matter, matter, open_matters
from monitor.web.service import Here, Service

router = APIRouter(prefix="/api/v1", tags=["alerts"])

Name = Annotated[str, Field(min_length=1, max_length=64)]
Words = Annotated[str, Field(max_length=200)]


class Body(BaseModel):
    """Nothing is taken that is not named here."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Answer(Body):
    """`person` answered; the token's person enters it."""

    person: Name
    via: Literal["phone", "radio", "in-person", "wechat", "desk"] = "phone"
    by: Name | None = None
    """Checked, never believed: it must be the token's own person."""


class End(Body):
    """`leader` agreed to it; the token's person enters it. None: they are the same."""

    leader: Name | None = None
    reason: Words = ""


class Verdict(Body):
    """Whether a doubtful reading is real (属实) or a false alarm (误报)."""

    real: bool
    reason: Words = ""
    """What was seen: 视频里水位正常, 村里说没涨, …"""
    by: Name | None = None


class Said(BaseModel):
    """What was kept, in one sentence."""

    said: str


@router.get("/alerts")
async def alerts(
    here: Here,
    state: Annotated[Literal["open", "past"], Query()] = "open",
    drill: Annotated[str, Query(description="past ones of this exercise")] = "",
) -> list[Matter]:
    """Open ones, drills among them; or the newest 200 that are past."""
    if state == "open":
        return await open_matters(here)
    past = await here.store.alerts(_scope(here, drill), active=False)
    return [await matter(here, alert) for alert in past]


def _scope(here: Service, drill: str) -> Scope:
    actual = here.desk.actual
    return actual if not drill else actual._replace(status=Status.EXERCISE, drill_id=drill)


@router.get("/alerts/{alert}")
async def alert(here: Here, alert: str) -> Matter:
    """One, open or past, with every duty that was asked."""
    return await one(here, alert)


async def one(here: Service, named: str, *, phones: bool = False) -> Matter:
    """Raises NotFound."""
    found = await acts.find(here.desk, named)
    return await matter(here, found, phones=phones)


@router.get("/alerts/{alert}/calls")
async def calls(here: Here, alert: str) -> list[dict[str, str]]:
    """Its rows of the 叫应记录表, numbers masked."""
    found = await acts.find(here.desk, alert)
    made = await here.store.calls(found.id)
    rows = call_rows(here.settings.knowledge, found, made, phones=False)
    return [dict(zip(COLUMNS[1:], row, strict=True)) for row in rows]


@router.get("/alerts/{alert}/explain")
async def why(
    here: Here,
    alert: str,
    person: Annotated[str, Query(description="an id; without it all who had a part")] = "",
) -> Explanation:
    """Who was called when, by what, with which result; or why not. Numbers masked."""
    found = await acts.find(here.desk, alert)
    return await explain(here.store, here.settings.knowledge, found, person or None)


@router.post("/alerts/{alert}/ack")
async def acknowledge(here: Here, by: Officer, alert: str, answer: Answer) -> Said:
    """Enter an answer (应答), mostly for somebody who rang back."""
    themselves(answer.by, by)
    return Said(said=await acts.acknowledge(here.desk, alert, answer.person, answer.via, by))


@router.post("/alerts/{alert}/stand-down")
async def stand_down(here: Here, by: Officer, alert: str, end: End) -> Said:
    """End the matter (解除) and tell all who were told."""
    leader = end.leader or by
    return Said(said=await acts.stand_down(here.desk, alert, leader, end.reason, by))


@router.post("/alerts/{alert}/verdict")
async def verdict(here: Here, by: Officer, alert: str, verdict: Verdict) -> Said:
    """Say whether a doubtful reading (存疑) is real."""
    themselves(verdict.by, by)
    return Said(said=await acts.judge_suspect(here.desk, alert, verdict.real, by, verdict.reason))
