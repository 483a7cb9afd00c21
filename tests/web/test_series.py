"""What a chart asks for."""

from __future__ import annotations

from datetime import timedelta

from tests.web.conftest import Web

PATH = "/api/v1/sensors/shiqiao-level/series"


async def test_a_day_is_shown_by_its_readings_and_a_month_by_its_hours(web: Web) -> None:
    await web.town.reads(84.2)
    await web.town.reads(84.9)
    web.town.clock.seconds += 1
    said = (await web.http.get(PATH)).json()
    assert (said["sensor"], said["quantity"], said["by"]) == ("shiqiao-level", "level", "reading")
    since = (web.town.clock.now() - timedelta(days=30)).isoformat()
    month = (await web.http.get(PATH, params={"since": since})).json()
    assert month["by"] == "hour" and len(month["points"]) == 1
    year = (web.town.clock.now() - timedelta(days=365)).isoformat()
    assert (await web.http.get(PATH, params={"since": year})).json()["by"] == "day"


async def test_a_sensor_or_a_span_that_is_not_there_is_told(web: Web) -> None:
    unknown = await web.http.get("/api/v1/sensors/nobody/series")
    assert unknown.status_code == 404 and "places.yaml" in unknown.json()["detail"]
    now = web.town.clock.now().isoformat()
    empty = await web.http.get(PATH, params={"since": now, "until": now})
    assert empty.status_code == 422 and "since" in empty.json()["detail"]
    naive = await web.http.get(PATH, params={"since": "2026-07-01T00:00:00"})
    assert naive.status_code == 422 and "since" in naive.json()["detail"]
