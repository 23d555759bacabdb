"""`manage.py explain` tells what the client page tells, of any day, in both languages and as JSON."""

import json
import re
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from crm.models import Client
from tests.factories import make_client
from tests.tiering.helpers import a_document, days_ago, publish, run_now
from tests.tiering.pages.making import observe
from tiering.models import Assessment, Assignment

pytestmark = pytest.mark.django_db


def told(client: Client, **options: object) -> str:
    out = StringIO()
    call_command("explain", client.code, stdout=out, **options)
    return out.getvalue()


def day(days: float) -> str:
    return localdate(days_ago(days)).isoformat()


@pytest.fixture
def client() -> Client:
    """High 50 days ago, Middle since 10 days ago; a client may rise one tier after 30 days."""
    publish(a_document(policy={"migration": {"up": {"dwell_days": 30}}}))
    client = make_client(name_en="Ever Bright", name_zh="")
    observe(client, 720.0, 60)
    run_now(as_of=days_ago(50))
    observe(client, 650.0, 20)
    run_now(as_of=days_ago(10))
    return client


def test_the_account_of_today_names_every_part(client):
    text = told(client)
    assert f"{client.code} Ever Bright · Small" in text
    assert "Middle in force" in text
    assert "Middle · 60.0 points · 20.0 short of High" in text
    assert re.search(r"Credit score +650 +Observation +10 days old +600 to under 700 +60 +60.0", text)
    assert "passed" in text
    assert "no better than Low" in text
    assert "→  Middle  50.0" in text
    assert "Migration policy" in text
    assert "High · then 100.0 points" in text
    assert "720  →  650  100 → 60  -40.0" in text
    assert "Credit score: at least 700 (now 650)  High  100.0 points" in text


def test_the_account_of_a_past_day_is_the_one_of_then(client):
    text = told(client, as_of=day(30))
    assert "High in force" in text
    assert "High · 100.0 points · the best tier" in text
    assert "What would lift it a tier" not in text


def test_what_was_recorded_later_is_not_known_earlier(client):
    """What the tests write is recorded today; the first tier is made to look as if it had been on its day."""
    for model in (Assessment, Assignment):
        first = model.objects.filter(client=client).earliest("valid_from")
        with pgtrigger.ignore():
            model.objects.filter(pk=first.pk).update(recorded_at=days_ago(49))
    assert "Middle in force" in told(client, as_of=day(1))
    text = told(client, as_of=day(1), known_on=day(2))
    assert "High in force" in text
    assert "High · 100.0 points" in text


def test_the_account_speaks_the_language_asked_for(client):
    text = told(client, language="zh-hans")
    assert "信用评分" in text
    assert "Credit score" not in text


def test_json_tells_exact_scores_and_where_values_came_from(client):
    data = json.loads(told(client, json=True))
    assert (data["in_force"], data["scheme"], data["criteria_version"]) == ("Middle", "small", 1)
    assert data["explanation"]["assessment"]["score"] == 60 * 10**8
    assert data["sources"]["credit_score"]["source"] == "observation"
    assert data["sources"]["credit_score"]["as_of"] == day(20)
    assert [row["metric"] for row in data["changes"]["facts"]] == ["credit_score"]
    (lift,) = data["lifts"]
    assert lift["steps"][0]["band"] == {"lo": 700.0, "hi": None, "points": 100}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"as_of": "2001-01-01"}, "had not been assessed by then"),
        ({"known_on": "2001-01-01"}, "had not been assessed by then"),
        ({"scheme": "none"}, "There is no tier scheme “none”"),
        ({"project": "none"}, "There is no project “none”"),
        ({"as_of": "2001-02-30"}, "is not a date"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_the_reason(client, options, message):
    with pytest.raises(CommandError, match=message):
        told(client, **options)


def test_an_unknown_client_is_refused():
    publish()
    with pytest.raises(CommandError, match="There is no client “nobody”"):
        call_command("explain", "nobody")
