"""The pages of policies: what is in effect, a version with what it changes, its text, and each step."""

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.tiering.pages.making import visitor_of
from tests.tiering.policies_made import AUTHORITY, a_draft, admin, published, stricter, submitted
from tiering.core.yaml_text import yaml_text_of
from tiering.models import PolicyVersion

pytestmark = pytest.mark.django_db


def address(name: str, version: PolicyVersion) -> str:
    return reverse(f"tiering:{name}", args=[version.pk])


def test_list_shows_what_is_in_effect_and_what_waits_for_the_reader():
    in_effect, waiting = published(), submitted()
    answer = visitor_of(admin()).get(reverse("tiering:policies")).content.decode()
    assert address("policy", in_effect) in answer
    assert address("policy", waiting) in answer
    assert address("policy", waiting) not in (
        visitor_of(make_user(Role.RM)).get(reverse("tiering:policies")).content.decode()
    )


def test_beginning_a_change_makes_a_draft_of_what_is_in_effect_and_opens_it():
    in_effect = published()
    visitor_of(admin()).post(reverse("tiering:policy-new"), {"based_on": in_effect.pk})
    draft = PolicyVersion.objects.get(status="draft")
    assert (draft.based_on, draft.document) == (in_effect, in_effect.document)


def test_beginning_a_policy_that_there_is_none_of_makes_a_blank_one():
    answer = visitor_of(admin()).post(reverse("tiering:policy-new"), {"kind": AUTHORITY})
    assert answer.status_code == 302
    assert PolicyVersion.objects.get().policy.kind == AUTHORITY


def test_text_that_is_no_yaml_or_has_not_the_shape_is_refused_beside_the_text_and_kept():
    version, visitor = a_draft(), visitor_of(admin())
    for text, told in (("decisions: [", "not_yaml"), ("decisions: []", "$.decisions")):
        answer = visitor.post(address("policy-text", version), {"text": text, "revision": 0})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert text in page
        assert told == "not_yaml" or told in page
    version.refresh_from_db()
    assert version.revision == 0


def test_saving_text_over_somebody_elses_is_refused_and_keeps_what_was_typed():
    version = a_draft()
    given = {"text": yaml_text_of(stricter()), "revision": 0}
    assert visitor_of(admin()).post(address("policy-text", version), given).status_code == 302
    late = visitor_of(admin()).post(address("policy-text", version), {**given, "text": "decisions: [1]"})
    assert late.status_code == 422
    assert "decisions: [1]" in late.content.decode()


def test_second_person_publishes_from_the_page_and_its_author_is_told_why_not():
    version = submitted()
    seen = {"content_hash": version.content_hash, "replaces": 0}
    own = visitor_of(version.author).post(address("policy-publish", version), seen, follow=True)
    assert "Somebody else has to publish it" in own.content.decode()
    visitor_of(admin()).post(address("policy-publish", version), seen)
    version.refresh_from_db()
    assert version.status == "published"


def test_steps_are_taken_from_the_page():
    version, visitor = a_draft(), visitor_of(admin())
    assert visitor.post(address("policy-submit", version), {"purpose": ""}).status_code == 422
    visitor.post(address("policy-submit", version), {"purpose": "Why."})
    assert visitor_of(admin()).post(address("policy-reject", version), {"reason": ""}).status_code == 422
    visitor_of(admin()).post(address("policy-reject", version), {"reason": "Too lax."})
    assert "Too lax." in visitor.get(address("policy", version)).content.decode()
    visitor.post(address("policy-submit", version), {"purpose": "Why."})
    visitor.post(address("policy-withdraw", version))
    visitor.post(address("policy-discard", version))
    assert not PolicyVersion.objects.exists()


def test_document_is_handed_out_as_yaml_that_reads_back():
    version = published()
    answer = visitor_of(make_user(Role.AUDITOR)).get(address("policy-document", version))
    assert answer["Content-Disposition"].endswith('"authority-1.yaml"')
    assert answer.content.decode() == yaml_text_of(version.document)
