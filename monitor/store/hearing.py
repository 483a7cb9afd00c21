"""All that is known about a ladder's calls, for `notify.ladders.advance` to decide on."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from monitor.notify.answers import ENDED
from monitor.notify.delivery import UNREACHED
from monitor.notify.escalation import Ladder
from monitor.notify.ladders import Answer, Failure, Heard
from monitor.store import alerts
from monitor.store.answers import answers, stood_down
from monitor.store.ladders import of_alert
from monitor.store.tables import attempts, ladders, notifications, receipts


def heard(conn: sa.Connection, ladder: Ladder) -> Heard:
    """What people said, which calls went nowhere, whether the matter is over."""
    given = (answer for answer in answers(conn, ladder.alert) if answer.word != ENDED)
    return Heard(
        answers=tuple(Answer(a.person, a.at, a.severity) for a in given),
        failures=_failures(conn, ladder),
        ended=_ended(conn, ladder),
        newer=frozenset(
            other.duty
            for other in of_alert(conn, ladder.alert)
            if (other.opened_at, other.severity) > (ladder.opened_at, ladder.severity)
        ),
    )


def _ended(conn: sa.Connection, ladder: Ladder) -> str:
    """A stand-down ends what had been called by then; what worsens after it calls anew."""
    end = stood_down(conn, ladder.alert)
    if end is not None and end.at >= ladder.opened_at:
        return f"stood down by {end.by}"
    found = alerts.one(conn, ladder.alert)
    return "" if found is None or found.is_active else "cleared"


def _failures(conn: sa.Connection, ladder: Ladder) -> tuple[Failure, ...]:
    """Calls that went nowhere, without those whose substitute may still reach the person.

    A substitute is a call by a channel that the ladder's snapshot does not name: the next one
    of the same medium, taken when the first failed.
    """
    reaches = {(r.person, r.channel) for step in ladder.steps for r in step.reaches}
    calls = _calls(conn, ladder)
    hoped = {
        (person, step, round)
        for person, channel, step, round, failed_at in calls
        if failed_at is None and (person, channel) not in reaches
    }
    return tuple(
        Failure(person, channel, failed_at)
        for person, channel, step, round, failed_at in calls
        if failed_at is not None and (person, step, round) not in hoped
    )


def _calls(conn: sa.Connection, ladder: Ladder) -> list[tuple[str, str, int, int, datetime | None]]:
    """Person, channel, step, round, and when it was learned that the call went nowhere.

    Of the whole escalation: who holds two duties is called once, and that call is both ladders'.
    """
    n, same = notifications.c, ladders.c.escalation == ladder.escalation
    tried = sa.select(sa.func.max(attempts.c.recorded_at))
    tried_at = tried.where(attempts.c.notification == n.id).scalar_subquery()
    bad = sa.select(sa.func.min(receipts.c.at))
    bad_at = bad.where(receipts.c.notification == n.id, ~receipts.c.delivered).scalar_subquery()
    rows = sa.select(
        n.person, n.channel, n.step, n.round, n.state, tried_at.label("tried"), bad_at.label("bad")
    ).where(n.ladder.in_(sa.select(ladders.c.id).where(same)))
    return [
        (r.person, r.channel, r.step, r.round, r.tried if r.state in UNREACHED else r.bad)
        for r in conn.execute(rows.order_by(n.id))
    ]
