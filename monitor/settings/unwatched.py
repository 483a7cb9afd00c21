"""Which limits nobody watches: without a rule of silence a dead gauge is only a finding."""

from __future__ import annotations

from monitor.settings.declared import Declared
from monitor.settings.faults import Faults


def unwatched(declared: Declared) -> tuple[str, ...]:
    """A warning for each limit rule of a site where no rule hears silence, with file:line."""
    site = {entry.value.id: entry.value.site for entry in declared.sensors}
    enabled = [bound for bound in declared.rules if bound.entry.value.enabled]
    listening = [bound.entry.value for bound in enabled if bound.kind.name == "silence"]
    heard = {site[sensor] for rule in listening for sensor in rule.sensors}
    found = Faults()
    for bound in enabled:
        rule = bound.entry.value
        here = site[rule.sensors[0]]
        if bound.kind.name == "limit" and here not in heard:
            text = f"{', '.join(rule.sensors)} may die while rising and nobody is called; "
            text += f'add a rule of kind silence with hazard "{rule.hazard}" for {here}'
            bound.entry.fault(found, text)
    return found.lines()
