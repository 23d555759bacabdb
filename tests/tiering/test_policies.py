"""The way of a policy: each step, by whom it may be taken, what stands against it, and the database under it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from crm.errors import Conflict, NotPermitted
from crm.models import Role
from tests.factories import make_user
from tests.in_the_database import refused_by_the_database
from tests.tiering.policies_made import AUTHORITY, a_draft, admin, published, stricter, submitted
from tiering.core.authority_document import example
from tiering.errors import (
    DraftIsUsed,
    EffectiveTooEarly,
    NotADraft,
    NotSubmitted,
    OtherBasis,
    OtherContent,
    PurposeRequired,
    ReasonRequired,
)
from tiering.errors_policies import OwnPolicy, PolicyRefused, SchemeOfPolicy
from tiering.models import Policy, PolicyVersion
from tiering.selectors.policies import (
    policy_in_effect,
    readable_policies,
    versions_in_effect,
    waiting_policies,
)
from tiering.services.policies import (
    discard_policy,
    publish_policy,
    put_policy_in_effect,
    reject_policy,
    save_policy,
    start_policy,
    submit_policy,
    withdraw_policy,
)

pytestmark = pytest.mark.django_db
Status = PolicyVersion.Status


def test_publishing_takes_a_second_person_and_puts_it_in_effect():
    version = submitted()
    with pytest.raises(OwnPolicy):
        publish_policy(version=version, by=version.author, content_hash=version.content_hash)
    assert policy_in_effect(AUTHORITY) is None
    publish_policy(version=version, by=admin(), content_hash=version.content_hash)
    assert policy_in_effect(AUTHORITY) == version
    acts = list(version.steps.order_by("pk").values_list("act", flat=True))
    assert acts == ["begun", "submitted", "published"]


def test_whoever_edited_or_submitted_it_does_not_publish_it():
    editor, submitter = admin(), admin()
    version = save_policy(version=a_draft(), document=stricter(), revision=0, by=editor)
    version = submit_policy(version=version, by=submitter, purpose="Why.")
    for person in (version.author, editor, submitter):
        with pytest.raises(OwnPolicy):
            publish_policy(version=version, by=person, content_hash=version.content_hash)
    assert publish_policy(version=version, by=admin(), content_hash=version.content_hash)


def test_saving_on_top_of_somebody_elses_save_is_a_conflict():
    version = a_draft()
    save_policy(version=version, document=stricter(), revision=0, by=admin())
    with pytest.raises(Conflict):
        save_policy(version=version, document=example(), revision=0, by=admin())
    version.refresh_from_db()
    assert version.document == stricter()


def test_editing_what_is_submitted_makes_it_a_draft_again():
    version = save_policy(version=submitted(), document=stricter(), revision=0, by=admin())
    assert (version.status, version.submitted_by, version.revision) == (Status.DRAFT, None, 1)


def test_what_was_shown_and_nothing_else_is_published():
    version, second = submitted(), admin()
    with pytest.raises(OtherContent):
        publish_policy(version=version, by=second, content_hash="of something else")
    with pytest.raises(OtherBasis):
        publish_policy(version=version, by=second, content_hash=version.content_hash, replaces=version.pk)
    assert publish_policy(version=version, by=second, content_hash=version.content_hash, replaces=0)


def test_next_version_takes_effect_at_its_moment_and_not_before_the_last():
    first = published()
    draft = start_policy(kind=AUTHORITY, based_on=first, by=admin())
    draft = save_policy(version=draft, document=stricter(), revision=0, by=draft.author)
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(EffectiveTooEarly), transaction.atomic():
        put_policy_in_effect(version=draft, publisher=admin(), effective_from=first.effective_from)
    put_policy_in_effect(version=draft, publisher=admin(), effective_from=tomorrow)
    assert policy_in_effect(AUTHORITY) == first
    assert policy_in_effect(AUTHORITY, at=tomorrow) == draft
    assert list(versions_in_effect(AUTHORITY, tomorrow)) == [draft]
    first.refresh_from_db()
    assert first.status == Status.SUPERSEDED


def test_steps_are_refused_out_of_order():
    draft, under_review, in_effect = a_draft(), submitted(), published()
    someone = admin()
    with pytest.raises(NotSubmitted):
        publish_policy(version=draft, by=someone, content_hash=draft.content_hash)
    with pytest.raises(NotSubmitted):
        withdraw_policy(version=draft, by=someone)
    with pytest.raises(NotADraft):
        submit_policy(version=under_review, by=someone, purpose="Again.")
    with pytest.raises(NotADraft):
        save_policy(version=in_effect, document=stricter(), revision=0, by=someone)
    with pytest.raises(NotADraft):
        discard_policy(version=under_review, by=someone)


def test_sending_back_needs_a_reason_and_waits_for_its_author():
    version, second = submitted(), admin()
    with pytest.raises(ReasonRequired):
        reject_policy(version=version, by=second, reason="  ")
    assert list(waiting_policies(second)) == [version]
    version = reject_policy(version=version, by=second, reason="Too lax.")
    assert version.status == Status.DRAFT
    assert list(waiting_policies(second)) == []
    assert list(waiting_policies(version.author)) == [version]


def test_submitting_needs_a_purpose_and_a_document_that_makes_sense():
    version = a_draft()
    with pytest.raises(PurposeRequired):
        submit_policy(version=version, by=version.author, purpose=" ")
    shapeless = {**example(), "decisions": []}
    with pytest.raises(PolicyRefused) as refused:
        save_policy(version=version, document=shapeless, revision=0, by=version.author)
    assert [refusal.path for refusal in refused.value.refusals] == ["$.decisions"]
    senseless = {**example(), "decisions": example()["decisions"][::-1]}
    version = save_policy(version=version, document=senseless, revision=0, by=version.author)
    with pytest.raises(PolicyRefused) as refused:
        submit_policy(version=version, by=version.author, purpose="Why.")
    assert all(refusal.path.startswith("$.decisions") for refusal in refused.value.refusals)


def test_only_criteria_administrators_write_policies():
    for role in (Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMIN):
        with pytest.raises(NotPermitted):
            start_policy(kind=AUTHORITY, document=example(), by=make_user(role))


def test_tier_policy_is_of_a_scheme_and_no_other_is():
    with pytest.raises(SchemeOfPolicy):
        start_policy(kind=Policy.Kind.TIER_POLICY, by=admin())


def test_drafts_are_read_by_those_who_write_or_check():
    draft, in_effect = a_draft(), published()
    assert set(readable_policies(make_user(Role.RM))) == {in_effect}
    assert set(readable_policies(make_user(Role.AUDITOR))) == {draft, in_effect}


def test_discarding_removes_a_draft_unless_another_rests_on_it():
    version = a_draft()
    later = start_policy(kind=AUTHORITY, based_on=version, by=admin())
    with pytest.raises(DraftIsUsed), transaction.atomic():
        discard_policy(version=version, by=version.author)
    discard_policy(version=later, by=later.author)
    discard_policy(version=version, by=version.author)
    assert not PolicyVersion.objects.exists()


UPDATE = "UPDATE tiering_policyversion SET "
AS_PUBLISHED = "status = 'published', published_at = now(), effective_from = now(), publisher_id = "


def test_database_refuses_a_step_that_is_not_there_and_content_that_changes_under_review():
    version, other = submitted(), admin()
    for change in (
        "document = '{}'",
        "revision = 7",
        "content_hash = 'x'",
        "purpose = 'x'",
        "status = 'superseded'",
    ):
        assert refused_by_the_database(f"{UPDATE}{change} WHERE id = %s", version.pk)
    assert refused_by_the_database(f"{UPDATE}{AS_PUBLISHED}author_id WHERE id = %s", version.pk)
    assert not refused_by_the_database(f"{UPDATE}{AS_PUBLISHED}%s WHERE id = %s", other.pk, version.pk)


def test_database_refuses_an_editor_and_a_submitter_as_publisher():
    editor, submitter = admin(), admin()
    version = save_policy(version=a_draft(), document=stricter(), revision=0, by=editor)
    version = submit_policy(version=version, by=submitter, purpose="Why.")
    for person in (editor, submitter):
        assert refused_by_the_database(f"{UPDATE}{AS_PUBLISHED}%s WHERE id = %s", person.pk, version.pk)


def test_database_keeps_what_was_published_and_its_steps():
    version = published()
    assert refused_by_the_database("DELETE FROM tiering_policystep WHERE version_id = %s", version.pk)
    assert refused_by_the_database(
        "UPDATE tiering_policystep SET comment = 'x' WHERE version_id = %s", version.pk
    )
    assert refused_by_the_database("DELETE FROM tiering_policyversion WHERE id = %s", version.pk)
    assert refused_by_the_database(f"{UPDATE}effective_from = now() WHERE id = %s", version.pk)
