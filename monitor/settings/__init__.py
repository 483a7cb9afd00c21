"""YAML → Settings; all faults at once, each with file:line.

Reading order: document (lines), catalog (entries), declared, check_*, door, build.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from monitor.errors import SettingsRefused
from monitor.settings.build import Settings, build
from monitor.settings.catalog import open_folder
from monitor.settings.check_calendar import check_plans, scheduled
from monitor.settings.check_people import check_people
from monitor.settings.check_places import check_places
from monitor.settings.check_reach import check_reach
from monitor.settings.check_rules import check_rules
from monitor.settings.check_service import check_service
from monitor.settings.check_words import check_words
from monitor.settings.declared import Declared, declare
from monitor.settings.door import Door, OpenHook, open_door
from monitor.settings.extensions import Extensions, installed
from monitor.settings.faults import Faults
from monitor.settings.secret import Vault
from monitor.settings.unwatched import unwatched

__all__ = ["Door", "Extensions", "OpenHook", "Settings", "check", "load"]


def load(
    folder: Path, environ: Mapping[str, str], extensions: Extensions | None = None
) -> Settings:
    """Read the folder. `extensions` None: all that are installed.

    Raises SettingsRefused with every fault of the folder, one line each.
    """
    known = extensions or installed()
    faults = Faults()
    catalog = open_folder(folder, faults)
    if not catalog.documents:
        raise SettingsRefused(faults.lines())
    vault = Vault(folder, environ)
    declared = declare(catalog, known)
    for look in (
        check_service,
        check_places,
        check_rules,
        check_people,
        check_reach,
        check_plans,
        check_words,
    ):
        look(declared)
    door = open_door(declared, vault)
    password = _broker_password(declared, vault)
    heartbeat = _heartbeat_url(declared, vault)
    secrets = _channel_secrets(declared, vault)
    checks = scheduled(declared, known)
    if faults.found:
        raise SettingsRefused(faults.lines())
    tests = tuple(known.tests.values())
    settings = build(folder, declared, door, password, heartbeat, secrets, checks, tests)
    return replace(settings, warnings=unwatched(declared))


def check(folder: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Every fault of the folder as "file:line: what is wrong and what to do"; () for none."""
    try:
        load(folder, environ)
    except SettingsRefused as refused:
        return refused.faults
    return ()


def _broker_password(declared: Declared, vault: Vault) -> str | None:
    if declared.service is None or (text := declared.service.value.broker.password) is None:
        return None
    at = ("broker", "password")
    return vault.secret(text, declared.service.document, at, declared.catalog.faults)


def _heartbeat_url(declared: Declared, vault: Vault) -> str | None:
    if declared.service is None or (text := declared.service.value.heartbeat.url) is None:
        return None
    service, at, faults = declared.service, ("heartbeat", "url"), declared.catalog.faults
    url = vault.secret(text, service.document, at, faults)
    if url and not url.startswith(("https://", "http://")):
        service.fault(faults, "the heartbeat's address must begin with https:// or http://", *at)
    return url


def _channel_secrets(declared: Declared, vault: Vault) -> dict[str, dict[str, str]]:
    """Channel → name → secret. One that an enabled kind asks for and nobody gave is a fault, and
    so is one that the kind does not know."""
    faults = declared.catalog.faults
    found: dict[str, dict[str, str]] = {}
    for entry, kind, _ in declared.channels:
        names = {*kind.secret_names, *entry.value.secrets}
        mine = found.setdefault(entry.value.id, {})
        for name in sorted(names):
            text = entry.value.secrets.get(name)
            if not entry.value.enabled and name in kind.secret_names:
                continue
            if name not in kind.secret_names:
                entry.fault(
                    faults, f'{kind.name} knows no secret "{name}"; take it away', "secrets", name
                )
            elif text is None:
                entry.fault(
                    faults,
                    f'the secret "{name}" is missing; add secrets: {{ {name}: "${{ENV:NAME}}" }}',
                    "secrets",
                )
            elif value := vault.secret(text, entry.document, (*entry.at, "secrets", name), faults):
                mine[name] = value
    return found
