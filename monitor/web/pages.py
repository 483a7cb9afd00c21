"""How a page is made: one template, one language, the same head on each. No scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from monitor.alerting.severity import ZH, Severity
from monitor.notify.phrases import town
from monitor.reference.people import DUTY_DESK, LEADER_ON_DUTY
from monitor.web.door import session
from monitor.web.health import ONLY_PRINTS, rings_nobody
from monitor.web.service import Service, service_of
from monitor.web.words import SITES, clock, hazard_in, translator

_templates = Environment(
    loader=PackageLoader("monitor.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    request: Request, template: str, shown: dict[str, Any] | None = None, status: int = 200
) -> HTMLResponse:
    """Fill a template; what every page shows is put in here."""
    here = service_of(request)
    now = here.clock.now()
    lang = "en" if request.query_params.get("lang") == "en" else "zh"
    directory = here.settings.knowledge.directory
    who, persons = session(request, here), directory.people.persons
    head = {
        "t": translator(lang),
        "hazard": hazard_in(lang),
        "lang": lang,
        "link": lambda path: f"{quote(path)}?lang=en" if lang == "en" else quote(path),
        "other_lang": request.url.path if lang == "en" else f"{request.url.path}?lang=en",
        "clock": clock(directory.people.zone, now),
        "colour_zh": {severity.name.lower(): zh for severity, zh in ZH.items()},
        "site_words": SITES,
        "severities": [s.name.lower() for s in reversed(Severity) if s],
        "town": town(directory),
        "now": now,
        "on_duty": _on_duty(here, now),
        "example": here.settings.example,
        "only_prints": ONLY_PRINTS if rings_nobody(here.settings) else None,
        "session": who,
        "signed_in": persons[who.person].name if who and who.person in persons else "",
        "refresh": None,
    }
    return HTMLResponse(_templates.get_template(template).render(head | (shown or {})), status)


def says(request: Request, said: str, status: int = 200) -> HTMLResponse:
    """One sentence; after good news the desk comes back by itself."""
    home = "/?lang=en" if request.query_params.get("lang") == "en" else "/"
    refresh = f"2; url={home}" if status == 200 else None
    return page(request, "said.html", {"said": said, "status": status, "refresh": refresh}, status)


def _on_duty(here: Service, now: datetime) -> list[tuple[str, str]]:
    """(leader or officer, their names) by the roster."""
    people = here.settings.knowledge.directory.people
    titles = {LEADER_ON_DUTY: "带班领导", DUTY_DESK: "值班员"}
    named = {
        title: [
            person.name
            for duty in people.duties.values()
            if duty.role == role
            for person in people.holders(duty, now)
        ]
        for role, title in titles.items()
    }
    return [(title, "、".join(names)) for title, names in named.items() if names]
