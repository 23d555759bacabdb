"""What the database holds of the way of a version, whoever goes past the services."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.in_the_database import refused_by_the_database
from tests.tiering.helpers import LONG_AGO, publish
from tests.tiering.test_trials import STRICTER
from tests.tiering.under_way import a_draft, admin, approved, cut_at, submitted
from tiering.core.cases import Case
from tiering.services.criteria_tests import add_test
from tiering.services.drafts import edit_draft
from tiering.services.lifecycle import approve_version, publish_version, submit_version

pytestmark = pytest.mark.django_db


VERSION = "UPDATE tiering_criteriaversion SET "


@pytest.mark.parametrize(
    "change",
    [
        "status = 'approved', approver_id = author_id",
        "status = 'approved'",
        "status = 'published', approver_id = %(other)s, effective_from = now(), published_at = now()",
        "status = 'superseded'",
        "document = '{}'",
        "content_hash = 'x'",
        "purpose = 'another'",
        "author_id = %(other)s",
        "revision = 7",
        "approver_id = %(other)s",
    ],
)
def test_database_refuses_what_skips_a_step_or_changes_the_content_under_review(change):
    version, other = submitted(), admin()
    sql = f"{VERSION}{change} WHERE id = {version.pk}" % {"other": other.pk}
    assert refused_by_the_database(sql)
    legal = f"status = 'approved', approver_id = {other.pk}"
    assert not refused_by_the_database(f"{VERSION}{legal} WHERE id = {version.pk}")


def test_database_refuses_an_editor_as_approver():
    version, editor = a_draft(), admin()
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=editor)
    submit_version(version=version, by=version.author, purpose="Why.")
    assert refused_by_the_database(
        f"{VERSION}status = 'approved', approver_id = %s WHERE id = %s", editor.pk, version.pk
    )


def test_database_refuses_who_submitted_it_as_approver_at_any_step():
    version, submitter = a_draft(), admin()
    version = submit_version(version=version, by=submitter, purpose="Why.")
    approving = f"{VERSION}status = 'approved', approver_id = %s WHERE id = %s"
    assert refused_by_the_database(approving, submitter.pk, version.pk)
    approve_version(version=version, by=admin(), content_hash=version.content_hash)
    for step in ("", "status = 'published', effective_from = now(), published_at = now(), "):
        sql = f"{VERSION}{step}approver_id = %s WHERE id = %s"
        assert refused_by_the_database(sql, submitter.pk, version.pk)
        assert not refused_by_the_database(sql, admin().pk, version.pk)


ADD_TEST = (
    "INSERT INTO tiering_criteriatest (version_id, name, facts, held, overlays, tier) "
    "VALUES (%s, 'x', '{}', '', '[]', 'High')"
)
ADD_EDIT = (
    "INSERT INTO tiering_criteriaedit (version_id, revision, edits, author_id) VALUES (%s, 9, '[]', %s)"
)


@pytest.mark.parametrize("state", [submitted, approved, publish])
def test_database_freezes_edits_and_test_cases_with_the_version(state):
    version = state()
    assert refused_by_the_database(ADD_TEST, version.pk)
    assert refused_by_the_database(ADD_EDIT, version.pk, version.author_id)


def test_database_takes_edits_and_test_cases_of_a_draft():
    version = a_draft()
    assert not refused_by_the_database(ADD_TEST, version.pk)
    assert not refused_by_the_database(ADD_EDIT, version.pk, version.author_id)


def test_database_freezes_the_test_cases_of_what_is_under_review():
    version = a_draft()
    test = add_test(version=version, case=Case("Good", {"credit_score": 720.0}, "High"), by=version.author)
    submit_version(version=version, by=version.author, purpose="Why.")
    assert refused_by_the_database("UPDATE tiering_criteriatest SET tier = 'Low' WHERE id = %s", test.pk)
    assert refused_by_the_database("DELETE FROM tiering_criteriatest WHERE id = %s", test.pk)


def test_database_keeps_steps_as_they_were():
    version = submitted()
    assert refused_by_the_database(
        "UPDATE tiering_criteriastep SET comment = 'x' WHERE version_id = %s", version.pk
    )
    assert refused_by_the_database("DELETE FROM tiering_criteriastep WHERE version_id = %s", version.pk)
    no_reason = (
        "INSERT INTO tiering_criteriastep (version_id, act, by_id, content_hash, comment) "
        "VALUES (%s, 'rejected', %s, '', '')"
    )
    assert refused_by_the_database(no_reason, version.pk, version.author_id)


def test_database_takes_back_only_what_has_not_taken_effect():
    first, checker = publish(effective_from=LONG_AGO), admin()
    back = f"{VERSION}status = 'draft', approver_id = NULL, effective_from = NULL, published_at = NULL WHERE id = %s"
    again = f"{VERSION}status = 'published' WHERE id = %s"
    second = approved(checker, cutoffs=STRICTER)
    publish_version(version=second, publisher=checker, effective_from=timezone.now() + timedelta(days=3))
    assert refused_by_the_database(back, first.pk)
    assert refused_by_the_database(again, first.pk)
    overtaken = f"{VERSION}status = 'superseded' WHERE id = %s"
    assert not refused_by_the_database(overtaken, second.pk)
    assert refused_by_the_database(again, first.pk)
    assert refused_by_the_database(back, second.pk)
    assert not refused_by_the_database(again, second.pk)
    assert not refused_by_the_database(back, second.pk)
    assert not refused_by_the_database(again, first.pk)


def test_database_keeps_what_was_published():
    version = publish(effective_from=LONG_AGO)
    assert refused_by_the_database(f"{VERSION}status = 'draft', approver_id = NULL WHERE id = %s", version.pk)
    assert refused_by_the_database(f"{VERSION}effective_from = now() WHERE id = %s", version.pk)
    assert refused_by_the_database("DELETE FROM tiering_criteriaversion WHERE id = %s", version.pk)
