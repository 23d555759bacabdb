"""The authority in forms: what it says is shown, kept and refused where it makes no sense."""

import pytest
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import publish
from tests.tiering.pages.making import visitor_of
from tiering.core.authority_document import example
from tiering.forms_authority import AuthorityForms
from tiering.models import PolicyVersion
from tiering.services.policies import start_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def draft(author) -> PolicyVersion:
    publish()
    return start_policy(kind="authority", by=author, document=example())


def page_of(version: PolicyVersion) -> str:
    return reverse("tiering:authority-edit", args=[version.pk])


def filled_in(version: PolicyVersion, **changes: object) -> dict[str, object]:
    """What a browser sends of the page as it is shown, with changes."""
    forms = AuthorityForms(version.document, version.revision)
    sent: dict[str, object] = {}
    for form in (forms.rows.management_form, *forms.rows, forms.work, forms.overrides, forms.seen):
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = value
    return sent | changes


def test_saving_what_is_shown_changes_nothing(author, draft):
    visitor = visitor_of(author)
    assert visitor.get(page_of(draft)).status_code == 200
    assert visitor.post(page_of(draft), filled_in(draft)).status_code == 302
    draft.refresh_from_db()
    assert (draft.revision, draft.document) == (0, example())


def test_further_row_comes_before_the_one_for_every_change(author, draft):
    last = len(example()["decisions"])
    row = {f"rows-{last}-direction": "down", f"rows-{last}-least": "2", f"rows-{last}-grade": "3"}
    visitor_of(author).post(page_of(draft), filled_in(draft, **row))
    draft.refresh_from_db()
    rows = draft.document["decisions"]
    assert rows[-2] == {"direction": "down", "notches": {"min": 2}, "needs": {"grade": 3}}
    assert rows[-1] == example()["decisions"][-1]


def test_work_by_team_and_a_committee_are_kept_as_they_were_entered(author, draft):
    entered = {
        "work-by": "team",
        "work-officers": "east: li, wang\nwest: chen",
        "rows-2-members": "4",
        "rows-2-needs": "3",
        "overrides-up_share": "2.5",
    }
    visitor_of(author).post(page_of(draft), filled_in(draft, **entered))
    draft.refresh_from_db()
    assert draft.document["work"]["assignment"] == {
        "by": "team",
        "officers": {"east": ["li", "wang"], "west": ["chen"]},
    }
    assert draft.document["decisions"][2]["needs"] == {"committee": {"of": 4, "needs": 3, "grade": 2}}
    assert draft.document["overrides"]["up"]["share"] == 250


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"work-officers": "east"}, "Write “code: user name, user name”"),
        ({"rows-0-label_zh": ""}, "Give both names, or none."),
        ({"rows-0-members": "1"}, "1 is less than 2."),
        ({"work-high": "0"}, "0 is less than 1."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(author, draft, change, said):
    response = visitor_of(author).post(page_of(draft), filled_in(draft, **change))
    assert response.status_code == 422
    assert said in response.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 0


def test_somebody_elses_edit_is_not_overwritten(author, draft):
    visitor = visitor_of(author)
    seen = filled_in(draft, **{"overrides-notches": "1"})
    visitor.post(page_of(draft), filled_in(draft, **{"overrides-notches": "3"}))
    response = visitor.post(page_of(draft), seen)
    assert response.status_code == 409
    draft.refresh_from_db()
    assert draft.document["overrides"]["notches"] == 3


@pytest.mark.parametrize(("language", "said"), [("en", "2 of 3 have to approve"), ("zh-hans", "大额敞口")])
def test_page_of_the_policy_says_the_rows_in_words(author, draft, language, said):
    visitor = visitor_of(author)
    visitor.cookies["django_language"] = language
    assert said in visitor.get(reverse("tiering:policy", args=[draft.pk])).content.decode()
