"""Drafts by page: from a template or a file, refused with place and fix, compared and tried."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.helpers import a_document, days_ago, publish
from tests.tiering.pages.making import visitor_of
from tiering.core.check import check_data
from tiering.criteria_files import template, template_keys
from tiering.models import CriteriaVersion
from tiering.services.criteria import load_criteria

pytestmark = pytest.mark.django_db
NEW = "tiering:criteria-new"
SMALLER_WEIGHT = "The weights add up to 9900 basis points and not to 10000."


@pytest.fixture
def author() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def upload(user: User, content: str | bytes, name: str = "mine.json"):
    data = content if isinstance(content, bytes) else content.encode()
    return visitor_of(user).post(reverse(NEW), {"file": SimpleUploadedFile(name, data)}, follow=True)


def light_document() -> dict:
    document = a_document()
    document["scorecards"][0]["dimensions"][0]["weight"] = 9900
    return document


def page_of(user: User, version: CriteriaVersion, name: str = "criteria-version", **query):
    return visitor_of(user).get(reverse(f"tiering:{name}", args=[version.pk]), query)


def test_every_template_is_offered_and_makes_a_draft(author):
    page = text_of(visitor_of(author).get(reverse(NEW)))
    assert all(f'value="{key}"' in page for key in template_keys())
    response = visitor_of(author).post(reverse(NEW), {"template": "six_tier"})
    version = CriteriaVersion.objects.get()
    assert response["Location"] == reverse("tiering:studio", args=[version.pk])
    assert (version.status, version.author, version.document) == ("draft", author, template("six_tier"))
    assert "There is no template" in text_of(
        visitor_of(author).post(reverse(NEW), {"template": "seven"}, follow=True)
    )


def test_new_scheme_begins_with_a_method_that_may_be_published(author):
    named = {"name_en": "Key clients", "name_zh": "重点客户", "key": "key_clients", "tiers": 5}
    response = visitor_of(author).post(reverse(NEW), named)
    version = CriteriaVersion.objects.get()
    assert response["Location"] == reverse("tiering:studio", args=[version.pk])
    assert (version.criteria.scheme.key, version.criteria.scheme.label) == ("key_clients", "Key clients")
    assert [tier["key"] for tier in version.document["tiers"]] == ["A", "B", "C", "D", "E"]
    assert check_data(version.document) == ()


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"key": "Key clients"}, "Begin with a small letter"),
        ({"tiers": 9}, "less than or equal to 7"),
        ({"name_zh": ""}, "This field is required"),
        ({"key": "aa_a_b"}, "There is a scheme with this key"),
    ],
)
def test_new_scheme_that_cannot_be_is_told_beside_the_field(author, answers, said):
    visitor_of(author).post(reverse(NEW), {"template": "aa_a_b"})
    named = {"name_en": "Key clients", "name_zh": "重点客户", "key": "key_clients", "tiers": 5}
    response = visitor_of(author).post(reverse(NEW), {**named, **answers})
    assert response.status_code == 422
    assert said in text_of(response)
    assert CriteriaVersion.objects.count() == 1


def test_file_becomes_a_draft_whose_faults_are_told_with_place_and_fix(author):
    upload(author, json.dumps(light_document()))
    version = CriteriaVersion.objects.get()
    assert version.status == "draft"
    page = text_of(page_of(author, version))
    assert "1 thing to put right" in page
    assert "$.scorecards[0].dimensions" in page
    assert SMALLER_WEIGHT in page
    assert "Change them by 100 basis points in all." in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"format": 1,}', "This is not JSON"),
        (b"\xff\xfe\x00", "This is not JSON"),
        ("[]", "put right"),
        ('{"format": 1, "format": 1}', "stands 2 times"),
        (json.dumps({"format": 1}), "put right"),
        ("[" * 5000, "put right"),
    ],
)
def test_file_that_is_no_criteria_is_refused_and_nothing_kept(author, content, said):
    response = upload(author, content)
    assert response.status_code == 422
    assert said in text_of(response)
    assert not CriteriaVersion.objects.exists()


def test_missing_or_large_file_is_refused(author):
    assert "required" in text_of(visitor_of(author).post(reverse(NEW), {}))
    assert "2 MB at most" in text_of(upload(author, b" " * (2 * 1024 * 1024 + 1)))


def test_draft_is_read_by_those_who_work_on_criteria_and_tried_first(author):
    version = load_criteria(document=a_document(), author=author)
    for role in (Role.RISK_OFFICER, Role.AUDITOR, Role.CRITERIA_ADMIN):
        assert "This is a draft" in text_of(page_of(make_user(role), version))
    for name in ("criteria-version", "criteria-document", "criteria-compare"):
        assert page_of(make_user(Role.RM), version, name).status_code == 404
    assert f"{reverse('tiering:run-new')}?version={version.pk}" in text_of(page_of(author, version))


def test_downloaded_document_uploads_as_the_same_version(author):
    version = publish()
    response = page_of(make_user(Role.RM), version, "criteria-document")
    assert response["Content-Disposition"] == 'attachment; filename="small-1.json"'
    assert json.loads(response.content) == version.document
    page = text_of(upload(author, response.content))
    assert "says the same already" in page
    assert CriteriaVersion.objects.count() == 1


def test_versions_are_compared_in_words(author):
    old = publish(effective_from=days_ago(9))
    cutoffs = [{"tier": "High", "min": 90}, {"tier": "Middle", "min": 50}, {"tier": "Low", "min": 0}]
    new = publish(a_document(cutoffs=cutoffs), effective_from=None)
    reader = make_user(Role.RM)
    page = text_of(page_of(reader, new, "criteria-compare", **{"with": old.pk}))
    assert "1 difference" in page
    assert "<del>80</del>" in page
    assert "<ins>90</ins>" in page
    assert "<del>50</del>" not in page
    assert "version 1 → version 2" in text_of(page_of(reader, new, "criteria-compare"))
    assert "They do the same" in text_of(page_of(reader, new, "criteria-compare", **{"with": new.pk}))
    assert page_of(reader, new, "criteria-compare", **{"with": "x"}).status_code == 404
