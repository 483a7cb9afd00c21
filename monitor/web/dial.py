"""`/hand-dial` 手拨名单: whom to phone, in order, where no channel is left; made to be printed.

Officers enter here who answered. It needs no script, and one press of the browser's print button
gives a list for those who dial at other phones.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from monitor import acts
from monitor.hand_dial import HandDial, hand_dial
from monitor.notify.dialling import Line
from monitor.reference.phones import mask
from monitor.web.alerts import Body, Name
from monitor.web.door import Filled, MaybeSession, Officer, SignedIn
from monitor.web.health import HAND_DIAL
from monitor.web.pages import page
from monitor.web.service import Here

router = APIRouter()

REFRESH_S = 15


class ToSay(BaseModel):
    """One alert of which a person is to hear."""

    alert: str
    site: str
    severity: str
    must_answer: bool
    titles: list[str]
    """The duties for which this person is called."""
    opened_at: datetime
    say: str
    """One sentence."""


class ToDial(BaseModel):
    """One call."""

    person: str
    name: str
    numbers: list[str]
    """Whole for an officer, else masked."""
    matters: list[ToSay]


class DialList(BaseModel):
    """手拨名单."""

    at: datetime
    all_dead: bool
    """Whether no channel reaches anybody. Else only those are listed for whom all was tried."""
    lines: list[ToDial]
    """In the order in which to dial."""


class Reached(Body):
    """A person on the list answered, for all that was said in that call."""

    person: Name
    alerts: Annotated[str, Field(min_length=1, max_length=20_000)]
    """Ids, a blank between."""


async def listed(here: Here, *, phones: bool) -> DialList:
    """`phones`: whole, else masked."""
    found = await hand_dial(here.store, here.settings.knowledge, here.clock.now())
    return shown(found, here.settings.zone, phones=phones)


def shown(found: HandDial, zone: tzinfo, *, phones: bool) -> DialList:
    lines = [_line(line, phones=phones) for line in found.lines]
    return DialList(at=found.at.astimezone(zone), all_dead=found.all_dead, lines=lines)


def _line(line: Line, *, phones: bool) -> ToDial:
    return ToDial(
        person=line.person,
        name=line.name,
        numbers=[number if phones else mask(number) for number in line.numbers],
        matters=[
            ToSay(
                alert=one.alert,
                site=one.site,
                severity=one.severity.name.lower(),
                must_answer=one.must_answer,
                titles=list(one.titles),
                opened_at=one.opened_at,
                say=one.say,
            )
            for one in line.matters
        ],
    )


@router.get("/api/v1/hand-dial", tags=["alerts"])
async def hand_dial_list(here: Here, by: Officer) -> DialList:
    """Whom to dial by hand, in order, with whole numbers: for an officer alone."""
    return await listed(here, phones=True)


@router.get(HAND_DIAL, include_in_schema=False)
async def hand_dial_page(here: Here, request: Request, session: MaybeSession) -> Response:
    found = await listed(here, phones=session is not None)
    return page(request, "hand_dial.html", {"list": found, "refresh": str(REFRESH_S)})


@router.post(HAND_DIAL, include_in_schema=False)
async def reached(here: Here, request: Request, who: SignedIn, form: Filled) -> Response:
    """One call answers all that was said in it."""
    answer = Reached.model_validate(form)
    for alert in dict.fromkeys(answer.alerts.split()):
        await acts.acknowledge(here.desk, alert, answer.person, "phone", who.person)
    english = request.query_params.get("lang") == "en"
    return RedirectResponse(f"{HAND_DIAL}?lang=en" if english else HAND_DIAL, 303)
