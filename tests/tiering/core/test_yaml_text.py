"""YAML is read as it is written, or refused by line; what is written reads the same again."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tiering.core.generators import Json
from tests.tiering.core.sensible import by_matrix, by_rank, by_score, of_projects, sensible_documents
from tiering.core.document import content_hash
from tiering.core.refusals import CriteriaError
from tiering.core.yaml_text import LARGEST, yaml_of, yaml_text_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
    | st.sampled_from(["no", "Yes", "017", "1_000", "1:30", "1e3", ".5", "+5", "5.", "~", "null", "2026-01-31", "0x1F",
                       "<<", "=", "-", "- a", "a: b", "#", "a #b", ".inf", "0o17", "1e+400", "\ufeff", "\u2028", "'"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_whatever_is_written_is_read_the_same(value):
    assert content_hash(yaml_of(yaml_text_of(value))) == content_hash(value)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sensible_documents())
def test_document_keeps_its_hash_through_yaml(document):
    assert content_hash(yaml_of(yaml_text_of(document))) == content_hash(document)


@pytest.mark.parametrize("document", [by_score(), by_matrix(), by_rank(), of_projects()])
def test_document_reads_well(document: Json):
    text = yaml_text_of(document)
    assert text.startswith("format: 1\nscheme: letters\n")
    assert content_hash(yaml_of(text)) == content_hash(document)
    assert "  - {lo: null, hi: 1, points: 0}\n" in text
    assert not any(mark in text for mark in ("&", "*", "!!"))


def test_values_are_those_of_json():
    text = """
    a: 1
    b: -2.5e3
    c: .5
    d: ~
    e:
    f: true
    g: "017"
    h: 2026-01-31
    i: 'no'
    j: |
      two
      lines
    k: [x, {y: null}]
    no: AAA+
    """
    assert yaml_of(text) == {
        "a": 1, "b": -2500, "c": 0.5, "d": None, "e": None, "f": True, "g": "017", "h": "2026-01-31", "i": "no",
        "j": "two\nlines\n", "k": ["x", {"y": None}], "no": "AAA+",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("a: 1\nb: no", "yaml_doubtful", "2:4"),
        ("a: Off", "yaml_doubtful", "1:4"),
        ("a: 017", "yaml_doubtful", "1:4"),
        ("a: 1_000", "yaml_doubtful", "1:4"),
        ("a: 1:30", "yaml_doubtful", "1:4"),
        ("a: 0x1F", "yaml_doubtful", "1:4"),
        ("a: .inf", "yaml_doubtful", "1:4"),
        ("a: 1\nb: 2\na: 3", "member_twice", "3:1"),
        ("a: &x 1\nb: *x", "yaml_anchor", "1:4"),
        ("b: *x", "yaml_anchor", "1:4"),
        ("a: !!python/object:os.system x", "yaml_tag", "1:4"),
        ("a: !!str 1", "yaml_tag", "1:4"),
        ("a: 1\n---\nb: 2", "yaml_documents", "2:1"),
        ("? [a]\n: 1", "yaml_key", "1:3"),
        ("a:\n\t- 1", "not_yaml", "2:1"),
        ("a: [1", "not_yaml", "2:1"),
        ("[" * 5_000, "nested_too_deep", "1:65"),
        ("a: \x07", "not_yaml", "1:1"),
        ("#" * (LARGEST + 1), "text_too_long", "1:1"),
    ],
)
def test_what_could_be_misread_is_refused_by_line(text, code, place):
    with pytest.raises(CriteriaError) as refused:
        yaml_of(text)
    (refusal,) = refused.value.refusals
    assert (refusal.code, refusal.path) == (code, place)
    assert "%(" not in refusal.text() + refusal.remedy()


def test_number_of_too_many_digits_is_no_number():
    assert yaml_of("9" * 5_000) == float("inf")


def test_empty_text_says_nothing():
    assert yaml_of("# only a remark\n") is None
