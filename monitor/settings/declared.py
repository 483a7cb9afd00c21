"""The folder as typed entries: what `check` looks at and `build` puts together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, Field

from monitor.alerting.rule import RuleKind
from monitor.ingest.reading import Format
from monitor.notify.channel import ChannelKind
from monitor.notify.policy import Policy
from monitor.readiness.finding import Check
from monitor.reference.people import Duty, Number, Person, Roster
from monitor.reference.places import Sensor, Site, Village
from monitor.reference.plans import HeldDrill, Plan
from monitor.reference.units import Frozen
from monitor.settings.catalog import Catalog, Entry, entries, validated
from monitor.settings.document import Document
from monitor.settings.extensions import Extensions
from monitor.settings.faults import Faults, did_you_mean
from monitor.settings.schema import (
    ChannelFrame,
    CheckFrame,
    RuleFrame,
    ServiceFile,
    SourceFrame,
)

K = TypeVar("K")
F = TypeVar("F", bound=BaseModel)


class PeopleHead(Frozen):
    """What stands in `people.yaml` beside its lists."""

    desk_phone: Number = ""
    """The duty room's fixed phone."""
    roster: Roster = Roster()


class Templates(Frozen):
    """What stands in `policies.yaml` beside its list: texts that better the shipped ones."""

    templates: Mapping[str, str] = Field(default_factory=dict)


class Bound(NamedTuple, Generic[F, K]):
    """An entry with the extension that it names and the extension's own parameters."""

    entry: Entry[F]
    kind: K
    parameters: BaseModel


@dataclass(frozen=True, slots=True)
class Declared:
    catalog: Catalog
    service: Entry[ServiceFile] | None
    """None: it has faults of its own."""
    villages: list[Entry[Village]]
    sites: list[Entry[Site]]
    sensors: list[Entry[Sensor]]
    persons: list[Entry[Person]]
    duties: list[Entry[Duty]]
    people: Entry[PeopleHead] | None
    policies: list[Entry[Policy]]
    templates: Entry[Templates] | None
    plans: list[Entry[Plan]]
    drills: list[Entry[HeldDrill]]
    sources: list[Bound[SourceFrame, Format]]
    rules: list[Bound[RuleFrame, RuleKind]]
    checks: list[Bound[CheckFrame, Check]]
    channels: list[Bound[ChannelFrame, ChannelKind]]


def declare(catalog: Catalog, known: Extensions) -> Declared:
    """Validate every entry of the folder; what is broken is told and left out."""
    faults = catalog.faults
    service, channels = catalog.documents["service.yaml"], catalog.documents["channels.yaml"]
    rules = catalog.documents["rules.yaml"]
    return Declared(
        catalog=catalog,
        service=_head(catalog, "service.yaml", ServiceFile, frozenset({"sources", "checks"})),
        villages=catalog.section("places.yaml", "villages", Village),
        sites=catalog.section("places.yaml", "sites", Site),
        sensors=catalog.section("places.yaml", "sensors", Sensor),
        persons=catalog.section("people.yaml", "persons", Person),
        duties=catalog.section("people.yaml", "duties", Duty),
        people=_head(catalog, "people.yaml", PeopleHead, frozenset({"persons", "duties"})),
        policies=catalog.section("policies.yaml", "policies", Policy),
        templates=_head(catalog, "policies.yaml", Templates, frozenset({"policies"})),
        plans=[e for d in catalog.plan_documents for e in entries(d, "plans", Plan, faults)],
        drills=[e for d in catalog.plan_documents for e in entries(d, "drills", HeldDrill, faults)],
        sources=_bound(catalog, service, "sources", SourceFrame, known.formats, "format"),
        rules=_bound(catalog, rules, "rules", RuleFrame, known.rules, "kind"),
        checks=_bound(catalog, service, "checks", CheckFrame, known.checks, "kind"),
        channels=_bound(catalog, channels, "channels", ChannelFrame, known.channels, "kind"),
    )


def _head(catalog: Catalog, file: str, model: type[F], lists: frozenset[str]) -> Entry[F] | None:
    """The keys of a file that are no lists of entries, as one entry. Where some are broken the
    others are looked at all the same."""
    document = catalog.documents[file]
    if document.content is None:
        return None
    keys = {
        key: value
        for key, value in document.content.items()
        if key not in lists and (file == "service.yaml" or key in model.model_fields)
    }
    broken = Faults()
    value = validated(model, keys, document, (), broken)
    catalog.faults.found |= broken.found
    if value is not None:
        return Entry(value, document, ())
    lines = {fault.line for fault in broken.found}
    whole = {key: keys[key] for key in keys if lines.isdisjoint(document.lines_of((key,)))}
    value = validated(model, whole, document, (), Faults())
    broken_keys = frozenset(keys.keys() - whole)
    return None if value is None else Entry(value, document, (), broken=broken_keys)


def _bound(
    catalog: Catalog,
    document: Document,
    section: str,
    frame: type[F],
    kinds: Mapping[str, Any],
    key: str,
) -> list[Bound[F, Any]]:
    found: list[Bound[F, Any]] = []
    for entry in entries(document, section, frame, catalog.faults, frame=True):
        name = getattr(entry.value, key)
        kind = kinds.get(name)
        if kind is None:
            text = f'no {key} is called "{name}"' + did_you_mean(name, kinds)
            entry.fault(catalog.faults, text, key)
            continue
        parameters = validated(
            kind.parameters, dict(entry.rest), document, entry.at, catalog.faults
        )
        if parameters is not None:
            found.append(Bound(entry, kind, parameters))
    return found
