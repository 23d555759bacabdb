import json

import pytest
from django.conf import settings
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import a_document, publish
from tests.tiering.pages.making import visitor_of
from tiering.services.criteria import load_criteria

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("role", [Role.RM, Role.AUDITOR])
def test_criteria_in_effect_are_told_in_words(role):
    publish()
    text = text_of(visitor_of(make_user(role)).get(reverse("tiering:criteria")))
    assert "600 to under 700" in text
    assert "Days overdue is above 90 days" in text
    assert "no better than Low" in text
    assert "if not known: needed before the tier is final" in text


def test_criteria_shipped_with_the_house_read_in_words():
    document = json.loads((settings.BASE_DIR / "tiering/criteria/aa_a_b.json").read_text())
    publish(document)
    text = text_of(visitor_of(make_user(Role.AUDITOR)).get(reverse("tiering:criteria")))
    assert "Leverage of 95% or more" in text
    assert "Every number here is an example" in text


def test_without_criteria_the_page_says_so():
    text = text_of(visitor_of(make_user(Role.AUDITOR)).get(reverse("tiering:criteria")))
    assert "No criteria are in effect" in text


def test_old_version_stays_readable_and_drafts_do_not_show():
    old = publish()
    publish(a_document(gates=[]), effective_from=None)
    draft = load_criteria(document=a_document(policy={}), author=make_user(Role.CRITERIA_ADMIN))
    reader = visitor_of(make_user(Role.AUDITOR))
    assert "version 1" in text_of(reader.get(reverse("tiering:criteria-version", args=[old.pk])))
    assert "These criteria have no gates." in text_of(reader.get(reverse("tiering:criteria")))
    assert reader.get(reverse("tiering:criteria-version", args=[draft.pk])).status_code == 404
