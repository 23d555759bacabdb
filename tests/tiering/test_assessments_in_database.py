"""What the database asks of an assessment, of a tier in force and of a proposal, whoever writes them: everything that
they name is there and belongs together."""

import pytest
from django.db import DatabaseError, transaction

from tests.factories import make_client, make_observation
from tests.in_the_database import refused_by_the_database
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tiering.models import Assessment, Tier

pytestmark = pytest.mark.django_db

AGAIN = """
INSERT INTO tiering_assessment (client_id, scheme_id, version_id, run_id, facts_id, valid_from, valid_to, scorecard,
    score, model_tier_id, base_tier_id, overlay_tier_id, tier_id, provisional, gates)
SELECT {client}, {scheme}, {version}, {run}, {facts}, valid_from - interval '1 day', valid_from, scorecard, score,
    {tier}, base_tier_id, overlay_tier_id, tier_id, provisional, gates
FROM tiering_assessment WHERE id = %s
"""
AS_IT_IS = {
    "client": "client_id",
    "scheme": "scheme_id",
    "version": "version_id",
    "run": "run_id",
    "facts": "facts_id",
    "tier": "model_tier_id",
}
EARLIER = """
INSERT INTO tiering_assignment (client_id, project_id, scheme_id, tier_id, valid_from, valid_to, assessment_id)
SELECT {client}, {project}, {scheme}, {tier}, valid_from - interval '1 day', valid_from, {assessment}
FROM tiering_assignment WHERE assessment_id = %s
"""
AS_THE_TIER_IS = {
    "client": "client_id",
    "project": "project_id",
    "scheme": "scheme_id",
    "tier": "tier_id",
    "assessment": "assessment_id",
}
MOVE = """
INSERT INTO tiering_proposal (client_id, project_id, scheme_id, from_tier_id, to_tier_id, assessment_id, run_id,
    exposure, status, comment)
SELECT {client}, {project}, {scheme}, {held}, {tier}, {assessment}, {run}, 0, 'pending', ''
FROM tiering_assessment a WHERE id = %s
"""
AS_THE_MOVE_IS = {
    "client": "client_id",
    "project": "project_id",
    "scheme": "scheme_id",
    "held": "(SELECT min(id) FROM tiering_tier t WHERE t.scheme_id = a.scheme_id AND t.id <> a.tier_id)",
    "tier": "tier_id",
    "assessment": "id",
    "run": "run_id",
}
NOWHERE = "987654"


@pytest.fixture
def assessment() -> Assessment:
    client = make_client()
    make_observation(client, "credit_score", 720.0, observed_on=days_ago(30).date())
    publish()
    run_now(as_of=days_ago(20))
    return Assessment.objects.get(client=client)


def is_refused(assessment: Assessment, /, **other: str) -> bool:
    """Whether the database refuses an earlier assessment like this one, but for what is given."""
    return refused_by_the_database(AGAIN.format(**{**AS_IT_IS, **other}), assessment.pk)


def tier_is_refused(assessment: Assessment, /, **other: str) -> bool:
    """Whether it refuses an earlier tier like the one that rests on the assessment, but for what is given."""
    return refused_by_the_database(EARLIER.format(**{**AS_THE_TIER_IS, **other}), assessment.pk)


def test_assessment_of_what_belongs_together_is_taken(assessment):
    assert not is_refused(assessment)


@pytest.mark.parametrize("named", AS_IT_IS)
def test_assessment_that_names_what_is_not_there_is_refused(assessment, named):
    assert is_refused(assessment, **{named: NOWHERE})


def test_assessment_on_the_facts_of_another_client_is_refused(assessment):
    assert is_refused(assessment, client=str(make_client().pk))


def test_assessment_by_criteria_or_in_a_tier_of_another_scheme_is_refused(assessment):
    other = publish(a_document(scheme="another"))
    assert is_refused(assessment, version=str(other.pk))
    assert is_refused(assessment, tier=str(other.criteria.scheme.tiers.first().pk))
    assert is_refused(assessment, scheme=str(other.criteria.scheme_id))


def test_tiers_of_a_scheme_by_which_anybody_was_placed_stay_in_it(assessment):
    other = publish(a_document(scheme="another"))
    tier = Tier.objects.filter(scheme=assessment.scheme).exclude(pk=assessment.tier_id).first()
    assert tier
    for change in (tier.delete, lambda: Tier.objects.filter(pk=tier.pk).update(scheme=other.criteria.scheme)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_tier_that_rests_on_its_assessment_is_taken(assessment):
    assert not tier_is_refused(assessment)


@pytest.mark.parametrize("named", AS_THE_TIER_IS)
def test_tier_that_names_what_is_not_there_is_refused(assessment, named):
    assert tier_is_refused(assessment, **{named: NOWHERE})


def test_tier_of_another_client_or_of_another_scheme_than_its_assessment_is_refused(assessment):
    other = publish(a_document(scheme="another"))
    assert tier_is_refused(assessment, client=str(make_client().pk))
    assert tier_is_refused(assessment, scheme=str(other.criteria.scheme_id))
    assert tier_is_refused(assessment, tier=str(other.criteria.scheme.tiers.first().pk))


def move_is_refused(assessment: Assessment, /, **other: str) -> bool:
    """Whether it refuses a proposal that pins the assessment, but for what is given."""
    return refused_by_the_database(MOVE.format(**{**AS_THE_MOVE_IS, **other}), assessment.pk)


def test_proposal_that_pins_its_assessment_is_taken(assessment):
    assert not move_is_refused(assessment)


@pytest.mark.parametrize("named", AS_THE_MOVE_IS)
def test_proposal_that_names_what_is_not_there_is_refused(assessment, named):
    assert move_is_refused(assessment, **{named: NOWHERE})


def test_proposal_for_another_client_or_in_another_scheme_than_its_assessment_is_refused(assessment):
    other = publish(a_document(scheme="another"))
    assert move_is_refused(assessment, client=str(make_client().pk))
    assert move_is_refused(assessment, scheme=str(other.criteria.scheme_id))
    assert move_is_refused(assessment, held=str(other.criteria.scheme.tiers.first().pk))
