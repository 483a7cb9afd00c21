from __future__ import annotations

from monitor.readiness.checks.phone_shared import CHECK, Parameters
from monitor.readiness.finding import Finding
from tests.readiness.township import NOW, directory, facts, person


def found(*phones: str) -> tuple[Finding, ...]:
    persons = [person(f"p{n}", phone) for n, phone in enumerate(phones)]
    return CHECK.find(facts(directory=directory(persons)), Parameters(), NOW)


def test_two_persons_with_one_number_are_one_finding_that_shows_no_number() -> None:
    (finding,) = found("13800000001", "13800000002", "13800000001")
    assert finding.key == ("phone_shared", "p0+p2", "")
    assert finding.text.startswith("p0、p2共用一个手机号") and "138" not in finding.text
    assert finding.owner == "desk" and not finding.urgent


def test_numbers_of_their_own_and_no_number_at_all_are_none() -> None:
    assert found("13800000001", "13800000002", "", "") == ()
