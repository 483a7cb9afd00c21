"""Plans, drills, and the checks that run over them."""

from __future__ import annotations

from pydantic import ValidationError

from monitor.readiness.finding import ScheduledCheck
from monitor.settings.declared import Declared
from monitor.settings.extensions import Extensions
from monitor.settings.references import refer


def check_plans(declared: Declared) -> None:
    catalog = declared.catalog
    duties = catalog.declared("people.yaml", "duties")
    for plan in declared.plans:
        refer(catalog, plan, plan.value.owner, duties, "duty", "owner")
        if plan.value.expires <= plan.value.issued:
            plan.fault(catalog.faults, "the plan expires before it was issued", "expires")
    known = catalog.declared_plans()
    for drill in declared.drills:
        refer(catalog, drill, drill.value.plan, known, "plan", "plan")


def scheduled(declared: Declared, known: Extensions) -> tuple[ScheduledCheck, ...]:
    """Every installed check: with the parameters given to it, else with its own defaults."""
    catalog = declared.catalog
    duties = catalog.declared("people.yaml", "duties")
    given: dict[str, ScheduledCheck | None] = {}
    for entry, kind, parameters in declared.checks:
        refer(catalog, entry, getattr(parameters, "owner", None), duties, "duty", "owner")
        if kind.name in given:
            entry.fault(catalog.faults, f'"{kind.name}" stands here twice; keep one', "kind")
        given[kind.name] = ScheduledCheck(kind, parameters) if entry.value.enabled else None
    for name, check in known.checks.items():
        if name not in given:
            try:
                given[name] = ScheduledCheck(check, check.parameters())
            except ValidationError:
                if declared.service:
                    text = f'the check "{name}" needs parameters; add it under checks'
                    declared.service.fault(catalog.faults, text, "checks")
    return tuple(check for check in given.values() if check is not None)
