import pytest

from tests.tiering.helpers import a_document, label
from tiering.core.evaluate import evaluate
from tiering.core.reading import read
from tiering.selectors.evidence import main_reason


def two_dimensions():
    """Credit counts 60 and people 40 of 100; more than 90 days overdue caps at Low."""
    document = a_document()
    (card,) = document["scorecards"]
    (credit,) = card["dimensions"]
    bands = [{"lo": None, "hi": 3, "points": 0}, {"lo": 3, "hi": None, "points": 100}]
    skill = {"metric": "management_quality", "weight": 10000, "missing": {"policy": "worst"}, "bands": bands}
    people = {"key": "people", "label": label("People"), "weight": 4000, "indicators": [skill]}
    card["dimensions"] = [{**credit, "weight": 6000}, people]
    return read(document)


def reason(now: dict, before: dict | None):
    document = two_dimensions()
    found = main_reason(document, evaluate(document, now), evaluate(document, before) if before else None)
    return (found.name["en"], found.points) if found else None


GOOD = {"credit_score": 720.0, "management_quality": 5.0, "days_overdue": 0.0}
POOR = {"credit_score": 500.0, "management_quality": 1.0, "days_overdue": 0.0}


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (GOOD, {**GOOD, "credit_score": 650.0}, ("Credit", -24.0)),
        (POOR, {**POOR, "management_quality": 4.0}, ("People", 40.0)),
        # Credit falls by 48 while people rise by 40: the score falls, so the fall is the reason.
        ({**GOOD, "management_quality": 1.0}, {**GOOD, "credit_score": 500.0}, ("Credit", -48.0)),
        # Credit falls by 24 while people rise by 40: the score rises.
        ({**GOOD, "management_quality": 1.0}, {**GOOD, "credit_score": 650.0}, ("People", 40.0)),
        (GOOD, {**GOOD, "days_overdue": 120.0}, ("Late", None)),
        (GOOD, GOOD, None),
        (None, GOOD, None),
    ],
)
def test_main_reason_is_a_new_gate_or_what_took_the_score_where_it_went(before, now, expected):
    assert reason(now, before) == expected


def test_gate_that_held_before_is_no_reason_again():
    before = {**GOOD, "days_overdue": 120.0}
    assert reason({**before, "credit_score": 650.0}, before) == ("Credit", -24.0)
