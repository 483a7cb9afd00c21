"""Erasing a person's numbers and words, for who asks and for who keeps the list.

The journal names persons by id alone: it stays, and its chain with it.
"""

from __future__ import annotations

from datetime import datetime

from monitor.errors import NotFound
from monitor.journal import Entry
from monitor.judging.memory import Knowledge
from monitor.reference.people import Person
from monitor.scope import Scope, Status
from monitor.store.erasure import Erased
from monitor.store.store import Store


async def erase(store: Store, knowledge: Knowledge, person: str, by: str, now: datetime) -> str:
    """Erase all that the store holds of a person, and say what of it is left, and why.

    `by`: who asked for it, an id. Raises NotFound for one that neither the list nor the store
    knows.
    """
    others = dict(knowledge.directory.people.persons)
    known = others.pop(person, None)
    shared = {number for other in others.values() for number in _numbers(other)}
    scope = Scope(knowledge.township, Status.ACTUAL, "")
    async with store.writing() as tx:
        erased = await tx.erase_person(person, _numbers(known) if known else (), shared)
        if known is None and not any(erased):
            raise NotFound(f"责任清单和数据文件里都没有“{person}”，请用 people.yaml 里的编号。")
        facts = {"by": by, **erased._asdict()}
        await tx.write([Entry(scope, now, "person.erased", person, person, facts)])
    return _said(person, erased, listed=known is not None)


def _numbers(person: Person) -> set[str]:
    return {person.phone, person.landline, person.wecom}


def _said(person: str, erased: Erased, *, listed: bool) -> str:
    parts = [
        f"{person}：已抹去 {erased.calls} 次叫应的号码、{erased.replies} 条回复、"
        f"{erased.receipts} 条回执、{erased.ladders} 份名单、{erased.unreadable} 条未读懂的来件"
    ]
    if erased.kept:
        parts.append(f"还有 {erased.kept} 处正在办理，办结（回复已阅）后请再执行一次")
    if listed:
        parts.append("people.yaml 里还有此人，请从中删去并重启，否则下次叫应又会写入")
    return "；".join(parts) + "。旧备份里的仍在，请按保存期限删除。"
