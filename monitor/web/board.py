"""`/` 值班台: what stands, who has answered and who has not; it refreshes itself and asks nothing.
Forms stand on pages of their own, so that no refresh takes away what somebody types."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from monitor.acts import crossings_of
from monitor.scope import Status
from monitor.web import lists, sites
from monitor.web.alerts import one
from monitor.web.dial import listed
from monitor.web.door import MaybeSession, SignedIn
from monitor.web.health import troubles
from monitor.web.matters import open_matters
from monitor.web.pages import page
from monitor.web.quieted import out_ones, quiet_ones
from monitor.web.service import Here

router = APIRouter(include_in_schema=False)

REFRESH_S = 5


@router.get("/")
async def board(here: Here, request: Request, session: MaybeSession) -> Response:
    """Numbers and replies only for an officer who signed in."""
    knows = session is not None
    matters = await open_matters(here, phones=knows)
    replies = await lists.unread(here, phones=knows)
    shown = {
        "real": [m for m in matters if m.status == Status.ACTUAL],
        "exercise": [m for m in matters if m.status == Status.EXERCISE],
        "test": [m for m in matters if m.status == Status.TEST],
        "sites": await sites.shown(here),
        "closed": await sites.closures(here, here.desk.actual),
        "quiet": await quiet_ones(here),
        "out": await out_ones(here),
        "findings": await lists.findings(here),
        "swept": await here.store.known_findings(here.desk.actual) is not None,
        "replies": replies if knows else [],
        "reply_count": len(replies),
        "troubles": [trouble async for trouble in troubles(here)],
        "to_dial": len((await listed(here, phones=False)).lines),
        "refresh": str(REFRESH_S),
    }
    return page(request, "board.html", shown)


@router.get("/alerts/{alert}")
async def alert(here: Here, request: Request, session: SignedIn, alert: str) -> Response:
    """One matter, with what can be done about it."""
    people = here.settings.knowledge.directory.people
    leaders = people.leaders(here.clock.now()) or people.persons.values()
    shown = {
        "leaders": [(person.id, person.name) for person in leaders],
        "matter": await one(here, alert, phones=True),
        "chosen": request.query_params.get("person", ""),
        "everybody": [(person.id, person.name) for person in people.persons.values()],
    }
    return page(request, "alert.html", shown)


@router.get("/enter")
async def enter(here: Here, request: Request, session: SignedIn) -> Response:
    """A call by hand, a staff gauge, a closed bridge."""
    knowledge = here.settings.knowledge
    gauged = {s.site for s in knowledge.sensors.values() if s.quantity == "level"}
    shown = {
        "sites": [(site.id, site.name) for site in knowledge.sites.values()],
        "villages": [(v.id, v.name) for v in knowledge.directory.villages.values()],
        "gauged": [(site.id, site.name) for site in knowledge.sites.values() if site.id in gauged],
        "crossings": [(site.id, site.name) for site in crossings_of(knowledge)],
        "closed": await sites.closures(here, here.desk.actual),
        "hazards": sorted(knowledge.directory.policies),
    }
    return page(request, "enter.html", shown)


@router.get("/quiet")
async def quiet(here: Here, request: Request, session: SignedIn) -> Response:
    """What is quiet and what is out of service, and the forms to order it."""
    knowledge = here.settings.knowledge
    persons = knowledge.directory.people.persons.values()
    shown = {
        "quiet": await quiet_ones(here),
        "out": await out_ones(here),
        "sites": [(site.id, site.name) for site in knowledge.sites.values()],
        "sensors": [(s.id, s.name or s.id) for s in knowledge.sensors.values()],
        "hazards": sorted(knowledge.directory.policies),
        "everybody": [(person.id, person.name) for person in persons],
        "chosen": request.query_params.get("place", ""),
    }
    return page(request, "quiet.html", shown)
