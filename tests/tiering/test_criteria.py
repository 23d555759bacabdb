import json
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Role
from tests.at_once import at_once
from tests.factories import make_user
from tests.tiering.helpers import LONG_AGO, a_document, days_ago, publish
from tiering.errors import CriteriaRefused, EffectiveTooEarly, NotADraft, OwnCriteria, TiersDiffer
from tiering.models import CriteriaVersion, Tier, TierScheme
from tiering.selectors.criteria import effective_version, primary_scheme
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import put_in_effect

pytestmark = pytest.mark.django_db


def admin():
    return make_user(Role.CRITERIA_ADMIN)


def test_loading_makes_a_draft_and_its_scheme():
    version = load_criteria(document=a_document(), author=admin())
    assert (version.number, version.status) == (1, "draft")
    assert primary_scheme().key == "small"
    assert not Tier.objects.exists()


def test_second_scheme_is_not_primary():
    load_criteria(document=a_document(), author=admin())
    load_criteria(document=a_document(scheme="other"), author=admin())
    assert primary_scheme().key == "small"
    assert TierScheme.objects.count() == 2


def test_loading_the_same_content_again_stores_nothing():
    first = load_criteria(document=a_document(), author=admin())
    assert load_criteria(document=a_document(), author=admin()) == first


def test_document_without_the_shape_of_criteria_is_refused_by_place():
    with pytest.raises(CriteriaRefused) as refused:
        load_criteria(document=a_document(tiers="none"), author=admin())
    assert "$.tiers" in refused.value.fields


def test_publishing_makes_the_tiers_and_pins_their_order():
    publish()
    assert list(Tier.objects.values_list("key", "rank", "colour_step")) == [
        ("High", 0, 1),
        ("Middle", 1, 4),
        ("Low", 2, 7),
    ]


def test_author_cannot_publish_their_own_version():
    author = admin()
    version = load_criteria(document=a_document(), author=author)
    with pytest.raises(OwnCriteria):
        put_in_effect(version=version, approver=author)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CRITERIA_ADMIN])
def test_only_criteria_administrators_write_and_publish(role):
    with pytest.raises(NotPermitted):
        load_criteria(document=a_document(), author=make_user(role))
    version = load_criteria(document=a_document(), author=admin())
    with pytest.raises(NotPermitted):
        put_in_effect(version=version, approver=make_user(role))


@pytest.mark.django_db(transaction=True)
def test_of_two_drafts_published_at_once_both_take_their_turn():
    publish()
    drafts = [
        load_criteria(document=a_document(note={"en": note, "zh": note}), author=admin()) for note in "23"
    ]
    put = partial(put_in_effect, approver=admin())
    published = at_once(*(partial(put, version=draft) for draft in drafts))
    assert {version.pk for version in published} == {draft.pk for draft in drafts}
    statuses = CriteriaVersion.objects.order_by("effective_from").values_list("status", flat=True)
    assert list(statuses) == ["superseded", "superseded", "published"]


def test_document_that_makes_no_sense_cannot_be_published():
    cuts = [{"tier": "High", "min": 80}, {"tier": "Middle", "min": 50}, {"tier": "Low", "min": 10}]
    version = load_criteria(document=a_document(cutoffs=cuts), author=admin())
    with pytest.raises(CriteriaRefused) as refused:
        put_in_effect(version=version, approver=admin())
    assert [refusal.code for refusal in refused.value.refusals] == ["cutoffs_leave_gap"]
    assert CriteriaVersion.objects.get().status == "draft"


def test_published_version_cannot_be_published_again():
    with pytest.raises(NotADraft):
        put_in_effect(version=publish(), approver=admin())


def test_new_version_supersedes_the_former_from_its_own_moment_on():
    first = publish()
    second = publish(a_document(note={"en": "2", "zh": "2"}), effective_from=days_ago(10))
    scheme = primary_scheme()
    assert effective_version(scheme, days_ago(11)) == first
    assert effective_version(scheme, days_ago(10) + timedelta(seconds=1)) == second
    assert effective_version(scheme, LONG_AGO - timedelta(days=1)) is None
    first.refresh_from_db()
    assert first.status == "superseded"


def test_version_cannot_take_effect_before_the_one_it_replaces():
    publish(effective_from=timezone.now())
    with pytest.raises(EffectiveTooEarly):
        publish(a_document(note={"en": "2", "zh": "2"}), effective_from=days_ago(1))


def test_later_version_names_and_colours_the_tiers_of_its_scheme():
    publish()
    named = [
        {"key": key, "label": {"en": f"{key} tier", "zh": f"{key}级"}, "colour": colour}
        for key, colour in [("High", 2), ("Middle", 3), ("Low", 6)]
    ]
    kept = list(Tier.objects.values_list("pk", flat=True))
    publish(a_document(tiers=named), effective_from=days_ago(2))
    assert list(Tier.objects.values_list("pk", flat=True)) == kept
    assert list(Tier.objects.values_list("label_en", "label_zh", "colour_step")) == [
        ("High tier", "High级", 2),
        ("Middle tier", "Middle级", 3),
        ("Low tier", "Low级", 6),
    ]
    publish(a_document(note={"en": "3", "zh": "3"}), effective_from=days_ago(1))
    assert list(Tier.objects.values_list("label_en", "colour_step")) == [
        ("High", 1),
        ("Middle", 4),
        ("Low", 7),
    ]


def test_scheme_keeps_its_tiers():
    publish()
    renamed = json.loads(json.dumps(a_document()).replace('"Middle"', '"Medium"'))
    with pytest.raises(TiersDiffer, match=r"High, Medium, Low.*make a new scheme"):
        publish(renamed, effective_from=timezone.now())
    turned = (
        json.dumps(a_document()).replace('"Low"', '"?"').replace('"High"', '"Low"').replace('"?"', '"High"')
    )
    with pytest.raises(TiersDiffer, match="Low, Middle, High"):
        publish(json.loads(turned), effective_from=timezone.now())
