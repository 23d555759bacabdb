"""Criteria as files: taken along as JSON or YAML, made a draft of, and taken over by a draft."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import a_document, publish
from tiering.core.document import content_hash
from tiering.core.editing import Edit
from tiering.core.yaml_text import yaml_of, yaml_text_of
from tiering.models import CriteriaEdit, CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.drafts import edit_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    browser = Browser()
    browser.force_login(make_user(Role.CRITERIA_ADMIN))
    return browser


@pytest.fixture
def draft():
    return load_criteria(document=a_document(), author=make_user(Role.CRITERIA_ADMIN))


def upload(text: str, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def take_over(
    browser: Browser, draft: CriteriaVersion, text: str, name: str = "x.yaml", revision: int = 0
) -> Any:
    return browser.post(f"/criteria/{draft.pk}/import/", {"file": upload(text, name), "revision": revision})


def test_document_is_taken_along_as_json_or_yaml(browser):
    version = publish()
    answer = browser.get(f"/criteria/{version.pk}/document/")
    assert (answer["Content-Type"], content_hash(json.loads(answer.content))) == (
        "application/json",
        version.content_hash,
    )
    answer = browser.get(f"/criteria/{version.pk}/document/?format=yaml")
    assert answer["Content-Disposition"] == 'attachment; filename="small-1.yaml"'
    assert content_hash(yaml_of(answer.content.decode())) == version.content_hash
    assert browser.get(f"/criteria/{version.pk}/document/?format=exe").status_code == 404
    assert "?format=yaml" in browser.get(f"/criteria/{version.pk}/").content.decode()


@pytest.mark.parametrize("name", ["mine.yaml", "MINE.YML"])
def test_draft_is_made_of_a_yaml_file(browser, name):
    browser.post("/criteria/new/", {"file": upload(yaml_text_of(a_document()), name)})
    assert CriteriaVersion.objects.get().content_hash == content_hash(a_document())


def test_yaml_that_could_be_misread_is_refused_by_line_on_the_page(browser):
    answer = browser.post("/criteria/new/", {"file": upload("format: 1\nscheme: no\n", "mine.yaml")})
    assert answer.status_code == 422
    assert "mine.yaml:2:9" in answer.content.decode()
    assert not CriteriaVersion.objects.exists()


def test_draft_takes_over_a_file_as_one_edit(browser, draft):
    assert f'value="{draft.revision}"' in browser.get(f"/criteria/{draft.pk}/import/").content.decode()
    answer = take_over(browser, draft, yaml_text_of(a_document(gates=[])))
    assert answer["Location"] == f"/criteria/{draft.pk}/edit/"
    assert [edit["path"] for edit in CriteriaEdit.objects.get().edits] == ["gates"]
    draft.refresh_from_db()
    assert draft.document["gates"] == []


def test_file_does_not_replace_what_somebody_wrote_meanwhile(browser, draft):
    edit_draft(version=draft, edits=[Edit("set", "cutoffs/1/min", 50, 55)], by=draft.author)
    answer = take_over(browser, draft, yaml_text_of(a_document()))
    assert answer.status_code == 422
    assert CriteriaEdit.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("{", "x.json", "x.json:1:2"),
        ("format: 1", "x.yaml", "“scheme” is missing here."),
        (yaml_text_of(a_document(scheme="other")), "x.yaml", "A draft keeps its scheme"),
    ],
)
def test_file_that_the_draft_cannot_take_over_is_refused(browser, draft, text, name, told):
    answer = take_over(browser, draft, text, name)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not CriteriaEdit.objects.exists()
