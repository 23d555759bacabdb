"""Factors that people judge: asked for by the method, with evidence, marked when too old."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.errors import Invalid, NotPermitted
from crm.method_readings import Reading
from crm.models import Client, Observation, Role
from crm.selectors.judgements import factors_of
from crm.services.judgements import NewJudgement, judge
from tests.api.asking import Asker
from tests.factories import make_client, make_observation, make_user
from tiering.models import RetierRequest

pytestmark = pytest.mark.django_db
ASKED = [Reading("founding_team", "Six tiers"), Reading("leverage", "Six tiers")]


@pytest.fixture
def held() -> Client:
    return make_client(rm=make_user(Role.RM))


def test_factors_that_are_asked_for_come_first_and_old_judgements_are_stale(held):
    today = timezone.localdate()
    make_observation(held, "management_quality", 4.0, observed_on=today - timedelta(days=900))
    make_observation(held, "management_quality", 2.0, observed_on=today - timedelta(days=1300))
    make_observation(held, "leverage", 0.5)
    asked, judged = factors_of(held, held.rm, today, ASKED)
    assert (asked.metric.key, asked.asked_by, asked.is_due) == ("founding_team", ["Six tiers"], True)
    assert (judged.latest.words, judged.latest.is_stale, judged.is_due) == ("4 · Good", True, False)
    assert [one.words for one in judged.earlier] == ["2 · Below average"]


def test_all_factors_are_judged_together_by_page(client, held):
    make_observation(held, "management_quality", 4.0)
    make_observation(held, "sponsor_strength", "good")
    client.force_login(held.rm)
    url, today = reverse("crm:judgement-new", args=[held.pk]), timezone.localdate().isoformat()
    said = {
        "judged_on": today,
        "source": "Visit",
        "management_quality": "5",
        "management_quality_evidence": "",
    }
    refused = client.post(url, said)
    assert (refused.status_code, "Say what this rests on." in refused.content.decode()) == (422, True)
    RetierRequest.objects.all().delete()
    both = {"sponsor_strength": "weak", "sponsor_strength_evidence": "Rating cut"}
    client.post(url, {**said, "management_quality_evidence": "New board", **both})
    new = Observation.objects.filter(source="Visit").order_by("metric")
    assert [(row.metric, row.value, row.text, row.evidence, row.recorded_by) for row in new] == [
        ("management_quality", 5.0, "", "New board", held.rm),
        ("sponsor_strength", None, "weak", "Rating cut", held.rm),
    ]
    assert RetierRequest.objects.filter(client=held).exists()
    page = client.get(reverse("crm:client-tab", args=[held.pk, "judgements"])).content.decode()
    assert "5 · Excellent" in page
    assert "New board" in page


@pytest.mark.parametrize(
    ("metric", "grade", "field"),
    [
        ("leverage", "0.5", "leverage"),
        ("management_quality", "7", "management_quality"),
        ("management_quality", "fine", "management_quality"),
        ("sponsor_strength", "superb", "sponsor_strength"),
    ],
)
def test_what_is_no_grade_is_refused_beside_its_factor(held, metric, grade, field):
    given = [NewJudgement(metric=metric, grade=grade, evidence="x")]
    with pytest.raises(Invalid) as refused:
        judge(by=held.rm, client=held, judged_on=timezone.localdate(), source="x", judgements=given)
    assert field in refused.value.fields
    assert not Observation.objects.exists()


def test_only_the_holder_judges_and_the_api_tells_all(held):
    with pytest.raises(NotPermitted):
        judge(by=make_user(), client=held, judged_on=timezone.localdate(), source="x", judgements=[])
    asker, path = Asker(held.rm), f"clients/{held.pk}/judgements/"
    one = {"metric": "founding_team", "grade": "3", "evidence": "Two founders left"}
    body = {"judged_on": timezone.localdate().isoformat(), "source": "Meeting", "judgements": [one]}
    made = asker.post(path, body)
    assert (made.status_code, made.data[0]["judgements"][0]["evidence"]) == (201, "Two founders left")
    assert asker.get(path).data[0]["judgements"][0]["words"] == "3 · Fair"
    later = {**body, "judged_on": "2999-01-01"}
    assert "judged_on" in asker.post(path, later).data["fields"]
