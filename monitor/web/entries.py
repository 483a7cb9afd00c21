"""What people tell the service themselves: a call by hand, a staff gauge, a closed bridge."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from monitor import acts
from monitor.acts import erasing
from monitor.web.alerts import Body, Name, Said, Words
from monitor.web.door import Officer, themselves
from monitor.web.service import Here

router = APIRouter(prefix="/api/v1", tags=["entries"])


class CallByHand(Body):
    """The county rang, a villager came."""

    level: Literal["blue", "yellow", "orange", "red"]
    place: Name
    """A site's or a village's id."""
    because: Annotated[Words, Field(min_length=1)]
    source: Annotated[str, Field(min_length=1, max_length=20)]
    """Who said so; read out in the message: 县防办."""
    hazard: Name = "flood"
    by: Name | None = None


class GaugeReading(Body):
    site: Name
    value: Annotated[float, Field(ge=-500, le=9000)]
    """m of the site's datum."""
    by: Name | None = None


class Erasure(Body):
    by: Name | None = None


class Closing(Body):
    closed: bool
    by: Name | None = None


@router.post("/calls")
async def call(here: Here, by: Officer, call: CallByHand) -> Said:
    """Start the whole chain without a sensor."""
    themselves(call.by, by)
    said = await acts.call_by_hand(
        here.desk, call.place, call.level, call.because, call.source, by, call.hazard
    )
    return Said(said=said)


@router.post("/readings")
async def reading(here: Here, by: Officer, reading: GaugeReading) -> Said:
    """Enter what the staff gauge (水尺) shows."""
    themselves(reading.by, by)
    return Said(said=await acts.read_gauge(here.desk, reading.site, reading.value, by))


@router.post("/sites/{site}/closed")
async def close(here: Here, by: Officer, site: str, closing: Closing) -> Said:
    """Mark a bridge or road closed (封控), or open again."""
    themselves(closing.by, by)
    return Said(said=await acts.close_site(here.desk, site, closing.closed, by))


@router.post("/people/{person}/erase")
async def erase(here: Here, by: Officer, person: str, erasure: Erasure) -> Said:
    """Erase a person's numbers and replies from the store; the journal's chain holds."""
    themselves(erasure.by, by)
    knowledge, now = here.settings.knowledge, here.clock.now()
    return Said(said=await erasing.erase(here.store, knowledge, person, by, now))
