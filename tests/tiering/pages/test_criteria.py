import json
import re

import pytest
from django.conf import settings
from django.urls import reverse

from crm.models import Role
from tests.factories import make_user
from tests.tiering.helpers import a_document, label, publish
from tests.tiering.pages.making import visitor_of
from tests.tiering.pages.methods import by_matrix, by_rank
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
    reader = visitor_of(make_user(Role.RM))
    assert "version 1" in text_of(reader.get(reverse("tiering:criteria-version", args=[old.pk])))
    assert "These criteria have no gates." in text_of(reader.get(reverse("tiering:criteria")))
    assert reader.get(reverse("tiering:criteria-version", args=[draft.pk])).status_code == 404


def text_by(document: dict) -> str:
    publish(document)
    return text_of(visitor_of(make_user(Role.AUDITOR)).get(reverse("tiering:criteria")))


def test_matrix_overlays_and_policy_are_told_in_words():
    text = text_by(by_matrix(weight_limits={"min": 500, "max": 6000}))
    assert "Rows: Safety (Credit)" in text
    assert "columns: Appetite (Demand)" in text
    assert re.search(r"strong <small[^>]*>≥ 50.0</small>", text)
    assert "Each client is placed as a whole." in text
    assert "Dimensions weigh from 5% to 60%." in text
    assert "not applicable" in text
    assert "too old after 180 days" in text
    assert "1 tier better" in text
    assert "Exposure is above 0" in text
    assert "after the tier in force has been held for 90 days" in text
    assert "by 1 tier at most" in text
    assert "It falls at once and all the way when" in text


def test_what_moves_scores_is_told_in_points():
    overlays = [
        {"key": "green", "label": label("Green"), "effect": "bonus", "points": 2.5},
        {"key": "downturn", "label": label("Downturn"), "effect": "cutoffs", "shift": 1},
    ]
    text = text_by(a_document(overlays=overlays, policy={"migration": {"up": {"buffer": 3}}}))
    assert "2.5 points more" in text
    assert "cut-offs higher by 1 point" in text
    assert "the score must pass the cut-off by 3 points" in text


def test_ranks_are_told_as_shares_of_a_total():
    text = text_by(by_rank())
    assert "By rank of Revenue, as shares of its total" in text
    assert "the first 50%" in text
    assert "everyone else" in text


def test_ranks_of_the_score_are_told_as_shares_of_those_who_are_placed():
    steps = [
        {"tier": "High", "share": 2000},
        {"tier": "Middle", "share": 5000},
        {"tier": "Low", "share": 10_000},
    ]
    text = text_by(a_document(cutoffs={"by": "top", "steps": steps}))
    assert "By rank of the score" in text
    assert "the first 20%" in text


def test_gates_of_notches_tell_by_how_many_tiers():
    late = a_document()["gates"][0]
    moved = {key: value for key, value in late.items() if key != "tier"}
    assert "2 tiers worse" in text_by(a_document(gates=[{**moved, "effect": "notches", "by": -2}]))


def test_criteria_of_projects_tell_how_they_are_rolled_up():
    version = publish(a_document(subject="project", roll_up={"rule": "largest", "by": "project_revenue_12m"}))
    reader = visitor_of(make_user(Role.RM))
    text = text_of(reader.get(reverse("tiering:criteria-version", args=[version.pk])))
    assert "Each client is placed within each of its projects." in text
    assert "The project with the largest value decides: " in text
