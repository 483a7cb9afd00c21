"""The hand-dial list (手拨名单) of this moment, for the desk's page, the API and the command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.judging.memory import Knowledge
from monitor.notify.dialling import Line
from monitor.notify.dialling import hand_dial as ordered
from monitor.notify.escalation import LadderState
from monitor.notify.instead import none_left
from monitor.notify.ladders import advance
from monitor.scope import Scope, Status
from monitor.store.store import Store

_NOT_WAITING = (LadderState.HELD, LadderState.CANCELLED)


@dataclass(frozen=True, slots=True)
class HandDial:
    """Whom to dial, in order."""

    at: datetime
    all_dead: bool
    """Whether no channel reaches anybody; else only those are on it for whom all was tried."""
    lines: tuple[Line, ...]


async def hand_dial(
    store: Store, knowledge: Knowledge, now: datetime, *, rings: bool = True
) -> HandDial:
    """Of what is real alone: no exercise is dialled by hand. `rings`: whether the service runs;
    while it does not, no channel reaches anybody."""
    directory, scope = knowledge.directory, Scope(knowledge.township, Status.ACTUAL, "")
    dead = {one.channel for one in (await store.channel_health()).values() if one.is_down}
    all_dead = not rings or none_left(directory, dead)
    unanswered = [x for x in await store.unanswered_ladders() if x.scope == scope]
    put_back = [x for x in await store.not_called_since_restore() if x.scope == scope]
    heard = await store.heard_of([*unanswered, *put_back])
    ladders = [
        ladder
        for ladder in (*unanswered, *put_back)
        # an answer that the escalation has not looked at yet counts already
        if advance(ladder, heard[ladder.id], now).ladder.state not in _NOT_WAITING
        and (all_dead or ladder.state is LadderState.DONE or ladder in put_back)
    ]
    untold = await (store.untold(scope, now) if all_dead else store.held_promises())
    alerts = {alert.id: alert for alert in await store.open_matters() if alert.scope == scope}
    ends = await store.untold_ends(scope, now, on_their_way=all_dead)
    for id in {one.subject for one in ends} - alerts.keys():
        if (over := await store.alert(id)) is not None:
            alerts[id] = over
    return HandDial(now, all_dead, ordered(directory, alerts, ladders, untold, now, ends))
