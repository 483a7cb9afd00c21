"""Who may write through the API, and which addresses a provider may call back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.settings.declared import Declared
from monitor.settings.faults import did_you_mean
from monitor.settings.secret import Vault

SHORTEST = 22
"""Characters of a token or a hook's path: 128 bits in URL-safe Base64."""


@dataclass(frozen=True, slots=True)
class OpenHook:
    """One address below /hooks/. Either its path cannot be guessed or the provider signs."""

    channel: str
    path: str = field(repr=False)
    """The part after /hooks/."""
    signing_key: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Door:
    """Where the API listens; `tokens` maps a bearer token to the person it acts for."""

    host: str = "127.0.0.1"
    port: int = 8080
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    hooks: tuple[OpenHook, ...] = ()


def open_door(declared: Declared, vault: Vault) -> Door:
    """Take the door's secrets; what would leave it open becomes a fault."""
    if declared.service is None:
        return Door()
    service, faults = declared.service, declared.catalog.faults
    web = service.value.web
    tokens: dict[str, str] = {}
    persons = declared.catalog.declared("people.yaml", "persons")
    if not web.tokens and "web" not in service.broken:
        service.fault(
            faults,
            "no token set, so nobody could answer or stand down; add web: tokens: "
            '- { person: …, token: "${ENV:NAME}" }',
            "web",
        )
    for i, entry in enumerate(web.tokens):
        at = ("web", "tokens", i)
        if entry.person not in persons:
            text = f'no person "{entry.person}" in people.yaml'
            service.fault(faults, text + did_you_mean(entry.person, persons), *at, "person")
        token = vault.secret(entry.token, service.document, (*at, "token"), faults)
        if token in tokens:
            service.fault(faults, "two tokens are the same; make one for each person", *at, "token")
        if token and _sound(token, "token", declared, *at, "token"):
            tokens[token] = entry.person
    return Door(web.host, web.port, tokens, _hooks(declared, vault))


def _hooks(declared: Declared, vault: Vault) -> tuple[OpenHook, ...]:
    assert declared.service is not None
    service, faults = declared.service, declared.catalog.faults
    channels = declared.catalog.declared("channels.yaml", "channels")
    hooks = []
    for i, hook in enumerate(service.value.web.hooks):
        at = ("web", "hooks", i)
        if hook.channel not in channels:
            text = f'no channel "{hook.channel}" in channels.yaml'
            service.fault(faults, text + did_you_mean(hook.channel, channels), *at, "channel")
        if hook.path is None and hook.signature is None:
            text = "anybody could call this hook; give it a secret path, or the provider's"
            service.fault(faults, text + " signature", *at)
        path = key = None
        if hook.path is not None:
            path = vault.secret(hook.path, service.document, (*at, "path"), faults)
            if path:
                _sound(path, "hook path", declared, *at, "path")
        if hook.signature is not None:
            key = vault.secret(hook.signature, service.document, (*at, "signature"), faults)
        hooks.append(OpenHook(hook.channel, path or hook.channel, key))
    return tuple(hooks)


def _sound(secret: str, what: str, declared: Declared, *at: str | int) -> bool:
    """Whether a stranger could not guess it."""
    if len(secret) >= SHORTEST and len(set(secret)) >= SHORTEST // 2:
        return True
    assert declared.service is not None
    declared.service.fault(
        declared.catalog.faults,
        f"the {what} can be guessed; use at least {SHORTEST} random characters "
        "(python3 -c 'import secrets; print(secrets.token_urlsafe(32))')",
        *at,
    )
    return False
