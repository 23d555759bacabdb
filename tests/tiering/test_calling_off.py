"""A version that is published for a later moment is called off: by whom, until when, and what is in effect then."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import NotPermitted
from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.helpers import a_document, days_ago, publish
from tests.tiering.pages.making import visitor_of
from tests.tiering.test_trials import STRICTER
from tests.tiering.under_way import acts, admin, approved, cut_at
from tiering.errors import NothingToCallOff, OwnCriteria, ReasonRequired
from tiering.models import CriteriaVersion, Tier
from tiering.selectors.criteria import effective_version
from tiering.selectors.lifecycle import sent_back_to
from tiering.services.drafts import edit_draft
from tiering.services.lifecycle import call_off_version, publish_version, put_in_effect, submit_version

pytestmark = pytest.mark.django_db


def in_days(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def scheduled(checker: User | None = None, days: int = 3, **changes) -> CriteriaVersion:
    """A version that takes effect in so many days."""
    checker = checker or admin()
    version = approved(checker, **(changes or {"cutoffs": STRICTER}))
    return publish_version(version=version, publisher=checker, effective_from=in_days(days))


def states() -> list[tuple[int, str]]:
    return list(CriteriaVersion.objects.order_by("number").values_list("number", "status"))


def test_version_called_off_is_a_draft_and_the_one_before_it_stays_in_effect():
    first = publish(effective_from=days_ago(9))
    version, other = scheduled(), admin()
    call_off_version(version=version, by=other, reason=" The board meets later. ")
    version.refresh_from_db()
    assert states() == [(1, "published"), (2, "draft")]
    assert (version.approver, version.effective_from, version.published_at) == (None, None, None)
    assert effective_version(first.criteria.scheme, in_days(9)) == first
    assert acts(version) == ["submitted", "approved", "published", "called_off"]
    assert version.steps.get(act="called_off").comment == "The board meets later."
    assert list(sent_back_to(version.author)) == [version]


def test_version_called_off_goes_its_way_again():
    publish(effective_from=days_ago(9))
    version = scheduled()
    call_off_version(version=version, by=admin(), reason="Too strict.")
    edit_draft(version=version, edits=[cut_at(85, was=100)], by=version.author)
    version.refresh_from_db()
    put_in_effect(version=version, approver=admin(), purpose="Milder.")
    assert states() == [(1, "superseded"), (2, "published")]


def test_two_called_off_one_after_the_other_leave_what_was_in_effect():
    publish(effective_from=days_ago(9))
    second = scheduled(days=3)
    third = scheduled(days=5, note={"en": "3", "zh": "3"})
    with pytest.raises(NothingToCallOff):
        call_off_version(version=second, by=admin(), reason="x")
    call_off_version(version=third, by=admin(), reason="x")
    assert states() == [(1, "superseded"), (2, "published"), (3, "draft")]
    call_off_version(version=second, by=admin(), reason="x")
    assert states() == [(1, "published"), (2, "draft"), (3, "draft")]


def test_tiers_are_called_again_what_they_were():
    publish(effective_from=days_ago(9))
    before = set(Tier.objects.values_list("key", "label_en"))
    tiers = [
        {**tier, "label": {"en": f"New {tier['key']}", "zh": tier["key"]}} for tier in a_document()["tiers"]
    ]
    version = scheduled(tiers=tiers)
    assert set(Tier.objects.values_list("key", "label_en")) != before
    call_off_version(version=version, by=admin(), reason="x")
    assert set(Tier.objects.values_list("key", "label_en")) == before


def test_first_version_called_off_leaves_no_tiers():
    version = scheduled()
    call_off_version(version=version, by=admin(), reason="x")
    assert states() == [(1, "draft")]
    assert not Tier.objects.exists()


def test_what_has_taken_effect_cannot_be_called_off():
    in_effect = publish(effective_from=days_ago(9))
    with pytest.raises(NothingToCallOff):
        call_off_version(version=in_effect, by=admin(), reason="x")
    checker = admin()
    version = approved(checker, cutoffs=STRICTER)
    soon = timezone.now() + timedelta(seconds=40)
    version = publish_version(version=version, publisher=checker, effective_from=soon)
    with pytest.raises(NothingToCallOff):
        call_off_version(version=version, by=admin(), reason="x")


def test_calling_off_takes_a_reason_and_somebody_who_did_not_write_it():
    publish(effective_from=days_ago(9))
    version = scheduled()
    with pytest.raises(OwnCriteria):
        call_off_version(version=version, by=version.author, reason="x")
    with pytest.raises(ReasonRequired):
        call_off_version(version=version, by=admin(), reason="  ")
    with pytest.raises(NotPermitted):
        call_off_version(version=version, by=make_user(Role.RISK_OFFICER), reason="x")
    assert states() == [(1, "superseded"), (2, "published")]


def test_page_offers_it_to_who_may_and_tells_the_reason():
    publish(effective_from=days_ago(9))
    version, checker = scheduled(), admin()
    page, address = (
        reverse(f"tiering:{name}", args=[version.pk]) for name in ("criteria-version", "criteria-call-off")
    )
    assert address in visitor_of(checker).get(page).content.decode()
    assert address not in visitor_of(version.author).get(page).content.decode()
    refused = visitor_of(checker).post(address, {"reason": ""}, follow=True)
    assert "Say why it is called off" in refused.content.decode()
    assert states()[1] == (2, "published")
    done = visitor_of(checker).post(address, {"reason": "Not yet."}, follow=True).content.decode()
    assert "called it off before it took effect" in done
    assert "Not yet." in done
    assert address not in done
    submit_version(version=version, by=version.author)
