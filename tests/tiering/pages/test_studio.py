"""The criteria studio over HTTP: what its page holds, what an edit answers, and what buttons do to the draft."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.models import Role, User
from tests.factories import make_client, make_user
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now
from tests.tiering.pages.making import observe, visitor_of
from tiering.core.addresses import value_at
from tiering.core.editing import Edit
from tiering.models import CriteriaVersion
from tiering.services.drafts import edit_draft, start_draft

pytestmark = pytest.mark.django_db

DIMENSIONS = "scorecards/all/dimensions"
CREDIT = f"{DIMENSIONS}/credit"
SCORE = f"{CREDIT}/indicators/credit_score"


@pytest.fixture
def author() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def draft(author: User) -> CriteriaVersion:
    return start_draft(author=author, based_on=publish())


def studio(version: CriteriaVersion, name: str = "studio") -> str:
    return reverse(f"tiering:{name}", args=[version.pk])


def send(version: CriteriaVersion, user: User, **asked: Any) -> Any:
    """What the studio answers to JSON that its page sends, as the page knows the draft now."""
    version.refresh_from_db()
    body = json.dumps({"revision": version.revision, **asked})
    return visitor_of(user).post(studio(version), body, content_type="application/json")


def change(path: str, was: Any, value: Any) -> dict[str, Any]:
    return {"op": "set", "path": path, "was": was, "value": value}


def stands(version: CriteriaVersion, path: str) -> Any:
    version.refresh_from_db()
    return value_at(version.document, path)


def scored(*scores: float) -> None:
    """A book of clients with these credit scores."""
    for score in scores:
        observe(make_client(rm=make_user(Role.RM)), score, 30)
    run_now(as_of=days_ago(1))


def test_published_version_leads_to_its_page(author):
    version = publish()
    answer = visitor_of(author).get(studio(version))
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("tiering:criteria-version", args=[version.pk]),
    )


def test_draft_from_a_published_version_opens_in_the_studio(author):
    version = publish()
    page = visitor_of(author).get(reverse("tiering:criteria-version", args=[version.pk]))
    assert reverse("tiering:studio-begin", args=[version.pk]) in page.content.decode()
    answer = visitor_of(author).post(studio(version, "studio-begin"))
    draft = CriteriaVersion.objects.get(status="draft")
    assert (draft.based_on, draft.author, draft.document) == (version, author, version.document)
    assert answer["Location"] == studio(draft)


def test_page_holds_a_field_for_every_number_of_what_is_open(author, draft):
    text = visitor_of(author).get(studio(draft), {"open": SCORE}).content.decode()
    for path in ("weight", "indicators/credit_score/weight", "indicators/credit_score/bands/1/lo"):
        assert f'data-path="{CREDIT}/{path}"' in text
    assert f'data-path="{SCORE}/bands/1/lo" data-kind="number" data-was="600" value="600"' in text
    assert 'data-also="{&quot;' + f"{SCORE}/bands/0/hi" + '&quot;: 600.0}"' in text


def test_indicator_that_is_not_open_is_told_in_one_row(author, draft):
    text = visitor_of(author).get(studio(draft)).content.decode()
    assert f'data-path="{SCORE}/weight"' in text
    assert f'data-path="{SCORE}/bands' not in text


def test_section_answers_alone(author, draft):
    text = (
        visitor_of(author)
        .get(studio(draft), {"section": ["placement", f"indicator:{SCORE}"]})
        .content.decode()
    )
    assert 'data-section="placement"' in text
    assert f'data-section="indicator:{SCORE}"' in text
    assert "<html" not in text


@pytest.mark.parametrize(
    "name", ["nonsense", "indicator:scorecards/all", f"indicator:{CREDIT}/indicators/leverage", "indicator:"]
)
def test_section_that_is_not_there_is_missing(author, draft, name):
    assert visitor_of(author).get(studio(draft), {"section": name}).status_code == 404


def test_edit_is_saved_and_answers_what_stands_against_submitting(author, draft):
    answer = send(draft, author, edits=[change(f"{CREDIT}/weight", 10000, 9000)])
    told = answer.json()
    assert stands(draft, f"{CREDIT}/weight") == 9000
    assert told["revision"] == draft.revision == 1
    assert told["refusals"] == [
        {
            "address": DIMENSIONS,
            "text": "The weights add up to 90% and not to 100%.",
            "fix": "Change them by 10% in all, or even them out.",
        }
    ]
    assert (told["may_undo"], told["may_redo"]) == (True, False)
    assert (told["changes"], told["sections"]) == ([], [])


def test_edge_renews_its_indicator(author, draft):
    edits = [change(f"{SCORE}/bands/1/lo", 600, 610), change(f"{SCORE}/bands/0/hi", 600, 610)]
    assert send(draft, author, edits=edits).json()["sections"] == [f"indicator:{SCORE}"]


def test_edit_of_what_somebody_else_wrote_tells_both_values_and_who(author, draft):
    other = make_user(Role.CRITERIA_ADMIN, name="Fang Xu")
    edit_draft(version=draft, edits=[Edit("set", f"{CREDIT}/weight", 10000, 4000)], by=other)
    answer = send(draft, author, edits=[change(f"{CREDIT}/weight", 10000, 3000)])
    assert answer.status_code == 409
    (conflict,) = answer.json()["conflicts"]
    assert (conflict["path"], conflict["value"]) == (f"{CREDIT}/weight", 4000)
    assert conflict["told"] == "Fang Xu changed this to 40% just now."
    assert stands(draft, f"{CREDIT}/weight") == 4000


def test_edit_that_breaks_the_shape_is_told_at_its_field_and_not_saved(author, draft):
    answer = send(draft, author, edits=[change(f"{SCORE}/bands/1/points", 60, 160)])
    assert answer.status_code == 422
    (fault,) = answer.json()["faults"]
    assert fault["address"] == f"{SCORE}/bands/1/points"
    assert stands(draft, f"{SCORE}/bands/1/points") == 60


def test_undo_and_redo_tell_what_stands_in_the_fields_then(author, draft):
    send(draft, author, edits=[change(f"{CREDIT}/weight", 10000, 9000)])
    undone = send(draft, author, act="undo").json()
    assert [(one["path"], one["value"]) for one in undone["changes"]] == [(f"{CREDIT}/weight", 10000)]
    assert (undone["may_undo"], undone["may_redo"], undone["refusals"]) == (False, True, [])
    assert send(draft, author, act="redo").json()["changes"][0]["value"] == 9000


def test_news_tell_what_others_wrote_and_who_is_there(author, draft):
    other = make_user(Role.CRITERIA_ADMIN, name="Fang Xu")
    visitor_of(other).get(studio(draft, "studio-news"))
    edit_draft(version=draft, edits=[Edit("set", f"{CREDIT}/weight", 10000, 4000)], by=other)
    told = visitor_of(author).get(studio(draft, "studio-news"), {"since": 0}).json()
    (written,) = told["changes"]
    assert (written["path"], written["value"], written["told"]) == (
        f"{CREDIT}/weight", 4000, "Fang Xu changed this just now.",
    )  # fmt: skip
    assert "Fang Xu is at this draft, too" in told["present"]
    assert (
        "Fang Xu" not in visitor_of(other).get(studio(draft, "studio-news"), {"since": 1}).json()["present"]
    )


@pytest.mark.parametrize(
    "asked",
    [
        {"edits": []},
        {"edits": "x"},
        {"act": "nonsense"},
        {"act": ["even"]},
        {"act": "even", "path": "gates/late"},
        {"act": "split", "path": SCORE, "band": 7},
        {"act": "quantiles", "path": SCORE, "value": "x"},
        {"act": "remove", "path": "gates/nobody"},
        {"act": "indicator", "path": f"{CREDIT}/indicators", "metric": "credit_score"},
        {"act": "indicator", "path": f"{CREDIT}/indicators", "metric": "nonsense"},
        {"act": "move", "path": CREDIT, "by": 9},
        {"act": "missing", "path": SCORE},
        {"act": "merge", "path": "label", "band": 0},
        {"revision": None},
    ],
)
def test_what_the_page_never_sends_is_refused(author, draft, asked):
    answer = send(draft, author, **asked)
    assert answer.status_code == 400
    assert answer.json()["text"] is not None
    assert stands(draft, SCORE) == a_document()["scorecards"][0]["dimensions"][0]["indicators"][0]


def test_weights_are_evened_out_in_proportion_and_what_weighs_nothing_gets_its_share(author, draft):
    dimension = a_document()["scorecards"][0]["dimensions"][0]
    for key, weight in (("two", 5000), ("three", 0)):
        entry = {**dimension, "key": key, "label": label(key), "weight": weight}
        entry["indicators"] = [
            {**dimension["indicators"][0], "metric": {"two": "pd", "three": "leverage"}[key]}
        ]
        insert = {"op": "insert", "path": f"{DIMENSIONS}/{key}", "value": entry, "before": None}
        send(draft, author, edits=[insert])
    send(draft, author, act="even", path=DIMENSIONS)
    assert [each["weight"] for each in stands(draft, DIMENSIONS)] == [4500, 2200, 3300]


def test_evening_out_is_offered_while_something_weighs_nothing(author, draft):
    def offered() -> bool:
        page = visitor_of(author).get(studio(draft), {"section": "scorecards"}).content.decode()
        return f'data-unless-even="total-{CREDIT}">' in page

    assert not offered()
    send(draft, author, act="indicator", path=f"{CREDIT}/indicators", metric="pd")
    assert offered()


def test_removing_what_somebody_else_changed_since_is_a_conflict(author, draft):
    send(draft, author, act="dimension", path=DIMENSIONS, metric="pd")
    draft.refresh_from_db()
    shown, other = draft.revision, make_user(Role.CRITERIA_ADMIN, name="Fang Xu")
    edit_draft(version=draft, edits=[Edit("set", f"{DIMENSIONS}/pd/weight", 0, 4000)], by=other)
    removal = {"act": "remove", "path": f"{DIMENSIONS}/pd"}
    refused = send(draft, author, **removal, revision=shown)
    assert refused.status_code == 409
    (conflict,) = refused.json()["conflicts"]
    assert "Fang Xu changed this" in conflict["told"]
    assert stands(draft, f"{DIMENSIONS}/pd/weight") == 4000
    assert send(draft, author, **removal).status_code == 200
    assert len(stands(draft, DIMENSIONS)) == 1


def test_removing_beside_what_somebody_else_changed_since_is_no_conflict(author, draft):
    send(draft, author, act="dimension", path=DIMENSIONS, metric="pd")
    draft.refresh_from_db()
    shown = draft.revision
    edit_draft(
        version=draft,
        edits=[Edit("set", f"{CREDIT}/weight", 10000, 4000)],
        by=make_user(Role.CRITERIA_ADMIN),
    )
    assert send(draft, author, act="remove", path=f"{DIMENSIONS}/pd", revision=shown).status_code == 200
    assert [each["key"] for each in stands(draft, DIMENSIONS)] == ["credit"]


def test_bands_are_cut_at_equal_shares_of_the_book(author, draft):
    scored(*range(400, 800, 20))
    told = send(draft, author, act="quantiles", path=SCORE, value="4").json()
    bands = stands(draft, f"{SCORE}/bands")
    assert [band["points"] for band in bands] == [0, 33, 67, 100]
    assert [band["hi"] for band in bands[:-1]] == [500, 600, 700]
    assert told["sections"] == [f"indicator:{SCORE}"]


def test_cut_keeps_the_points_where_their_number_stays(author, draft):
    scored(*range(400, 800, 20))
    send(draft, author, act="quantiles", path=SCORE, value="3")
    assert [band["points"] for band in stands(draft, f"{SCORE}/bands")] == [20, 60, 100]


def test_split_and_removed_bands_leave_no_gap(author, draft):
    scored(610, 640, 660, 690)
    told = send(draft, author, act="split", path=SCORE, band=1).json()
    bands = stands(draft, f"{SCORE}/bands")
    assert [(band["lo"], band["hi"], band["points"]) for band in bands] == [
        (None, 600, 20), (600, 650, 60), (650, 700, 80), (700, None, 100),
    ]  # fmt: skip
    assert told["focus"] == f"at-{SCORE}/bands/2/lo"
    send(draft, author, act="merge", path=SCORE, band=0)
    assert [(band["lo"], band["hi"]) for band in stands(draft, f"{SCORE}/bands")] == [
        (None, 650),
        (650, 700),
        (700, None),
    ]


def test_new_indicator_begins_with_thirds_of_the_book(author, draft):
    scored(500, 600, 700)
    told = send(draft, author, act="indicator", path=f"{CREDIT}/indicators", metric="days_overdue").json()
    added = stands(draft, f"{CREDIT}/indicators/days_overdue")
    assert added["weight"] == 0
    assert [band["points"] for band in added["bands"]] == [100, 50, 0]
    assert told["refusals"] == []
    assert "scorecards" in told["sections"]


def test_new_dimension_bears_the_name_of_its_indicator_in_both_languages(author, draft):
    told = send(draft, author, act="dimension", path=DIMENSIONS, metric="demand_level").json()
    added = stands(draft, DIMENSIONS)[1]
    assert (added["key"], added["weight"], added["label"]["en"]) == ("demand_level", 0, "Level of demand")
    assert added["label"]["zh"] != added["label"]["en"]
    assert added["indicators"][0]["categories"] == {"basic": 100, "comprehensive": 50, "premium": 0}
    assert told["focus"] == f"at-{DIMENSIONS}/demand_level/weight"


def test_policy_for_what_is_not_known_gets_points_only_where_it_needs_some(author, draft):
    told = send(draft, author, act="missing", path=SCORE, value="neutral").json()
    assert stands(draft, f"{SCORE}/missing") == {"policy": "neutral", "points": 46}
    assert (told["sections"], told["refusals"]) == ([f"indicator:{SCORE}"], [])
    send(draft, author, act="missing", path=SCORE, value="reweight")
    assert stands(draft, f"{SCORE}/missing") == {"policy": "reweight"}


def test_entry_moves_by_one_and_no_further(author, draft):
    send(draft, author, act="dimension", path=DIMENSIONS, metric="pd")
    for by, order in ((-1, ["pd", "credit"]), (-1, ["pd", "credit"]), (1, ["credit", "pd"])):
        send(draft, author, act="move", path=f"{DIMENSIONS}/pd", by=by)
        assert [each["key"] for each in stands(draft, DIMENSIONS)] == order


def test_known_shares_are_told_by_metric(author, draft):
    scored(500, 600)
    make_client(rm=make_user(Role.RM))
    run_now()
    assert visitor_of(author).get(studio(draft, "studio-known")).json()["credit_score"] == "known for 67%"


def test_page_asks_as_little_with_many_indicators(author, draft, django_assert_max_num_queries):
    for metric in ("pd", "leverage", "current_ratio", "utilisation"):
        send(draft, author, act="indicator", path=f"{CREDIT}/indicators", metric=metric)
    visitor = visitor_of(author)
    visitor.get(studio(draft))
    with django_assert_max_num_queries(30):
        visitor.get(studio(draft))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"revision": 0, "edits": ' + b"[" * 5_000 + b"]" * 5_000 + b"}",
        b'{"revision": 0, "edits": "\xff"}',
        b'{"revision": 0, "edits": [{"op": "set", "path": "note", "value": NaN}]}',
        b'{"revision": 0, "revision": 0, "act": "undo"}',
    ],
)
def test_body_that_cannot_be_read_is_refused(author, draft, body):
    answer = visitor_of(author).post(studio(draft), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["text"]


@pytest.mark.parametrize(
    "asked",
    [
        {"act": "rename_tier", "path": "policy", "value": "x"},
        {"act": "missing", "path": "scorecards/all", "value": "worst"},
        {"act": "effect", "path": "tiers/High", "value": "bonus"},
    ],
)
def test_act_on_an_entry_of_another_kind_is_refused(author, draft, asked):
    assert send(draft, author, **asked).status_code == 400
