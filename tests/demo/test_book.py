"""The rows as drawn, before any database."""

import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from functools import cache

import pytest

from config.demo.book import Book, make_book
from config.demo.cast import PEOPLE
from config.demo.clock import month_ends
from config.demo.registration import code_check, organisation_check
from config.demo.subjects import kind_of
from config.stack.home import ROOT
from crm.models import Role
from tests.demo.digests import digest_of

ANCHOR = date(2026, 11, 21)
YEAR_BEFORE = date(2025, 11, 21)
DIGEST = """
import sys, datetime, django
django.setup()
from config.demo.book import make_book
from tests.demo.digests import digest_of
print(digest_of(make_book(datetime.date.fromisoformat(sys.argv[1]), int(sys.argv[2]))))
"""


@cache
def large_book() -> Book:
    return make_book(ANCHOR, 1000)


def test_same_anchor_gives_same_rows_in_any_process():
    environment = {**os.environ, "PYTHONHASHSEED": "7", "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", DIGEST, ANCHOR.isoformat(), "60"]
    elsewhere = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout
    assert elsewhere.strip() == digest_of(make_book(ANCHOR, 60))


def test_another_anchor_gives_other_rows():
    assert digest_of(make_book(ANCHOR, 10)) != digest_of(make_book(ANCHOR - timedelta(days=1), 10))


def test_larger_book_begins_with_the_smaller_ones_clients():
    small = [subject.client.name for subject in make_book(ANCHOR, 20).subjects]
    assert [subject.client.name for subject in large_book().subjects][:20] == small


def test_two_thousand_clients_are_mixed_as_meant():
    assert Counter(map(kind_of, range(2000))) == {"corporate": 1700, "institution": 180, "individual": 120}


def test_names_are_unique_in_both_languages():
    clients = [subject.client for subject in large_book().subjects]
    assert len({client.name_zh for client in clients}) == len(clients)
    assert all(client.name_en and client.sort_key for client in clients)


@pytest.mark.parametrize(("body", "check"), [("D2143569", "X"), ("M000100Y", "4")])
def test_organisation_check_agrees_with_the_standards_examples(body, check):
    assert organisation_check(body) == check


def test_code_check_agrees_with_the_standards_example():
    assert code_check("91350100M000100Y4") == "3"


def test_registration_numbers_carry_their_check_characters():
    numbers = [
        subject.client.registration_number
        for subject in large_book().subjects
        if subject.client.registration_number
    ]
    assert len(set(numbers)) == len(numbers) == sum(not s.is_person for s in large_book().subjects)
    assert all(len(number) == 18 and code_check(number[:17]) == number[17] for number in numbers)
    assert all(organisation_check(number[8:16]) == number[16] for number in numbers)


def test_nothing_is_received_after_the_anchor():
    book = large_book()
    for rows in (book.statements, book.reports, book.observations, book.revenues):
        assert max(row.received_on for row in rows) <= ANCHOR
    assert max(payment.paid_on for payment in book.payments if payment.paid_on) <= ANCHOR
    assert max(contact.at.date() for contact in book.interactions) < ANCHOR


def test_balance_sheets_hang_together():
    for row in large_book().statements:
        assert 0 < row.current_liabilities <= row.total_liabilities
        assert 0 < row.inventory < row.current_assets < row.total_assets


def test_revenue_is_known_only_of_months_that_are_over():
    for row in large_book().revenues:
        assert row.month.day == 1
        assert row.month.replace(day=28) < row.received_on <= ANCHOR


def test_shares_that_are_not_recorded_show_in_what_each_party_brings_in():
    book = large_book()
    latest = {
        (row.client.code, row.project.code, row.month): float(row.amount)
        for row in book.revenues
        if row.project
    }
    month = max(month for *_, month in latest)
    earning = [u for u in book.undertakings if (u.borrower.code, u.project.code, month) in latest]
    silent = [u for u in earning if u.parties[0].revenue_share is None and len(u.parties) > 1]
    assert silent
    assert len(silent) < len(earning) / 2
    for undertaking in silent:
        parts = [party for party in undertaking.parties if party.until is None or party.until > month]
        earned = [latest[party.client.code, undertaking.project.code, month] for party in parts]
        shares = [
            share
            for party, share in zip(undertaking.parties, undertaking.shares, strict=True)
            if party in parts
        ]
        for amount, share in zip(earned, shares, strict=True):
            assert amount / sum(earned) == pytest.approx(share / sum(shares), rel=0.7, abs=0.01)


def test_a_few_parties_have_left_their_projects():
    parties = [party for undertaking in large_book().undertakings for party in undertaking.parties]
    left = [party for party in parties if party.until]
    assert 0 < len(left) < len(parties) / 5
    assert all(party.since < party.until < ANCHOR and party.part != "borrower" for party in left)


def test_factors_are_judged_of_borrowers_and_do_not_apply_to_public_bodies():
    judged = [row for row in large_book().observations if row.metric == "security_package"]
    assert {row.text for row in judged} == {"strong", "good", "satisfactory", "weak", "not_applicable"}
    for row in judged:
        assert (row.text == "not_applicable") == (row.client.kind == "institution")


def test_only_people_declare_what_they_own():
    declared = [row for row in large_book().observations if row.metric in ("net_worth", "annual_income")]
    assert declared
    assert {row.client.kind for row in declared} == {"individual"}


def test_whoever_is_behind_pays_the_oldest_instalment_first():
    last: dict[str, date] = {}
    for payment in large_book().payments:
        number = payment.facility.number
        paid_on = payment.paid_on or date.max
        if payment.due_on <= ANCHOR:
            assert paid_on >= last.get(number, date.min)
            last[number] = paid_on


def test_weak_leverage_precedes_default():
    leverage = {}
    for row in large_book().statements:  # in order of period end
        if row.received_on <= YEAR_BEFORE:
            leverage[row.client.code] = float(row.total_liabilities / row.total_assets)
    assert auc(leverage, defaulted()) > 0.7


def test_low_scores_precede_default():
    score = {}
    for row in sorted(large_book().reports, key=lambda report: report.received_on):
        if row.received_on <= YEAR_BEFORE:
            score[row.client.code] = -row.score
    assert auc(score, defaulted()) > 0.75


def test_every_role_is_cast():
    assert {person.role for person in PEOPLE} == set(Role)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 3, 31), date(2024, 2, 29)])
def test_month_ends_are_twelve_before_the_day(day):
    ends = month_ends(day, 12)
    assert len(set(ends)) == 12
    assert ends == sorted(ends)
    assert all((end + timedelta(days=1)).day == 1 for end in ends)
    assert timedelta(0) < day - ends[-1] <= timedelta(days=31)


def defaulted() -> set[str]:
    """The clients that fell more than 90 days behind with something due in the last year."""
    found = {
        payment.facility.client.code
        for payment in large_book().payments
        if YEAR_BEFORE < payment.due_on <= ANCHOR and ((payment.paid_on or ANCHOR) - payment.due_on).days > 90
    }
    assert len(found) >= 10
    return found


def auc(risk: dict[str, float], bad: set[str]) -> float:
    """The chance that one who defaults looked riskier than one who does not; ties count half."""
    bads = [value for code, value in risk.items() if code in bad]
    goods = [value for code, value in risk.items() if code not in bad]
    wins = sum((b > g) + 0.5 * (b == g) for b in bads for g in goods)
    return wins / (len(bads) * len(goods))
