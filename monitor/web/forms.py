"""What the pages send. The same acts as the API's, in the name of whoever signed in."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from monitor import acts
from monitor.acts import quiet
from monitor.web import door
from monitor.web.alerts import Answer, End, Verdict
from monitor.web.door import Filled, SignedIn
from monitor.web.entries import CallByHand, Closing, GaugeReading
from monitor.web.pages import page, says
from monitor.web.quiet import Hushing, TakingOut, order, take
from monitor.web.service import Here

router = APIRouter(include_in_schema=False)

SilenceAct = Literal["agree", "end"]
OutageAct = Literal["agree", "back"]


@router.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    return page(request, "sign_in.html", {"refused": False})


@router.post("/sign-in")
async def sign_in(here: Here, request: Request) -> Response:
    """The only form that needs no session: it makes one."""
    form = await request.form(max_files=0, max_fields=5)
    token = form.get("token")
    token = token.strip() if isinstance(token, str) else ""
    if door.person_of(here.settings.door.tokens, token) is None:
        return page(request, "sign_in.html", {"refused": True}, 401)
    back = RedirectResponse("/", 303)
    door.sign_in(back, request, here, token)
    return back


@router.post("/sign-out")
async def sign_out(form: Filled) -> Response:
    back = RedirectResponse("/", 303)
    back.delete_cookie(door.COOKIE)
    return back


@router.post("/alerts/{alert}/ack")
async def acknowledge(
    here: Here, request: Request, who: SignedIn, form: Filled, alert: str
) -> Response:
    answer = Answer.model_validate(form)
    said = await acts.acknowledge(here.desk, alert, answer.person, answer.via, who.person)
    return says(request, said)


@router.post("/alerts/{alert}/stand-down")
async def stand_down(
    here: Here, request: Request, who: SignedIn, form: Filled, alert: str
) -> Response:
    end = End.model_validate(form)
    leader = end.leader or who.person
    said = await acts.stand_down(here.desk, alert, leader, end.reason, who.person)
    return says(request, said)


@router.post("/alerts/{alert}/verdict")
async def verdict(
    here: Here, request: Request, who: SignedIn, form: Filled, alert: str
) -> Response:
    judged = Verdict.model_validate(form)
    said = await acts.judge_suspect(here.desk, alert, judged.real, who.person, judged.reason)
    return says(request, said)


@router.post("/calls")
async def call(here: Here, request: Request, who: SignedIn, form: Filled) -> Response:
    call = CallByHand.model_validate(form)
    said = await acts.call_by_hand(
        here.desk, call.place, call.level, call.because, call.source, who.person, call.hazard
    )
    return says(request, said)


@router.post("/readings")
async def reading(here: Here, request: Request, who: SignedIn, form: Filled) -> Response:
    read = GaugeReading.model_validate(form)
    return says(request, await acts.read_gauge(here.desk, read.site, read.value, who.person))


@router.post("/closed")
async def close(here: Here, request: Request, who: SignedIn, form: Filled) -> Response:
    site = form.pop("site", "")
    closing = Closing.model_validate(form)
    return says(request, await acts.close_site(here.desk, site, closing.closed, who.person))


@router.post("/silences")
async def silence(here: Here, request: Request, who: SignedIn, form: Filled) -> Response:
    return says(request, await order(here, Hushing.model_validate(form), who.person))


@router.post("/silences/{silence}/{act}")
async def about_silence(
    here: Here, request: Request, who: SignedIn, form: Filled, silence: str, act: SilenceAct
) -> Response:
    done = quiet.agree if act == "agree" else quiet.end
    return says(request, await done(here.desk, silence, who.person))


@router.post("/outages")
async def take_out(here: Here, request: Request, who: SignedIn, form: Filled) -> Response:
    return says(request, await take(here, TakingOut.model_validate(form), who.person))


@router.post("/outages/{sensor}/{act}")
async def about_outage(
    here: Here, request: Request, who: SignedIn, form: Filled, sensor: str, act: OutageAct
) -> Response:
    done = quiet.agree_out if act == "agree" else quiet.put_back
    return says(request, await done(here.desk, sensor, who.person))


@router.post("/replies/{reply}/seen")
async def seen(here: Here, request: Request, who: SignedIn, form: Filled, reply: str) -> Response:
    await acts.reply_seen(here.desk, reply, who.person)
    return RedirectResponse("/", 303)
