"""A folder becomes Settings, as the service will use them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.alerting.severity import Severity
from monitor.errors import SettingsRefused
from monitor.notify.channel import Medium
from monitor.settings import Settings, check, load
from tests.settings.test_golden_faults import CASES, ENVIRON, assembled

EXAMPLE = Path(__file__).parents[2] / "config"
TOKEN = {"MONITOR_TOKEN": "kS8xw0Zt3bqQyJr5vH2nLm7c"}


@pytest.fixture(scope="module")
def example() -> Settings:
    return load(EXAMPLE, TOKEN)


def edited(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = assembled(CASES / "base", tmp_path)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_the_example_has_no_fault_but_the_token_that_only_the_environment_can_give() -> None:
    assert check(EXAMPLE, TOKEN) == ()
    (fault,) = check(EXAMPLE, {})
    assert "the environment has no MONITOR_TOKEN" in fault


def test_the_example_is_a_whole_township(example: Settings) -> None:
    known = example.knowledge
    people = known.directory.people
    kinds = [site.kind for site in known.sites.values()]
    assert known.township == "yunxi"
    assert len(known.directory.villages) == 6
    assert (kinds.count("river"), kinds.count("ford")) == (2, 1)
    assert (kinds.count("reservoir"), kinds.count("slope")) == (1, 1)
    assert [s.quantity for s in known.sensors.values()].count("rain") == 4
    assert 30 <= len(people.duties) <= 42
    assert all("示例" in person.name for person in people.persons.values())
    assert all(person.phone.startswith("138000000") for person in people.persons.values())


def test_every_duty_of_the_example_climbs_to_the_head_of_the_flood_headquarters(
    example: Settings,
) -> None:
    people = example.knowledge.directory.people
    for duty in people.duties.values():
        top = duty
        while (above := people.superior(top)) is not None:
            top = above
        assert top.id in ("mayor", "secretary")


def test_the_roster_of_the_example_has_no_gap_for_years(example: Settings) -> None:
    people = example.knowledge.directory.people
    start = datetime(2026, 1, 2, tzinfo=UTC)
    for day in range(0, 1500, 13):
        shift = people.roster.shift_at(start + timedelta(days=day), people.zone)
        assert shift is not None
        assert {shift.leader, *shift.officers} <= people.persons.keys()


def test_a_day_of_its_own_goes_before_the_rotation(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        "people.yaml",
        "roster:\n",
        "roster:\n  shifts:\n    - { day: 2026-05-01, leader: desk, officers: [head] }\n",
    )
    people = load(folder, ENVIRON).knowledge.directory.people
    zone = ZoneInfo("Asia/Shanghai")
    leaders = [
        shift and shift.leader
        for shift in (
            people.roster.shift_at(datetime(2026, 5, d, h, tzinfo=zone), zone)
            for d, h in ((1, 7), (1, 8), (2, 7), (2, 8))
        )
    ]
    assert leaders == ["head", "desk", "desk", "head"]
    before = people.roster.shift_at(datetime(2025, 12, 31, 12, tzinfo=zone), zone)
    assert before is None


def test_a_rule_knows_its_site_and_its_sensors(tmp_path: Path) -> None:
    known = load(assembled(CASES / "base", tmp_path), ENVIRON).knowledge
    rule = known.rules["shiqiao-level"]
    assert (rule.site.name, list(rule.sensors)) == ("石桥站", ["shiqiao-level"])
    assert [rung.severity for rung in rule.parameters.rungs] == [Severity.YELLOW, Severity.RED]
    assert known.rules_by_sensor == {"shiqiao-level": (rule,)}


def test_the_parameters_hash_changes_with_the_parameters_and_only_then(tmp_path: Path) -> None:
    def params_hash(name: str, old: str, new: str) -> str:
        folder = edited(tmp_path / name, "rules.yaml", old, new)
        return load(folder, ENVIRON).knowledge.rules["shiqiao-level"].params_hash

    same = params_hash("a", "hazard: flood", "hazard: flood  # 山洪")
    assert params_hash("b", "at: 3.0", "at: 3.00") == same
    assert params_hash("c", "at: 3.0", "at: 3.1") != same


def test_a_rule_or_a_channel_that_is_switched_off_is_not_there(tmp_path: Path) -> None:
    folder = edited(tmp_path, "rules.yaml", "    kind:", "    enabled: false\n    kind:")
    channels = folder / "channels.yaml"
    channels.write_text(
        channels.read_text(encoding="utf-8")
        + "  - { id: hook, kind: webhook, enabled: false, url: https://example.invalid/ }\n",
        encoding="utf-8",
    )
    known = load(folder, ENVIRON).knowledge
    assert known.rules == {}
    assert [channel.id for channel in known.directory.channels] == ["desk", "console"]


def test_a_sensors_own_quality_limits_go_over_those_of_its_quantity(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        "places.yaml",
        "    unit: m\n",
        "    unit: m\n    quality: { spike_suspect: 2, rate_suspect: null }\n",
    )
    service = folder / "service.yaml"
    service.write_text(
        service.read_text(encoding="utf-8")
        + "quality:\n  level: { spike_suspect: 1, rate_suspect: 5, flat_suspect: 6 h }\n",
        encoding="utf-8",
    )
    limits = load(folder, ENVIRON).knowledge.quality["shiqiao-level"].limits
    assert (limits.spike_suspect, limits.rate_suspect) == (2, None)
    assert limits.flat_suspect == timedelta(hours=6)


def test_a_secret_comes_from_a_file_beside_the_settings(tmp_path: Path) -> None:
    folder = edited(tmp_path, "service.yaml", "${ENV:TOKEN}", "${FILE:secrets/desk}")
    (folder / "secrets").mkdir()
    (folder / "secrets" / "desk").write_text(f"{ENVIRON['TOKEN']}\n", encoding="utf-8")
    assert load(folder, {}).door.tokens == {ENVIRON["TOKEN"]: "desk"}


def test_no_secret_shows_when_settings_are_printed(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        "service.yaml",
        "web:\n",
        'broker: { password: "${ENV:TOKEN}" }\nweb:\n'
        '  hooks: [{ channel: console, path: "${ENV:TOKEN}" }]\n',
    )
    settings = load(folder, ENVIRON)
    assert settings.broker.password == ENVIRON["TOKEN"]
    assert settings.door.hooks[0].path == ENVIRON["TOKEN"]
    assert ENVIRON["TOKEN"] not in repr(settings)


def test_every_check_runs_unless_it_is_switched_off(tmp_path: Path) -> None:
    folder = edited(
        tmp_path,
        "service.yaml",
        "sources:",
        "checks: [{ kind: plan_expired, enabled: false }, { kind: drill_due, every_months: 6 }]\n"
        "sources:",
    )
    checks = {c.check.name: c.parameters for c in load(folder, ENVIRON).checks}
    assert "plan_expired" not in checks
    assert "roster_gap" in checks
    assert checks["drill_due"].model_dump()["every_months"] == 6


def test_phones_are_understood_as_people_write_them(tmp_path: Path) -> None:
    folder = edited(tmp_path, "people.yaml", '"13800000001"', "+86 138-0000-0001")
    (folder / "people.yaml").write_text(
        (folder / "people.yaml").read_text(encoding="utf-8").replace('"13800000002"', "13800000002")
    )
    persons = load(folder, ENVIRON).knowledge.directory.people.persons
    assert [p.phone for p in persons.values()] == ["13800000001", "13800000002"]


def test_plans_stand_in_as_many_files_as_there_are(example: Settings) -> None:
    assert {plan.id for plan in example.plans} >= {"flood-2025", "landslide-2024"}
    assert {drill.plan for drill in example.drills} <= {plan.id for plan in example.plans}
    assert all(plan.expires > date(2027, 1, 1) for plan in example.plans)


def test_the_folder_itself_may_be_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsRefused) as refused:
        load(tmp_path / "nowhere", {})
    assert refused.value.faults == (
        f"{tmp_path / 'nowhere'}:1: no such folder; name the one that holds service.yaml",
    )


def test_the_example_reaches_people_without_an_account_anywhere(example: Settings) -> None:
    media = [channel.medium for channel in example.knowledge.directory.channels]
    assert media == [Medium.DESK, Medium.SMS]
    assert example.broker.embedded
    assert example.door.host == "127.0.0.1"
