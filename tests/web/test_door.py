"""Nobody writes without a token, and nobody in another's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from fastapi.routing import iter_route_contexts

from tests.web.conftest import BEARER, HOOK, OTHER_TOKEN, TOKEN, Web, the_alert

OPEN_WRITES = {"/sign-in"}
"""Takes a token and gives a session: the door itself."""


def writes(web: Web) -> Iterator[tuple[str, str]]:
    """Every (method, path) of the app that may change something."""
    for route in iter_route_contexts(web.app.routes):
        for method in sorted((route.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            yield method, route.path


async def test_every_write_route_refuses_whoever_shows_no_token(web: Web) -> None:
    seen = list(writes(web))
    assert len(seen) > 14
    for method, path in seen:
        if path in OPEN_WRITES:
            continue
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
            said = await web.http.request(method, path, headers=headers, json={})
            expected = 404 if path.startswith("/hooks/") else 401
            assert said.status_code == expected, (method, path, headers, said.text)


async def test_a_bearer_token_does_not_open_the_pages_forms(web: Web) -> None:
    """A form counts only with the session and the key of the page that it stood on."""
    for method, path in writes(web):
        if not path.startswith(("/api/", "/hooks/")) and path not in OPEN_WRITES:
            said = await web.http.request(method, path, headers=BEARER, data={"a": "b"})
            assert said.status_code == 401, path


async def test_the_body_cannot_forge_who_entered_it(flood: Web) -> None:
    path = f"/api/v1/alerts/{await the_alert(flood)}/ack"
    forged = await flood.http.post(path, headers=BEARER, json={"person": "mayor", "by": "desk-2"})
    assert forged.status_code == 403
    assert "desk-1" in forged.json()["detail"]
    assert await flood.town.store.answers(await the_alert(flood)) == []
    own = await flood.http.post(path, headers=BEARER, json={"person": "mayor", "by": "desk-1"})
    assert own.status_code == 200
    (answer,) = await flood.town.store.answers(await the_alert(flood))
    assert (answer.person, answer.by, answer.via) == ("mayor", "desk-1", "phone")


async def test_a_token_acts_for_its_own_person(flood: Web) -> None:
    path = f"/api/v1/alerts/{await the_alert(flood)}/ack"
    headers = {"Authorization": f"Bearer {OTHER_TOKEN}"}
    await flood.http.post(path, headers=headers, json={"person": "mayor"})
    (answer,) = await flood.town.store.answers(await the_alert(flood))
    assert answer.by == "desk-2"


async def test_a_person_signs_in_and_the_session_ends_after_a_day(web: Web) -> None:
    said = await web.http.post("/sign-in", data={"token": TOKEN})
    assert said.status_code == 303
    cookie = said.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert TOKEN.lower() not in cookie
    assert (await web.http.get("/enter")).status_code == 200
    await web.town.clock.wait(timedelta(hours=24).total_seconds())
    assert (await web.http.get("/enter")).status_code == 401


@pytest.mark.parametrize("cookie", ["", ".", "9999999999.0", "x.y", "9999999999", "é.é"])
async def test_a_made_up_session_is_none(web: Web, cookie: str) -> None:
    headers = {"Cookie": b"monitor_session=" + cookie.encode()}
    assert (await web.http.get("/enter", headers=headers)).status_code == 401


async def test_a_session_cannot_be_made_longer(web: Web) -> None:
    await web.http.post("/sign-in", data={"token": TOKEN})
    expires, _, signature = web.http.cookies["monitor_session"].partition(".")
    longer = httpx.Cookies({"monitor_session": f"{int(expires) + 1}.{signature}"})
    web.http.cookies = longer
    assert (await web.http.get("/enter")).status_code == 401


async def test_a_form_without_its_key_changes_nothing(flood: Web) -> None:
    await flood.http.post("/sign-in", data={"token": TOKEN})
    path = f"/alerts/{await the_alert(flood)}/stand-down"
    for key in ({}, {"form_key": "guess"}):
        said = await flood.http.post(path, data={"leader": "mayor", **key})
        assert said.status_code == 403
    assert await flood.town.store.stood_down(await the_alert(flood)) is None


async def test_a_wrong_token_does_not_sign_in(web: Web) -> None:
    said = await web.http.post("/sign-in", data={"token": "guess"})
    assert said.status_code == 401
    assert "set-cookie" not in said.headers


async def test_what_people_wrote_is_for_officers_only(web: Web) -> None:
    assert (await web.http.get("/api/v1/replies")).status_code == 401
    assert (await web.http.get("/api/v1/replies", headers=BEARER)).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/readings", f"/hooks/{HOOK}", "/sign-in"])
async def test_no_body_fills_the_memory(web: Web, path: str) -> None:
    kind = "application/x-www-form-urlencoded" if path == "/sign-in" else "application/json"
    headers = {**BEARER, "Content-Type": kind}
    said = await web.http.post(path, headers=headers, content=b"x" * 70_000)
    assert said.status_code == 413


async def test_no_page_may_be_framed_or_load_from_elsewhere(web: Web) -> None:
    for path in ("/", "/sign-in", "/api/v1/alerts", "/nothing", "/static/style.css"):
        policy = (await web.http.get(path)).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
