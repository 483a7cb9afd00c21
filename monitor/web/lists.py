"""`/api/v1/findings` and `/api/v1/replies`: what waits for somebody to look at it."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel

from monitor import acts
from monitor.reference.phones import mask, mask_in
from monitor.web.alerts import Said
from monitor.web.door import Officer
from monitor.web.service import Here, Service

router = APIRouter(prefix="/api/v1", tags=["lists"])


class Finding(BaseModel):
    """Something not in order, with the duty that mends it."""

    check: str
    subject: str
    text: str
    owner: str
    due: date
    urgent: bool
    since: datetime


class Reply(BaseModel):
    """An SMS that fits no call."""

    id: str
    phone: str
    name: str
    """Whose number it is; "" for a stranger's."""
    text: str
    why: str
    at: datetime


@router.get("/findings")
async def findings(here: Here) -> list[Finding]:
    """All that stand, soonest due first."""
    duties = here.settings.knowledge.directory.people.duties
    return [
        Finding(
            check=row.finding.check,
            subject=row.finding.subject,
            text=mask_in(row.finding.text),
            owner=duties[row.finding.owner].title
            if row.finding.owner in duties
            else row.finding.owner,
            due=row.finding.due,
            urgent=row.finding.urgent,
            since=row.opened_at,
        )
        for row in await here.store.open_findings(here.desk.actual)
    ]


@router.get("/replies")
async def replies(here: Here, by: Officer) -> list[Reply]:
    """Those nobody has looked at. What people write is for officers only."""
    return await unread(here)


async def unread(here: Service, *, phones: bool = False) -> list[Reply]:
    """Oldest first. `phones`: whole, else masked."""
    persons = here.settings.knowledge.directory.people.persons.values()
    names = {person.phone: person.name for person in persons if person.phone}
    return [
        Reply(
            id=row.id,
            phone=row.phone if phones else mask(row.phone),
            name=names.get(row.phone, ""),
            text=row.text if phones else mask_in(row.text),
            why=row.why,
            at=row.at,
        )
        for row in await here.store.unread_replies()
    ]


@router.post("/replies/{reply}/seen")
async def seen(here: Here, by: Officer, reply: str) -> Said:
    """Take a reply off the desk: somebody has read it."""
    return Said(said=await acts.reply_seen(here.desk, reply, by))
