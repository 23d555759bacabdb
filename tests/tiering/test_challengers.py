"""Versions that run beside what is in effect."""

import pytest
from django.db import Error, transaction
from django.urls import reverse

from crm.errors import NotPermitted
from crm.models import Role
from tests.api.asking import Asker
from tests.factories import make_client, make_user
from tests.tiering.helpers import a_document, days_ago, publish
from tests.tiering.pages.making import visitor_of
from tiering.errors import ShadowOfADraft
from tiering.errors_validation import AlreadyChallenging, ChallengeOver, ChallengerInEffect, ReasonRequired
from tiering.models import Challenger, CriteriaVersion, TieringRun
from tiering.services.challengers import end_challenge, start_challenge
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import (
    approve_version,
    call_off_version,
    publish_version,
    reopen_version,
    submit_version,
)
from tiering.services.runs import work_through
from tiering.services.schedule import ensure_runs

pytestmark = pytest.mark.django_db
STRICTER = [{"tier": "High", "min": 100}, {"tier": "Middle", "min": 70}, {"tier": "Low", "min": 0}]


def approved(**changes) -> CriteriaVersion:
    author, approver = make_user(Role.CRITERIA_ADMIN), make_user(Role.CRITERIA_ADMIN)
    version = load_criteria(document=a_document(**changes or {"cutoffs": STRICTER}), author=author)
    version = submit_version(version=version, by=author, purpose="Stricter")
    return approve_version(version=version, by=approver, content_hash=version.content_hash)


def challenge(version: CriteriaVersion, **changes) -> Challenger:
    by = changes.pop("started_by", None) or make_user(Role.CRITERIA_ADMIN)
    return start_challenge(version=version, started_by=by, **{"reason": "Is it better?", **changes})


def a_night() -> list[TieringRun]:
    """The runs that are due, worked through, until none is."""
    made: list[TieringRun] = []
    while runs := ensure_runs():
        made += [work_through(run) for run in runs]
    return made


def test_challenger_runs_once_each_night_after_what_is_in_effect():
    make_client()
    publish()
    challenger = challenge(approved())
    runs = a_night()
    assert [run.kind for run in runs][-1] == "shadow"
    assert [run.version for run in runs if run.kind == "shadow"] == [challenger.version]
    assert runs[-1].results.count() == 1
    assert a_night() == []


def test_ended_challenge_runs_no_more():
    make_client()
    publish()
    challenger = challenge(approved())
    end_challenge(challenger=challenger, ended_by=make_user(Role.CRITERIA_ADMIN))
    assert {run.kind for run in a_night()} == {"official"}
    with pytest.raises(ChallengeOver):
        end_challenge(challenger=challenger, ended_by=make_user(Role.CRITERIA_ADMIN))


def test_challenge_ends_with_the_version_that_is_called_off():
    make_client()
    publish()
    version, checker = approved(), make_user(Role.CRITERIA_ADMIN)
    challenger = challenge(version)
    version = publish_version(version=version, publisher=checker, effective_from=days_ago(-3))
    call_off_version(version=version, by=checker, reason="Too strict")
    challenger.refresh_from_db()
    assert (challenger.ended_by, challenger.ended_at is None) == (checker, False)
    assert (challenger.ended_with.act, challenger.ended_with.comment) == ("called_off", "Too strict")
    assert {run.kind for run in a_night()} == {"official"}
    address = reverse("tiering:challengers", args=[challenger.scheme_id])
    page = visitor_of(checker).get(f"{address}?challenger={challenger.pk}").content.decode()
    assert "called it off before it took effect" in page
    assert "Too strict" in page
    told = Asker(checker).get(f"challengers/{challenger.pk}/").data["challenger"]
    assert (told["ended_with"], told["end_reason"]) == ("called_off", "Too strict")


def test_challenge_ends_with_the_version_that_is_edited_again():
    publish()
    version = approved()
    challenger, others = challenge(version), challenge(approved(note={"en": "x", "zh": "x"}))
    reopen_version(version=version, by=version.author)
    challenger.refresh_from_db()
    others.refresh_from_db()
    assert (challenger.ended_with.act, challenger.ended_by) == ("reopened", version.author)
    assert others.ended_at is None


def test_what_is_in_effect_a_draft_and_a_second_time_are_refused():
    in_effect = publish()
    with pytest.raises(ChallengerInEffect):
        challenge(in_effect)
    draft = load_criteria(
        document=a_document(cutoffs=STRICTER, note={"en": "x", "zh": "x"}),
        author=make_user(Role.CRITERIA_ADMIN),
    )
    with pytest.raises(ShadowOfADraft):
        challenge(draft)
    version = approved()
    with pytest.raises(ReasonRequired):
        challenge(version, reason=" ")
    with pytest.raises(NotPermitted):
        challenge(version, started_by=make_user(Role.RISK_OFFICER))
    challenge(version)
    with pytest.raises(AlreadyChallenging):
        challenge(version)


def test_database_keeps_what_a_challenge_was_begun_for():
    publish()
    challenger = challenge(approved())
    with pytest.raises(Error), transaction.atomic():
        Challenger.objects.filter(pk=challenger.pk).update(reason="another")
    with pytest.raises(Error), transaction.atomic():
        challenger.delete()
