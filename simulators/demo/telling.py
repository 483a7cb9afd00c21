"""The summary in words: to the mayor first, then the counts."""

from __future__ import annotations

from collections.abc import Mapping

from simulators.demo.cast import Cast
from simulators.demo.summary import Summary


def told(summary: Summary, cast: Cast, words: Mapping[str, str]) -> list[str]:
    """Line by line."""
    figures = summary.as_json()
    lines = ["", f"══ {words['summary']}"]
    lines += [
        words[name].format(**figures)
        for name in ("lead", "fastest", "superior", "dead_phone", "most")
    ]
    if summary.missed:
        lines.append(words["missed"].format(count=len(summary.missed)))
        lines += [f"  ✗ {miss.act} {cast.name(miss.person)} {miss.what}" for miss in summary.missed]
    else:
        lines.append(words["nothing_missed"])
    lines.append(words["counts"].format(**figures))
    return lines
