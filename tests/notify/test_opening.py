"""What a ladder is made of when it begins, and never changes afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.alerting.severity import Severity
from monitor.notify.channel import Medium
from monitor.notify.directory import Directory, reaches
from monitor.notify.escalation import Ladder
from monitor.notify.opening import open_ladder, open_ladders
from monitor.notify.policy import Tier
from monitor.reference.people import Duty, Person
from tests.notify.township import DAY, DUTIES, NIGHT, SITE, alert, directory


def opened(where: Directory, duty: Duty, **tier: object) -> Ladder:
    return open_ladder(
        where,
        alert(Severity.RED),
        SITE,
        Tier(**tier),
        duty,
        "escalation",
        NIGHT,  # type: ignore[arg-type]
    )


def listed(**changed: Duty) -> Directory:
    where = directory()
    return replace(where, people=replace(where.people, duties={**DUTIES, **changed}))


def persons(ladder: Ladder) -> list[list[str]]:
    return [[r.person for r in step.reaches if r.channel == "sms"] for step in ladder.steps]


def test_it_climbs_the_chain_to_the_mayor() -> None:
    assert persons(opened(directory(), DUTIES["chief"])) == [
        ["chief"], ["cadre"], ["leader"], ["deputy"], ["mayor"],
    ]  # fmt: skip


def test_a_superior_who_was_called_already_is_left_out() -> None:
    cadre = DUTIES["cadre"].model_copy(update={"person": "chief"})
    where = listed(cadre=cadre)
    assert persons(opened(where, DUTIES["chief"])) == [["chief"], ["leader"], ["deputy"], ["mayor"]]


def test_nobody_stands_on_two_steps() -> None:
    cadre = DUTIES["cadre"].model_copy(update={"person": "chief", "substitute": "post"})
    leader = DUTIES["leader"].model_copy(update={"person": "post", "substitute": "mayor"})
    called = persons(opened(listed(cadre=cadre, leader=leader), DUTIES["chief"]))
    flat = [person for step in called for person in step]
    assert sorted(flat) == sorted(set(flat))


def test_a_circle_of_superiors_ends() -> None:
    mayor = DUTIES["mayor"].model_copy(update={"superior": "chief"})
    assert len(opened(listed(mayor=mayor), DUTIES["chief"]).steps) == 5


def test_a_wait_of_nothing_is_not_taken_at_its_word() -> None:
    ladder = opened(directory(), DUTIES["chief"], wait=timedelta(0))
    assert ladder.due_at > NIGHT
    assert all(step.wait >= timedelta(seconds=30) for step in ladder.steps)


def test_a_landline_rings_and_reads_nothing() -> None:
    person = Person(id="chief", name="村级责任人", landline="057120000000")
    media = (Medium.SMS, Medium.VOICE, Medium.WECHAT)
    assert [r.medium for r in reaches(directory(), person, media)] == ["voice"]


def test_who_stands_at_the_site_is_not_downstream_of_it() -> None:
    guard = DUTIES["post"].model_copy(update={"village": "xiawan"})
    assert directory().travel(guard, SITE) == timedelta(0)
    assert directory().travel(DUTIES["chief_low"], SITE) == timedelta(minutes=40)


def test_at_night_it_waits_as_long_as_the_night_asks() -> None:
    tier = Tier(wait=timedelta(minutes=15), night_wait=timedelta(minutes=30))
    for now, wait in ((NIGHT, 30), (DAY, 15)):
        ladder = open_ladder(
            directory(), alert(Severity.YELLOW), SITE, tier, DUTIES["post"], "escalation", now
        )
        assert ladder.due_at == now + timedelta(minutes=wait)


def test_where_one_is_enough_whoever_is_asked_may_answer_for_all() -> None:
    duties = (DUTIES["post"], DUTIES["deputy"])
    for tier, may in (
        (Tier(needed="one"), {"post", "post_b", "deputy"}),
        (Tier(needed="each"), {"deputy"}),
    ):
        ladders = open_ladders(
            directory(), alert(Severity.YELLOW), SITE, tier, duties, "escalation", NIGHT
        )
        assert ladders[1].steps[0].answerers == may


def test_blue_climbs_to_nobody_and_two_roles_are_called_together() -> None:
    roles = ("village_cadre", "deputy")
    assert persons(opened(directory(), DUTIES["chief"], climb="none")) == [["chief"]]
    together = opened(directory(), DUTIES["chief"], climb="together", climb_roles=roles)
    assert persons(together) == [["chief"], ["cadre", "deputy"]]


def test_a_substitute_who_stands_on_the_next_rung_is_called_there() -> None:
    post = DUTIES["post"].model_copy(update={"substitute": "chief"})
    assert persons(opened(listed(post=post), post))[:3] == [["post"], ["chief"], ["cadre"]]
