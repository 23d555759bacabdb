"""Targets from files: new, changed, unchanged or refused row by row, taken back, and what was taken out read again."""

from decimal import Decimal

import pytest

from crm.imports.readers import read_table
from crm.models import ImportRow, Role
from crm.services import exports, imports
from funnel.models import Target
from funnel.services.pipelines import ensure_seed_pipeline
from tests.crm.imports.making import explained, imported, issues
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db
HEAD = ["漏斗", "月份", "团队", "客户经理", "产品", "目标金额", "笔数", "币种"]


def row(
    month="2026-03", *, team="", rm="", product="", amount="1200万", count="", currency="CNY"
) -> list[str]:
    return ["financing", month, team, rm, product, amount, count, currency]


def held(**of) -> list[tuple[Decimal | None, int | None, int]]:
    return list(Target.objects.filter(**of).order_by("month").values_list("amount", "count", "version"))


def test_a_lead_imports_targets_of_the_team_changes_them_by_the_next_file_and_takes_that_back():
    ensure_seed_pipeline()
    team = make_team(name="East", name_zh="华东")
    lead, rm = make_user(Role.TEAM_LEAD, team=team), make_user(team=team)
    first = imported(
        "targets",
        [HEAD, row(team="华东"), row("2026/4", team=team.code, count="3"), row(rm=rm.username)],
        by=lead,
    )
    assert first.counts == {"create": 3}
    assert held(team=team) == [(12_000_000, None, 1), (12_000_000, 3, 1)]
    rows = [row(team="华东", amount="1300万"), row("2026-04", team="华东"), row("2026-05", team="华东")]
    checked = imported("targets", [HEAD, *rows], by=lead, dry_run=True)
    assert checked.counts == {"update": 1, "same": 1, "create": 1}
    changed = ImportRow.objects.get(job=checked, outcome="update").changes
    assert changed == {"amount": [12_000_000, 13_000_000]}
    assert Target.objects.count() == 3
    second = imported("targets", [HEAD, *rows], by=lead)
    assert held(team=team) == [(13_000_000, None, 2), (12_000_000, 3, 1), (12_000_000, None, 1)]
    assert Target.objects.filter(set_by=lead).count() == 4
    imports.start_undo(by=lead, job=second, ring=False)
    imports.run_import(second.pk)
    assert held(team=team) == [(12_000_000, None, 3), (12_000_000, 3, 1)]


def test_what_is_no_target_is_refused_by_its_field():
    ensure_seed_pipeline()
    team, other = make_team(), make_team()
    lead, rm = make_user(Role.TEAM_LEAD, team=team), make_user(team=team)
    wrong = {
        ("team", "unknown_team"): row(team="Nowhere"),
        ("rm", "target_of_no_manager"): row(rm=lead.username),
        ("", "target_of_several"): row(team=team.code, rm=rm.username),
        ("", "target_not_yours"): row(team=other.code),
        ("currency", "unknown_currency"): row(team=team.code, currency="CNN"),
        ("amount", "negative_amount"): row(team=team.code, amount="-1"),
        ("count", "not_whole"): row(team=team.code, count="2.5"),
        ("amount", "target_says_nothing"): row(team=team.code, amount=""),
        ("month", "not_a_date"): row("spring", team=team.code),
        ("pipeline", "unknown_funnel"): ["pipes", *row(team=team.code)[1:]],
    }
    job = imported("targets", [HEAD, *wrong.values()], by=lead)
    assert job.counts == {"refuse": len(wrong)}
    found = issues(job)
    for line, (field, code) in enumerate(wrong, start=2):
        assert (line, field, code) in found
    assert all(one.reason and one.fix for one in explained(job))
    own = imported("targets", [HEAD, row(rm=rm.username)], by=rm)
    assert own.counts == {"refuse": 1}
    products = [HEAD, row(product="贷款"), row(product="lease", team="")]
    assert imported("targets", products, by=lead).counts == {"refuse": 2}
    assert imported("targets", products, by=make_user(Role.SYSTEM_ADMIN)).counts == {"create": 2}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_file_of_targets_that_was_taken_out_says_nothing_new(language):
    ensure_seed_pipeline()
    team = make_team()
    lead = make_user(Role.TEAM_LEAD, team=team)
    imported(
        "targets", [HEAD, row(team=team.code, count="2"), row(rm=make_user(team=team).username)], by=lead
    )
    export = exports.ask(
        by=lead,
        source="targets",
        form="xlsx",
        language=language,
        query="year=2026&currency=CNY&pipeline=financing",
    )
    assert export.rows == 2
    content = b"".join(exports.fetch(by=lead, export=export))
    table = read_table("targets.xlsx", content)
    job = imported("targets", [list(table.header), *[list(cells) for _line, cells in table.rows]], by=lead)
    assert job.counts == {"same": 2}


@pytest.mark.parametrize("year", ["0000", "9999", "soon"])
def test_a_year_that_no_sheet_has_narrows_no_export_of_targets(year):
    team = make_team()
    lead = make_user(Role.TEAM_LEAD, team=team)
    ensure_seed_pipeline()
    imported("targets", [HEAD, row(team=team.code)], by=lead)
    asked = exports.ask(by=lead, source="targets", form="csv", language="en", query=f"year={year}")
    assert asked.rows == 1
