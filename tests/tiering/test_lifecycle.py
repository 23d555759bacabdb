"""The way of a version: each step by whom it may be taken, what stands against it, and what the database holds."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.helpers import LONG_AGO, a_document, days_ago, publish
from tests.tiering.test_trials import STRICTER
from tiering.core.addresses import ABSENT
from tiering.core.cases import Case
from tiering.core.edits import Edit
from tiering.errors import (
    CriteriaRefused,
    DraftIsUsed,
    EffectiveTooLate,
    NotADraft,
    NotApproved,
    NotSubmitted,
    OtherBasis,
    OtherContent,
    OwnCriteria,
    PurposeRequired,
    ReasonRequired,
    TestsFail,
    VersionDiscarded,
)
from tiering.models import CriteriaEdit, CriteriaStep, CriteriaVersion, TieringRun
from tiering.selectors.criteria import effective_version
from tiering.selectors.lifecycle import is_overtaken, replaced_by, sent_back_to, waiting_for
from tiering.services.criteria import load_criteria
from tiering.services.criteria_tests import add_test
from tiering.services.drafts import edit_draft, start_draft
from tiering.services.lifecycle import (
    approve_version,
    discard_version,
    publish_version,
    put_in_effect,
    reject_version,
    submit_version,
    withdraw_version,
)

pytestmark = pytest.mark.django_db
FIRST_CUT = "cutoffs/0/min"


def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def a_draft(author: User | None = None, **changes) -> CriteriaVersion:
    return load_criteria(document=a_document(**changes), author=author or admin())


def submitted(author: User | None = None, **changes) -> CriteriaVersion:
    version = a_draft(author, **changes)
    return submit_version(version=version, by=version.author, purpose="Stricter.")


def approved(by: User | None = None, **changes) -> CriteriaVersion:
    version = submitted(**changes)
    return approve_version(version=version, by=by or admin(), content_hash=version.content_hash)


def acts(version: CriteriaVersion) -> list[str]:
    return list(CriteriaStep.objects.filter(version=version).order_by("pk").values_list("act", flat=True))


def cut_at(value: int, was: int) -> Edit:
    return Edit("set", FIRST_CUT, was, value, ABSENT)


def test_each_step_is_kept_with_person_content_and_word():
    author, checker = admin(), admin()
    version = submitted(author)
    approve_version(version=version, by=checker, content_hash=version.content_hash, comment="Sound.")
    published = publish_version(version=version, publisher=checker)
    steps = list(CriteriaStep.objects.order_by("pk").values_list("act", "by", "comment", "content_hash"))
    told = [("submitted", author, "Stricter."), ("approved", checker, "Sound."), ("published", checker, "")]
    assert steps == [(act, by.pk, word, version.content_hash) for act, by, word in told]
    assert (published.purpose, published.approver) == ("Stricter.", checker)
    assert published.submitted_at < published.approved_at < published.published_at


def test_purpose_is_asked_once_and_kept():
    version = a_draft()
    for nothing in ("", "  "):
        with pytest.raises(PurposeRequired):
            submit_version(version=version, by=version.author, purpose=nothing)
    submit_version(version=version, by=version.author, purpose=" Why. ")
    withdraw_version(version=version, by=version.author)
    assert submit_version(version=version, by=version.author).purpose == "Why."


def test_author_can_do_nothing_that_takes_a_second_person():
    author = admin()
    version = submitted(author)
    with pytest.raises(OwnCriteria):
        approve_version(version=version, by=author, content_hash=version.content_hash)
    approve_version(version=version, by=admin(), content_hash=version.content_hash)
    with pytest.raises(OwnCriteria):
        publish_version(version=version, publisher=author)
    assert CriteriaVersion.objects.get().status == "approved"


def test_whoever_edited_it_can_neither_approve_nor_publish():
    version, editor = a_draft(), admin()
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=editor)
    version = submit_version(version=version, by=version.author, purpose="Why.")
    with pytest.raises(OwnCriteria):
        approve_version(version=version, by=editor, content_hash=version.content_hash)
    assert not waiting_for(editor).exists()
    approve_version(version=version, by=admin(), content_hash=version.content_hash)
    with pytest.raises(OwnCriteria):
        publish_version(version=version, publisher=editor)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CRITERIA_ADMIN])
def test_only_criteria_administrators_take_steps(role):
    version, user = submitted(), make_user(role)
    for step in (
        lambda: submit_version(version=version, by=user, purpose="x"),
        lambda: withdraw_version(version=version, by=user),
        lambda: reject_version(version=version, by=user, reason="x"),
        lambda: approve_version(version=version, by=user, content_hash=version.content_hash),
        lambda: publish_version(version=version, publisher=user),
        lambda: discard_version(version=version, by=user),
    ):
        with pytest.raises(NotPermitted):
            step()
    assert acts(version) == ["submitted"]


def test_steps_are_taken_in_order():
    version, checker = a_draft(), admin()
    with pytest.raises(NotSubmitted):
        approve_version(version=version, by=checker, content_hash=version.content_hash)
    with pytest.raises(NotSubmitted):
        reject_version(version=version, by=checker, reason="x")
    with pytest.raises(NotSubmitted):
        withdraw_version(version=version, by=checker)
    submit_version(version=version, by=version.author, purpose="Why.")
    with pytest.raises(NotADraft):
        submit_version(version=version, by=version.author, purpose="Why.")
    with pytest.raises(NotApproved):
        publish_version(version=version, publisher=checker)
    with pytest.raises(NotADraft):
        discard_version(version=version, by=version.author)


def test_rejecting_takes_a_reason_and_reaches_the_authors():
    author, checker, editor = admin(), admin(), admin()
    version = a_draft(author)
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=editor)
    submit_version(version=version, by=author, purpose="Why.")
    with pytest.raises(ReasonRequired):
        reject_version(version=version, by=checker, reason=" ")
    reject_version(version=version, by=checker, reason="Too strict.")
    assert [list(sent_back_to(user)) for user in (author, editor, checker)] == [[version], [version], []]
    submit_version(version=version, by=author, purpose="Better.")
    assert not sent_back_to(author).exists()
    assert list(waiting_for(checker)) == [version]


def test_only_the_content_that_was_shown_is_approved():
    version, checker = submitted(), admin()
    shown = version.content_hash
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=version.author)
    with pytest.raises(NotSubmitted):
        approve_version(version=version, by=checker, content_hash=shown)
    version = submit_version(version=version, by=version.author)
    with pytest.raises(OtherContent):
        approve_version(version=version, by=checker, content_hash=shown)
    approve_version(version=version, by=checker, content_hash=version.content_hash)
    with pytest.raises(OtherContent):
        publish_version(version=version, publisher=checker, content_hash=shown)
    assert acts(version) == ["submitted", "reopened", "submitted", "approved"]


def test_editing_an_approved_version_takes_its_approval_back():
    version = approved()
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=version.author)
    version.refresh_from_db()
    assert (version.status, version.approver, version.approved_at) == ("draft", None, None)


def test_deciding_on_what_was_compared_with_another_version_is_refused():
    first = publish(effective_from=days_ago(9))
    version, checker = submitted(cutoffs=STRICTER), admin()
    assert not is_overtaken(version, first)
    between = publish(a_document(note={"en": "2", "zh": "2"}), effective_from=None)
    assert is_overtaken(version, between)
    assert replaced_by(version) == between
    with pytest.raises(OtherBasis):
        approve_version(version=version, by=checker, content_hash=version.content_hash, replaces=first.pk)
    approve_version(version=version, by=checker, content_hash=version.content_hash, replaces=between.pk)
    again = publish(a_document(note={"en": "3", "zh": "3"}), effective_from=None)
    with pytest.raises(OtherBasis):
        publish_version(version=version, publisher=checker, replaces=between.pk)
    assert publish_version(version=version, publisher=checker, replaces=again.pk).status == "published"


def test_first_version_replaces_nothing():
    version, checker = submitted(), admin()
    with pytest.raises(OtherBasis):
        approve_version(version=version, by=checker, content_hash=version.content_hash, replaces=987)
    approve_version(version=version, by=checker, content_hash=version.content_hash, replaces=0)


def test_version_can_take_effect_later_and_the_former_stays_until_then():
    first, checker = publish(), admin()
    version = approved(checker, cutoffs=STRICTER)
    later = timezone.now() + timedelta(days=3)
    publish_version(version=version, publisher=checker, effective_from=later)
    scheme = first.criteria.scheme
    assert effective_version(scheme, timezone.now()) == first
    assert effective_version(scheme, later) == version
    assert not TieringRun.objects.exists()


def test_restored_version_goes_the_same_way():
    first = publish(effective_from=days_ago(9))
    publish(a_document(cutoffs=STRICTER), effective_from=days_ago(5))
    author = admin()
    draft = start_draft(author=author, based_on=first)
    assert (draft.number, draft.status, draft.content_hash) == (3, "draft", first.content_hash)
    with pytest.raises(OwnCriteria):
        put_in_effect(version=draft, approver=author)
    put_in_effect(version=draft, approver=admin())
    assert effective_version(first.criteria.scheme, timezone.now()) == draft


def test_failing_test_case_stands_against_every_step():
    version, checker = a_draft(), admin()
    add_test(version=version, case=Case("Good", {"credit_score": 720.0}, "High"), by=version.author)
    wrong = add_test(version=version, case=Case("Bad", {"credit_score": 500.0}, "High"), by=version.author)
    with pytest.raises(TestsFail, match="“Bad”") as refused:
        submit_version(version=version, by=version.author, purpose="Why.")
    assert refused.value.names == ("Bad",)
    wrong.delete()
    submit_version(version=version, by=version.author, purpose="Why.")
    approve_version(version=version, by=checker, content_hash=version.content_hash)
    publish_version(version=version, publisher=checker)


def test_draft_that_makes_no_sense_is_not_submitted():
    version = a_draft(cutoffs=[{"tier": "High", "min": 80}, {"tier": "Low", "min": 10}])
    with pytest.raises(CriteriaRefused):
        submit_version(version=version, by=version.author, purpose="Why.")


def test_discarded_draft_is_gone_with_its_edits_and_cases():
    version = a_draft()
    edit_draft(version=version, edits=[cut_at(90, was=80)], by=version.author)
    add_test(version=version, case=Case("Good", {}, "High"), by=version.author)
    submit_version_and_back(version)
    discard_version(version=version, by=admin())
    assert not CriteriaVersion.objects.exists()
    assert not CriteriaEdit.objects.exists()


def submit_version_and_back(version: CriteriaVersion) -> None:
    version.tests.all().delete()
    submit_version(version=version, by=version.author, purpose="Why.")
    withdraw_version(version=version, by=version.author)


def test_draft_that_another_was_begun_from_is_not_discarded():
    version = a_draft()
    start_draft(author=admin(), based_on=version)
    with pytest.raises(DraftIsUsed):
        discard_version(version=version, by=version.author)
    assert CriteriaVersion.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_once_one_does():
    version = submitted()
    together, errors = threading.Barrier(2), []

    def act(checker: User) -> None:
        together.wait()
        try:
            approve_version(version=version, by=checker, content_hash=version.content_hash)
        except NotSubmitted as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[checker]) for checker in (admin(), admin())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 1
    assert acts(version) == ["submitted", "approved"]


def refused_by_the_database(sql: str, *params: int) -> bool:
    """Whether the database refuses a statement that goes past every service."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
            connection.check_constraints()
    except DatabaseError:
        return True
    return False


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


