"""Who asks: a bearer token for programs, a signed cookie for the pages, each bound to a person.

The cookie is made from the token and from nothing that is kept: it outlives a restart, and ends
when its token is taken out of `config/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Annotated, NamedTuple

from fastapi import Depends, HTTPException, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from monitor.providers.signatures import body_hmac
from monitor.web.service import Here

COOKIE = "monitor_session"
SESSION = timedelta(hours=24)
"""From 08:00 to 08:00."""
FORM_KEY = "form_key"

_bearer = HTTPBearer(auto_error=False, description="令牌 / a token of `web: tokens:`")


class Session(NamedTuple):
    """Somebody signed in at the desk's screen."""

    person: str
    form_key: str
    """Stands in every form, so that no other page can send one."""


def same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing of where they differ."""
    return compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))


def person_of(tokens: Mapping[str, str], offered: str) -> str | None:
    """Whom a token acts for; None for a token that is none. Looks at all of them."""
    found = [person for token, person in tokens.items() if same(token, offered)]
    return found[0] if found else None


def officer(
    here: Here, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> str:
    """The person of the bearer token. Raises 401."""
    offered = credentials.credentials if credentials else ""
    person = person_of(here.settings.door.tokens, offered)
    if person is None:
        raise HTTPException(
            401,
            "要先出示令牌：Authorization: Bearer … / A bearer token is needed.",
            {"WWW-Authenticate": "Bearer"},
        )
    return person


Officer = Annotated[str, Depends(officer)]


def themselves(by: str | None, person: str) -> str:
    """Nobody enters anything under another's name. Raises 403."""
    if by not in (None, person):
        raise HTTPException(
            403,
            f"这个令牌属于“{person}”，不能以“{by}”的名义登记。"
            f" / This token is {person}'s and enters nothing as {by}.",
        )
    return person


def sign_in(response: Response, request: Request, here: Here, token: str) -> None:
    """Set the cookie of a token that was found good."""
    now = here.clock.now()
    expires = str(int((now + SESSION).timestamp()))
    response.set_cookie(
        COOKIE,
        f"{expires}.{_signed('session', expires, token)}",
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


def session(request: Request, here: Here) -> Session | None:
    """Who is signed in here; None for nobody, or no longer."""
    now = here.clock.now()
    return _session(request.cookies.get(COOKIE, ""), here.settings.door.tokens, now)


def _session(cookie: str, tokens: Mapping[str, str], now: datetime) -> Session | None:
    expires, _, signature = cookie.partition(".")
    for token, person in tokens.items():
        if same(signature, _signed("session", expires, token)):
            if now.timestamp() < int(expires):
                return Session(person, _signed("form", expires, token))
            return None
    return None


def _signed(what: str, expires: str, token: str) -> str:
    return body_hmac(f"{what} {expires}".encode(errors="replace"), token)


MaybeSession = Annotated[Session | None, Depends(session)]


def signed_in(session: MaybeSession) -> Session:
    """Raises 401."""
    if session is None:
        raise HTTPException(401, "请先登录值班台。 / Please sign in first.")
    return session


SignedIn = Annotated[Session, Depends(signed_in)]


async def filled(request: Request, session: SignedIn) -> dict[str, str]:
    """The fields of a form of ours that were filled in. Raises 401, and 403 for a form that this
    person's screen did not make."""
    form = await request.form(max_files=0, max_fields=20)
    key = form.get(FORM_KEY)
    if not isinstance(key, str) or not same(key, session.form_key):
        raise HTTPException(403, "页面已过期，请返回值班台重填。 / This form is stale.")
    return {
        name: value.strip()
        for name, value in form.items()
        if name != FORM_KEY and isinstance(value, str) and value.strip()
    }


Filled = Annotated[dict[str, str], Depends(filled)]
