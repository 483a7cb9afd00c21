"""A township's web over a story: the real app, store and acts; time is moved by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from monitor.acts import Desk
from monitor.clock import Clock
from monitor.mqtt import BrokerAddress, Subscriber
from monitor.settings import Door, OpenHook, Settings
from monitor.store.store import Store
from monitor.web import create
from monitor.workers.ingest import Ingest
from monitor.workers.supervise import Board
from tests.stories.harness import ENVIRON, Story, story

TOKEN = ENVIRON["MONITOR_TOKEN"]
OTHER_TOKEN = "another-person-s-token-0123456789"
HOOK, SIGNED_HOOK = "u8Jx2kQw9ZbV4nLr7TfYpA", "e3Gd8sMc1XoHq6WvB5yKtN"
SIGNING_KEY = "what-only-the-provider-knows"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass
class House:
    """What `monitor.app.Service` gives to the web."""

    settings: Settings
    clock: Clock
    store: Store
    subscriber: Subscriber
    ingest: Ingest
    desk: Desk
    board: Board = field(default_factory=Board)


@dataclass
class Web:
    """The app over a story."""

    town: Story
    app: FastAPI
    house: House
    http: httpx.AsyncClient


@asynccontextmanager
async def web_of(town: Story) -> AsyncIterator[Web]:
    hooks = (OpenHook("sms", HOOK, None), OpenHook("sms", SIGNED_HOOK, SIGNING_KEY))
    door = Door(tokens={TOKEN: "desk-1", OTHER_TOKEN: "desk-2"}, hooks=hooks)
    settings = replace(town.settings, door=door)
    nowhere = Subscriber(BrokerAddress(host="127.0.0.1", port=1, client_id="t"), [], town.clock)
    house = House(settings, town.clock, town.store, nowhere, town.ingest, town.desk)
    app = create(house)
    # A defect is answered like any other fault, and not raised into the test.
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as http:
        yield Web(town, app, house, http)


@pytest.fixture
async def web(tmp_path: Path) -> AsyncIterator[Web]:
    """The example township, late in the evening."""
    async with story(tmp_path) as town, web_of(town) as opened:
        yield opened
        town.rang()  # what rang is looked at in the stories


@pytest.fixture
async def flood(web: Web) -> Web:
    """The river has just reached red; everybody was called."""
    await web.town.reads(87.9)
    return web


async def the_alert(web: Web) -> str:
    """The id of the only open matter."""
    (alert,) = await web.town.store.open_matters()
    return alert.id
