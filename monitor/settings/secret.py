"""Secrets come from the environment or from a file, never out of YAML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.settings.document import Document, Location
from monitor.settings.faults import Faults

_REFERENCE = re.compile(r"\$\{(ENV|FILE):([^{}]+)\}")
_MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"


@dataclass(frozen=True, slots=True)
class Vault:
    """Looks up `${ENV:NAME}` and `${FILE:path}`, a path counted from the settings' folder."""

    folder: Path
    environ: Mapping[str, str]

    def secret(self, text: str, document: Document, at: Location, faults: Faults) -> str | None:
        """The secret that `text` names; None after a fault. The text itself is never repeated."""

        def refuse(what: str) -> None:
            faults.add(document.file, document.line(at), what)

        match = _REFERENCE.fullmatch(text.strip())
        if match is None:
            refuse(
                "a secret must not stand in a file that is copied; write ${ENV:NAME} or "
                "${FILE:path} and keep it there"
            )
            return None
        if match[1] == "ENV":
            value = self.environ.get(match[2], "").strip()
            if not value:
                refuse(
                    f"the environment has no {match[2]}; set it before the start "
                    f"(a new one: {_MAKE_ONE})"
                )
            return value or None
        try:
            value = (self.folder / match[2]).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            value = ""
        if not value:
            refuse(f"the file {match[2]} holds no secret; write it there, one line, chmod 600")
        return value or None
