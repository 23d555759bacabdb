"""Gates, overlays, segments, placements, tiers and conditions in the studio: what the sections show, and what buttons
make of the draft."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from crm.models import Role, User
from tests.factories import make_client, make_observation, make_user
from tests.tiering.helpers import a_document, days_ago, label, publish, run_now
from tests.tiering.pages.making import observe, visitor_of
from tests.tiering.pages.methods import by_matrix
from tiering.core.addresses import ABSENT, value_at
from tiering.core.check import check
from tiering.core.reading import read
from tiering.models import CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.drafts import start_draft

pytestmark = pytest.mark.django_db

LATE = {"metric": "days_overdue", "op": ">", "value": 30}
WEAK = {"metric": "leverage", "op": ">=", "value": 0.95}


@pytest.fixture
def author() -> User:
    cache.clear()
    return make_user(Role.CRITERIA_ADMIN)


@pytest.fixture
def draft(author: User) -> CriteriaVersion:
    return start_draft(author=author, based_on=publish())


def draft_of(author: User, **changes: Any) -> CriteriaVersion:
    return load_criteria(document=a_document(**changes), author=author)


def act(version: CriteriaVersion, user: User, name: str, **asked: Any) -> Any:
    """What the studio answers to a button."""
    version.refresh_from_db()
    body = json.dumps({"revision": version.revision, "act": name, **asked})
    address = reverse("tiering:studio", args=[version.pk])
    return visitor_of(user).post(address, body, content_type="application/json")


def stands(version: CriteriaVersion, path: str) -> Any:
    version.refresh_from_db()
    return value_at(version.document, path)


def section(version: CriteriaVersion, user: User, name: str) -> str:
    address = reverse("tiering:studio", args=[version.pk])
    return " ".join(visitor_of(user).get(address, {"section": name}).content.decode().split())


def tell(version: CriteriaVersion, user: User, *conditions: Any) -> Any:
    address = reverse("tiering:studio-conditions", args=[version.pk])
    return visitor_of(user).post(
        address, json.dumps({"conditions": conditions}), content_type="application/json"
    )


def codes_of(version: CriteriaVersion) -> set[str]:
    version.refresh_from_db()
    return {refusal.code for refusal in check(read(version.document))}


# Conditions


def test_condition_is_told_in_words_with_the_clients_it_describes(author, draft):
    for leverage in (0.97, 0.5):
        make_observation(make_client(), "leverage", leverage, observed_on=days_ago(9).date())
    run_now(as_of=days_ago(1))
    told = tell(draft, author, WEAK, {"metric": "old_rank", "op": "==", "value": 0}).json()["told"]
    assert told[0] == {"words": "Leverage is at least 95%", "count": "1 of 2 clients", "none": False}
    assert told[1] == {"words": "Tier in force is tier High", "count": "", "none": False}


def test_condition_is_told_in_the_language_of_the_reader(author, draft):
    author.language = "zh-hans"
    author.save()
    visitor = visitor_of(author)
    visitor.cookies["django_language"] = "zh-hans"
    address = reverse("tiering:studio-conditions", args=[draft.pk])
    body = json.dumps({"conditions": [WEAK]})
    told = visitor.post(
        address, body, content_type="application/json", headers={"accept-language": "zh-hans"}
    )
    assert told.json()["told"][0]["words"] == "资产负债率不低于 95%"


@pytest.mark.parametrize(
    "body", ["{", "[]", '{"conditions": 1}', '{"conditions": [{"metric": 1}]}', "[" * 9000]
)
def test_what_is_no_condition_is_refused(author, draft, body):
    address = reverse("tiering:studio-conditions", args=[draft.pk])
    assert visitor_of(author).post(address, body, content_type="application/json").status_code == 400


def test_builder_offers_metrics_in_scope_with_their_units(author, draft):
    page = visitor_of(author).get(reverse("tiering:studio", args=[draft.pk])).content.decode()
    _, _, rest = page.partition('<script id="cond-vocabulary" type="application/json">')
    offered = json.loads(rest.partition("</script>")[0])
    metrics = {metric["key"]: metric for metric in offered["metrics"]}
    assert (metrics["leverage"]["scale"], metrics["leverage"]["unit"]) == (100, "%")
    assert metrics["exposure"]["scale"] == 1e-6
    assert (metrics["notches"]["about"], metrics["old_rank"]["kind"]) == ("moves", "rank")
    assert "project_revenue_12m" not in metrics
    assert [tier["key"] for tier in offered["tiers"]] == ["High", "Middle", "Low"]


# Gates and overlays


def test_gate_begins_as_a_cap_for_whom_its_rules_describe(author, draft):
    answer = act(draft, author, "add_gate", label={"en": "Weak balance", "zh": ""}, when=WEAK).json()
    assert answer["focus"] == "at-gates/weak_balance/effect"
    assert stands(draft, "gates/weak_balance") == {
        "key": "weak_balance",
        "label": label("Weak balance"),
        "when": WEAK,
        "effect": "cap",
        "tier": "Low",
        "hard": False,
    }
    assert codes_of(draft) == set()
    act(draft, author, "add_gate", label={"en": "Weak balance", "zh": "弱"}, when=LATE)
    assert stands(draft, "gates/weak_balance_2/label") == {"en": "Weak balance", "zh": "弱"}


@pytest.mark.parametrize(
    "asked", [{}, {"label": label("A")}, {"label": {"en": " "}, "when": WEAK}, {"when": WEAK}]
)
def test_gate_without_name_or_rules_is_refused(author, draft, asked):
    assert act(draft, author, "add_gate", **asked).status_code == 400
    assert len(stands(draft, "gates")) == 1


def test_effect_brings_what_it_needs_and_takes_what_it_does_not(author, draft):
    act(draft, author, "effect", path="gates/late", value="notches")
    entry = stands(draft, "gates/late")
    assert (entry["effect"], entry["by"], entry["hard"], "tier" in entry) == ("notches", -1, True, False)
    act(draft, author, "effect", path="gates/late", value="cap")
    assert stands(draft, "gates/late") == a_document()["gates"][0]
    assert act(draft, author, "effect", path="gates/late", value="bonus").status_code == 400


def test_overlay_is_for_everybody_until_it_has_rules(author, draft):
    act(draft, author, "add_overlay", label=label("Downturn"))
    assert stands(draft, "overlays") == [
        {"key": "downturn", "label": label("Downturn"), "effect": "bonus", "points": -5}
    ]
    act(draft, author, "effect", path="overlays/downturn", value="cutoffs")
    assert stands(draft, "overlays/downturn/shift") == 5
    act(draft, author, "add_overlay", label=label("Late"), when=LATE)
    assert stands(draft, "overlays/late_2/when") == LATE
    text = section(draft, author, "overlays")
    assert "cut-offs higher by 5 points" in text
    assert "everybody" in text
    assert codes_of(draft) == set()


def test_rule_is_copied_behind_itself_and_taken_out(author, draft):
    act(draft, author, "add_gate", label=label("Weak"), when=WEAK)
    act(draft, author, "duplicate", path="gates/late")
    assert [gate["key"] for gate in stands(draft, "gates")] == ["late", "late_2", "weak"]
    assert stands(draft, "gates/late_2/label/en") == "Late (copy)"
    act(draft, author, "move", path="gates/weak", by=-1)
    act(draft, author, "remove", path="gates/late")
    assert [gate["key"] for gate in stands(draft, "gates")] == ["weak", "late_2"]


def test_gates_are_shown_with_words_and_effect(author, draft):
    text = section(draft, author, "gates")
    assert "Days overdue is above 90 days" in text
    assert 'no better than <span class="tier tier-step-7" title="Low">Low</span>' in text
    for path in ("when", "tier", "hard", "label/en", "label/zh"):
        assert f'data-path="gates/late/{path}"' in text


# Segments


def test_segment_begins_as_a_copy_of_the_scorecard_of_everybody_else(author, draft):
    observe(make_client(), 700.0, 30)
    run_now(as_of=days_ago(1))
    act(draft, author, "add_segment", label=label("Late payers"), when=LATE)
    cards = stands(draft, "scorecards")
    assert [card["key"] for card in cards] == ["late_payers", "all"]
    assert cards[0]["dimensions"] == cards[1]["dimensions"]
    assert cards[0]["when"] == LATE
    text = section(draft, author, "segments")
    assert text.index("Late payers") < text.index("everyone whom no other scorecard covers")
    assert "1 clients" in text
    act(draft, author, "duplicate", path="scorecards/late_payers")
    assert [card["key"] for card in stands(draft, "scorecards")] == ["late_payers", "late_payers_2", "all"]


# Placement


def test_kind_of_placement_begins_near_to_how_the_book_is_placed(author, draft):
    for score in (720.0, 720.0, 650.0, 500.0):
        observe(make_client(), score, 30)
    run_now(as_of=days_ago(1))
    act(draft, author, "placement", path="cutoffs", value="top")
    steps = stands(draft, "cutoffs/steps")
    assert [(step["tier"], step["share"]) for step in steps] == [
        ("High", 5000),
        ("Middle", 7500),
        ("Low", 10000),
    ]
    act(draft, author, "placement", path="cutoffs", value="cumulative")
    assert [step["share"] for step in stands(draft, "cutoffs/steps")] == [8000, 9500, 10000]
    act(draft, author, "placement", path="cutoffs", value="score")
    assert [step["min"] for step in stands(draft, "cutoffs")] == [61, 21, 0]
    assert codes_of(draft) == set()


@pytest.mark.parametrize("tiers", [2, 3, 5, 6, 9])
def test_every_kind_of_placement_begins_valid_for_a_book_without_scores(author, tiers):
    document = by_matrix()
    document["tiers"] = [{"key": f"T{number}", "label": label(f"T{number}")} for number in range(tiers)]
    document |= {"cutoffs": [{"tier": "T0", "min": 0}], "gates": [], "overlays": [], "policy": {}}
    version = load_criteria(document=document, author=author)
    for kind in ("top", "cumulative", "matrix", "score"):
        assert act(version, author, "placement", path="cutoffs", value=kind).status_code == 200
        # Three bands and three categories do not come to every score.
        assert codes_of(version) <= ({"tier_unreachable"} if kind in ("score", "matrix") else set()), kind


def test_matrix_needs_two_dimensions(author, draft):
    assert act(draft, author, "placement", path="cutoffs", value="matrix").status_code == 400
    assert '<option value="matrix" disabled>' in section(draft, author, "placement")


def test_scorecard_is_placed_in_its_own_way_and_as_the_others_again(author, draft):
    act(draft, author, "add_segment", label=label("Late payers"), when=LATE)
    path = "scorecards/late_payers/cutoffs"
    act(draft, author, "placement", path=path, value="score")
    assert len(stands(draft, path)) == 3
    assert f'data-path="{path}/0/min"' in section(draft, author, "placement")
    act(draft, author, "placement", path=path, value="shared")
    assert stands(draft, path) is ABSENT
    assert act(draft, author, "placement", path="cutoffs", value="shared").status_code == 400


def test_cutoff_is_taken_out_and_put_in_again(author, draft):
    act(draft, author, "remove_step", path="cutoffs", tier="Low")
    assert stands(draft, "cutoffs") == [{"tier": "High", "min": 80}, {"tier": "Middle", "min": 0}]
    act(draft, author, "add_step", path="cutoffs", tier="Low")
    assert stands(draft, "cutoffs") == [
        {"tier": "High", "min": 80},
        {"tier": "Middle", "min": 40},
        {"tier": "Low", "min": 0},
    ]
    act(draft, author, "remove_step", path="cutoffs", tier="High")
    act(draft, author, "add_step", path="cutoffs", tier="High")
    assert stands(draft, "cutoffs/0") == {"tier": "High", "min": 70}
    assert codes_of(draft) == set()


def test_share_is_put_between_its_neighbours(author, draft):
    act(draft, author, "placement", path="cutoffs", value="top")
    act(draft, author, "remove_step", path="cutoffs", tier="Middle")
    act(draft, author, "add_step", path="cutoffs", tier="Middle")
    shares = [step["share"] for step in stands(draft, "cutoffs/steps")]
    assert shares == sorted(set(shares))
    assert codes_of(draft) == set()


def test_levels_and_dimensions_of_a_matrix_keep_it_whole(author):
    version = load_criteria(document=by_matrix(), author=author)
    act(version, author, "add_level", path="cutoffs", axis="credit_axis")
    act(version, author, "add_level", path="cutoffs", axis="demand_axis")
    assert [len(row) for row in stands(version, "cutoffs/cells")] == [3, 3, 3]
    assert [level["min"] for level in stands(version, "cutoffs/axes/credit_axis/levels")] == [50, 25, 0]
    assert codes_of(version) == set()
    act(version, author, "remove_level", path="cutoffs", axis="demand_axis", level="weak")
    assert [len(row) for row in stands(version, "cutoffs/cells")] == [2, 2, 2]
    only = act(version, author, "axis", path="cutoffs", dimension="demand", value="credit_axis")
    assert only.status_code == 400
    assert 'data-path="cutoffs/cells/2/1"' in section(version, author, "placement")


def test_dimension_moves_to_the_other_axis(author):
    document = by_matrix()
    dimensions = document["scorecards"][0]["dimensions"]
    third = {**dimensions[0], "key": "third", "weight": 2000}
    third["indicators"] = [{**third["indicators"][0], "metric": "quick_ratio"}]
    document["scorecards"][0]["dimensions"] = [{**dimensions[0], "weight": 3000}, dimensions[1], third]
    version = load_criteria(document=document, author=author)
    assert "on no axis" in section(version, author, "placement")
    act(version, author, "axis", path="cutoffs", dimension="third", value="credit_axis")
    assert stands(version, "cutoffs/axes/credit_axis/dimensions") == ["credit", "third"]
    act(version, author, "axis", path="cutoffs", dimension="credit", value="demand_axis")
    assert stands(version, "cutoffs/axes/credit_axis/dimensions") == ["third"]
    assert stands(version, "cutoffs/axes/demand_axis/dimensions") == ["demand", "credit"]


def test_scores_in_force_stand_behind_the_cutoffs(author, draft):
    for score in (720.0, 650.0):
        observe(make_client(), score, 30)
    run_now(as_of=days_ago(1))
    text = section(draft, author, "placement")
    assert 'data-scores="{&quot;600&quot;: 1, &quot;1000&quot;: 1}"' in text.replace(
        "{&quot;1000&quot;: 1, &quot;600&quot;: 1}", "{&quot;600&quot;: 1, &quot;1000&quot;: 1}"
    )
    assert 'data-number="0">1</span>' in text
    assert 'id="handle-cutoffs/0/min" data-handle-of="at-cutoffs/0/min" role="slider"' in text


# Tiers


def test_tiers_that_clients_hold_stay(author, draft):
    text = section(draft, author, "tiers")
    assert "clients hold them" in text
    assert "data-renames" not in text
    assert act(draft, author, "remove_tier", path="tiers/Low").status_code == 400
    assert act(draft, author, "rename_tier", path="tiers/Low", value="Worst").status_code == 409


def test_tier_is_renamed_wherever_it_is_named(author):
    version = draft_of(author)
    assert act(version, author, "rename_tier", path="tiers/Low", value="Middle").status_code == 409
    assert act(version, author, "rename_tier", path="tiers/Low", value="Worst").status_code == 200
    assert stands(version, "gates/late/tier") == "Worst"
    assert stands(version, "cutoffs/2/tier") == "Worst"
    assert codes_of(version) == set()
    matrix = load_criteria(document={**by_matrix(), "scheme": "other"}, author=author)
    key = matrix.document["cutoffs"]["cells"][0][0]
    act(matrix, author, "rename_tier", path=f"tiers/{key}", value="Top")
    assert stands(matrix, "cutoffs/cells/0/0") == "Top"


def test_tier_is_added_below_and_removed_with_its_cutoff(author):
    version = draft_of(author)
    act(version, author, "add_tier")
    assert [tier["key"] for tier in stands(version, "tiers")] == ["High", "Middle", "Low", "Low4"]
    assert codes_of(version) == {"tier_unreachable"}
    act(version, author, "remove_tier", path="tiers/Low4")
    act(version, author, "remove_tier", path="tiers/Low")
    assert stands(version, "cutoffs") == [{"tier": "High", "min": 80}, {"tier": "Middle", "min": 0}]
    assert codes_of(version) == {"unknown_tier"}
    assert act(version, author, "remove_tier", path="tiers/High").status_code == 400


# Movement


def test_movement_is_shown_as_fields_and_red_flags_as_rules(author):
    migration = {"up": {"buffer": 2}, "red_flags": LATE}
    version = draft_of(
        author, policy={"migration": migration, "review_when": {"metric": "notches", "op": "<", "value": 0}}
    )
    text = section(version, author, "migration")
    assert 'data-path="policy/migration/up/buffer"' in text
    assert 'data-path="policy/migration/red_flags"' in text
    assert "at once and all the way" in text
    assert "the tier falls" in section(version, author, "review")
    assert "Hold moves back" in section(draft_of(author, policy={}), author, "migration")
