"""What is real goes first: a drill or a test waits while people are called for something real."""

from __future__ import annotations

import sqlalchemy as sa

from monitor.alerting.severity import Severity
from monitor.scope import Status
from monitor.store.tables import alerts


def real(scope: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a scope column says ACTUAL."""
    return sa.type_coerce(scope, sa.String).like(f"%/{Status.ACTUAL}/")


def goes_on(scope: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """ACTUAL always. A drill or test only while no real alert stands that called people out: not
    for a blue one, which asks nobody, nor for a doubt (invariant 8)."""
    calls = alerts.c.announced >= Severity.YELLOW
    stands = sa.exists().where(real(alerts.c.scope), alerts.c.cleared_at.is_(None), calls)
    return real(scope) | ~stands