def test_database_keeps_what_was_published():
    version = publish(effective_from=LONG_AGO)
    assert refused_by_the_database(f"{VERSION}status = 'draft', approver_id = NULL WHERE id = %s", version.pk)
    assert refused_by_the_database(f"{VERSION}effective_from = now() WHERE id = %s", version.pk)
    assert refused_by_the_database("DELETE FROM tiering_criteriaversion WHERE id = %s", version.pk)


def test_whoever_submitted_it_can_neither_approve_nor_publish():
    version, helper = a_draft(), admin()
    version = submit_version(version=version, by=helper, purpose="Why.")
    with pytest.raises(OwnCriteria):
        approve_version(version=version, by=helper, content_hash=version.content_hash)
    assert not waiting_for(helper).exists()
    withdraw_version(version=version, by=helper)
    version = submit_version(version=version, by=version.author)
    assert list(waiting_for(helper)) == [version]
    approve_version(version=version, by=helper, content_hash=version.content_hash)


def test_submission_that_was_not_shown_is_not_approved():
    """Purpose and test cases are not in the hash of the content."""
    version, checker = submitted(), admin()
    shown, at = version.content_hash, version.submitted_at
    withdraw_version(version=version, by=version.author)
    version = submit_version(version=version, by=version.author, purpose="Something else.")
    assert version.content_hash == shown
    with pytest.raises(OtherContent):
        approve_version(version=version, by=checker, content_hash=shown, submitted_at=at)
    approve_version(version=version, by=checker, content_hash=shown, submitted_at=version.submitted_at)


def test_version_takes_effect_within_ten_years():
    version = approved()
    with pytest.raises(EffectiveTooLate):
        publish_version(
            version=version, publisher=admin(), effective_from=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
        )


def test_draft_that_somebody_discarded_meanwhile_is_refused():
    version, by = a_draft(), admin()
    discard_version(version=CriteriaVersion.objects.get(pk=version.pk), by=by)
    for act in (
        lambda: edit_draft(version=version, edits=[cut_at(90, was=80)], by=by),
        lambda: start_draft(author=by, based_on=version),
        lambda: submit_version(version=version, by=by, purpose="Why."),
        lambda: add_test(version=version, case=Case("x", {}, "High"), by=by),
    ):
        with pytest.raises(VersionDiscarded):
            act()
