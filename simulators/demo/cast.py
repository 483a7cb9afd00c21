"""Who is behind a number, and what one moment's messages look like side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from monitor.reference.people import Person
from monitor.settings import Settings
from simulators.gateways.messages import Accepted

MEDIA = {
    "aliyun": "sms",
    "tencent": "sms",
    "aliyun_voice": "voice",
    "wecom_app": "wechat",
    "wecom_robot": "group",
}


class Rung(NamedTuple):
    """One text, and all who got it at that moment."""

    media: tuple[str, ...]
    persons: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in `config/`, by address."""

    persons: Mapping[str, Person]
    by_address: Mapping[str, str]

    @classmethod
    def of(cls, settings: Settings) -> Cast:
        persons = settings.knowledge.directory.people.persons
        addresses = {person.phone: id for id, person in persons.items()}
        addresses |= {person.wecom: id for id, person in persons.items()}
        return cls(persons, addresses)

    def person(self, message: Accepted) -> str:
        """Whose phone it is; the address itself where it is nobody's."""
        return self.by_address.get(message.to, message.to)

    def name(self, person: str) -> str:
        """As it stands in the list, without the word that marks the example."""
        known = self.persons.get(person)
        return known.name.removesuffix("（示例）") if known else person

    def rung(self, messages: Iterable[Accepted]) -> list[Rung]:
        """The messages of one moment, one entry a text."""
        media: dict[str, dict[str, None]] = {}
        persons: dict[str, dict[str, None]] = {}
        for message in messages:
            media.setdefault(message.text, {})[MEDIA[message.provider]] = None
            persons.setdefault(message.text, {})[self.person(message)] = None
        return [Rung(tuple(media[text]), tuple(persons[text]), text) for text in media]
