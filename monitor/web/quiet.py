"""`/api/v1/silences`, `/api/v1/outages`: what is quiet by order, by whom, until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from monitor.acts import quiet
from monitor.web.alerts import Body, Name, Said, Words
from monitor.web.door import Officer, themselves
from monitor.web.quieted import Out, Quiet, out_ones, quiet_ones
from monitor.web.service import Here, Service

router = APIRouter(prefix="/api/v1", tags=["quiet"])

Because = Annotated[Words, Field(min_length=1)]


class Hushing(Body):
    """Call nobody for a site's hazard, or for what a sensor says."""

    place: Name
    """A site's or a sensor's id."""
    hours: Annotated[float, Field(gt=0, le=744)]
    """Beyond 24 a second person has to agree before the first 24 are over."""
    because: Because
    owner: Name | None = None
    """None: the token's person."""
    hazard: Name = "flood"
    drill: Annotated[str, Field(max_length=64)] = ""
    """Of that exercise; "": of what is real."""
    by: Name | None = None


class TakingOut(Body):
    sensor: Name
    substitute: Because
    """What watches meanwhile: 人工观测."""
    repair_by: date
    because: Words = ""
    owner: Name | None = None
    by: Name | None = None


class Second(Body):
    by: Name | None = None


@router.get("/silences")
async def silences(here: Here) -> list[Quiet]:
    """Those in force, of drills too, soonest over first."""
    return await quiet_ones(here)


@router.post("/silences")
async def silence(here: Here, by: Officer, asked: Hushing) -> Said:
    """Order a silence (暂停提醒). Red and a gauge silent while rising call nevertheless."""
    themselves(asked.by, by)
    return Said(said=await order(here, asked, by))


async def order(here: Service, asked: Hushing, by: str) -> str:
    """The same for a form."""
    return await quiet.silence(
        here.desk,
        asked.place,
        timedelta(hours=asked.hours),
        asked.because,
        by,
        owner=asked.owner,
        hazard=asked.hazard,
        drill=asked.drill,
    )


@router.post("/silences/{silence}/agree")
async def agree(here: Here, by: Officer, silence: str, second: Second) -> Said:
    """Agree, as a second person, to a silence of more than 24 hours."""
    themselves(second.by, by)
    return Said(said=await quiet.agree(here.desk, silence, by))


@router.post("/silences/{silence}/end")
async def end(here: Here, by: Officer, silence: str, second: Second) -> Said:
    """End a silence early; what it covered and still stands is called for at once."""
    themselves(second.by, by)
    return Said(said=await quiet.end(here.desk, silence, by))


@router.get("/outages")
async def outages(here: Here) -> list[Out]:
    """Sensors out of service, longest first."""
    return await out_ones(here)


@router.post("/outages")
async def take_out(here: Here, by: Officer, asked: TakingOut) -> Said:
    """Take a broken sensor out of service (停用); while it shows red a second has to agree."""
    themselves(asked.by, by)
    return Said(said=await take(here, asked, by))


async def take(here: Service, asked: TakingOut, by: str) -> str:
    """The same for a form."""
    return await quiet.take_out(
        here.desk,
        asked.sensor,
        asked.substitute,
        asked.repair_by,
        asked.because,
        by,
        owner=asked.owner,
    )


@router.post("/outages/{sensor}/agree")
async def agree_out(here: Here, by: Officer, sensor: str, second: Second) -> Said:
    """Agree, as a second person, to take out a sensor that shows red."""
    themselves(second.by, by)
    return Said(said=await quiet.agree_out(here.desk, sensor, by))


@router.post("/outages/{sensor}/back")
async def put_back(here: Here, by: Officer, sensor: str, second: Second) -> Said:
    """In service again; the next good value judges."""
    themselves(second.by, by)
    return Said(said=await quiet.put_back(here.desk, sensor, by))
