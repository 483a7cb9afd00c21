"""`/api/v1/sensors/{sensor}/series`: what a chart of one sensor shows."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, HTTPException
from pydantic import AwareDatetime, BaseModel

from monitor.errors import NotFound
from monitor.scope import Scope, Status
from monitor.store.series import By
from monitor.web.service import Here

router = APIRouter(prefix="/api/v1", tags=["series"])

A_DAY = timedelta(days=1)
LONGEST = timedelta(days=3660)


class Point(BaseModel):
    """Of a single reading `low`, `high` and `mean` are its value."""

    at: AwareDatetime
    low: float | None
    """null: nothing of that time can be believed."""
    high: float | None
    mean: float | None
    total: float | None
    believed: int
    doubted: int
    worst: int
    """QARTOD's flag: 1 good, 2 unknown, 3 suspect, 4 failed, 9 missing."""


class Chart(BaseModel):
    """One sensor's values of a span, oldest first."""

    sensor: str
    quantity: str
    by: By
    """What one point is: it follows the length of the span."""
    points: list[Point]


@router.get("/sensors/{sensor}/series")
async def series(
    here: Here, sensor: str, since: AwareDatetime | None = None, until: AwareDatetime | None = None
) -> Chart:
    """From `since` (a day before `until`) to `until` (now), which is not included."""
    known = here.settings.knowledge.sensors.get(sensor)
    if known is None:
        raise NotFound(f"没有传感器“{sensor}”，编号见 places.yaml。")
    until = until or here.clock.now()
    since = since or until - A_DAY
    if not timedelta(0) < until - since <= LONGEST:
        raise HTTPException(
            422, "since 要早于 until，最多相隔十年。 / since before until, 10 years."
        )
    scope = Scope(here.settings.knowledge.township, Status.ACTUAL, "")
    found = await here.store.series(scope, sensor, since, until)
    points = [Point(**point._asdict()) for point in found.points]
    return Chart(sensor=sensor, quantity=known.quantity, by=found.by, points=points)
