"""JSON text is read as it is written, or refused."""

import json

import pytest

from tests.tiering.core.sensible import by_score
from tiering.core.json_text import json_of
from tiering.core.refusals import CriteriaError


def test_text_is_read_as_it_is_written():
    assert json_of(json.dumps(by_score())) == by_score()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"a": [{"min": 1, "tier": "A", "min": 2}]}', "member_twice"),
        ("[" * 100_000 + "]" * 100_000, "nested_too_deep"),
        ('{"not": ' * 5_000 + "1" + "}" * 5_000, "nested_too_deep"),
        ("9" * 5_000, "number_unusable"),
    ],
)
def test_text_that_would_lose_something_is_refused(text, code):
    with pytest.raises(CriteriaError) as caught:
        json_of(text)
    assert [refusal.code for refusal in caught.value.refusals] == [code]
    assert "%(" not in caught.value.refusals[0].text()


def test_text_that_is_not_json_says_where():
    with pytest.raises(json.JSONDecodeError, match="line 2"):
        json_of('{\n"a" 1}')
