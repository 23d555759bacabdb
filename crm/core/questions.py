"""A questionnaire as one document: sections of questions in both languages. Pure Python.

`SCHEMA` is the shape of the document as JSON, `read` makes values of it, `unfinished` says what it lacks to be asked.
Points are whole numbers; a question that carries points has a most that it can come to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import jsonschema

Kind = Literal["choice", "choices", "number", "grade", "text", "yes_no", "date"]
KINDS: Final = ("choice", "choices", "number", "grade", "text", "yes_no", "date")
WITH_OPTIONS: Final = ("choice", "choices", "yes_no")
DECIDING: Final = ("choice", "choices", "yes_no", "grade")
"""Kinds on whose answer it may depend whether a later question is asked."""
FEEDING: Final = ("choice", "choices", "number", "grade", "yes_no")
"""Kinds whose answer may feed a metric."""
GRADES: Final = (1, 2, 3, 4, 5)
MOST_QUESTIONS: Final = 100
KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}


def _words(longest: int) -> dict[str, Any]:
    one = {"type": "string", "maxLength": longest}
    return _object({"en": one, "zh": one}, required=["en", "zh"])


def _object(properties: dict[str, Any], required: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


OPTION = _object(
    {"key": KEY, "words": _words(200), "points": {"type": "integer", "minimum": -1000, "maximum": 1000}},
    ["key", "words"],
)
QUESTION = _object(
    {
        "key": KEY,
        "kind": {"enum": list(KINDS)},
        "words": _words(500),
        "help": _words(500),
        "required": {"type": "boolean"},
        "options": {"type": "array", "items": OPTION, "maxItems": 30},
        "unit": {"type": "string", "maxLength": 30},
        "lowest": {"type": ["number", "null"]},
        "highest": {"type": ["number", "null"]},
        "counts": {"type": "boolean"},
        "metric": {"type": "string", "maxLength": 60},
        "shown_if": _object(
            {"question": KEY, "any_of": {"type": "array", "items": {"type": "string"}, "minItems": 1}},
            ["question", "any_of"],
        ),
    },
    ["key", "kind", "words"],
)
SCHEMA: Final[dict[str, Any]] = _object(
    {
        "title": _words(120),
        "intro": _words(2000),
        "thanks": _words(1000),
        "score_metric": {"type": "string", "maxLength": 60},
        "confirm": {"type": "boolean"},
        "sections": {
            "type": "array",
            "maxItems": 20,
            "items": _object(
                {
                    "key": KEY,
                    "title": _words(120),
                    "questions": {"type": "array", "items": QUESTION, "maxItems": MOST_QUESTIONS},
                },
                ["key", "title", "questions"],
            ),
        },
    },
    ["title", "sections"],
)
_validator = jsonschema.Draft202012Validator(SCHEMA)


class Malformed(ValueError):
    """The document has not the shape of a questionnaire; `place` is where, e.g. `sections.0.title`."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True)
class Words:
    en: str = ""
    zh: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.en.strip() and self.zh.strip())

    def read(self, chinese: bool) -> str:
        """In the reader's language, where it has one."""
        return (self.zh or self.en) if chinese else (self.en or self.zh)


@dataclass(frozen=True)
class Option:
    key: str
    words: Words
    points: int = 0


@dataclass(frozen=True)
class Condition:
    """The question is asked only where an earlier one was answered by one of some values."""

    question: str
    any_of: frozenset[str]

    @property
    def listed(self) -> str:
        return ", ".join(sorted(self.any_of))


@dataclass(frozen=True)
class Question:
    """`counts`: its points count towards the score. `metric` is what its answer feeds, if any."""

    key: str
    kind: Kind
    words: Words
    help: Words = Words()
    required: bool = False
    options: tuple[Option, ...] = ()
    unit: str = ""
    lowest: float | None = None
    highest: float | None = None
    counts: bool = False
    metric: str = ""
    shown_if: Condition | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """What an answer may be, where it is a choice, and a later question may depend on."""
        return (
            tuple(str(grade) for grade in GRADES)
            if self.kind == "grade"
            else tuple(option.key for option in self.options)
        )

    @property
    def most(self) -> int:
        """The most points that an answer can come to."""
        points = [option.points for option in self.options]
        if self.kind == "grade":
            return 100
        return max(
            0, sum(one for one in points if one > 0) if self.kind == "choices" else max(points, default=0)
        )


@dataclass(frozen=True)
class Section:
    key: str
    title: Words
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Document:
    """`score_metric` is what the score feeds. `confirm`: what clients answer themselves waits for their RM's word."""

    title: Words
    sections: tuple[Section, ...]
    intro: Words = Words()
    thanks: Words = Words()
    score_metric: str = ""
    confirm: bool = False
    by_key: Mapping[str, Question] = field(default_factory=dict, compare=False)

    @property
    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions


def read(document: object) -> Document:
    """The document as values. Raises Malformed."""
    fault = next(iter(_validator.iter_errors(document)), None)
    if fault is not None:
        raise Malformed(".".join(str(part) for part in fault.absolute_path))
    assert isinstance(document, dict), "the schema says so"
    sections = tuple(
        Section(one["key"], Words(**one["title"]), tuple(_question(each) for each in one["questions"]))
        for one in document["sections"]
    )
    return Document(
        title=Words(**document["title"]),
        sections=sections,
        intro=Words(**document.get("intro", {})),
        thanks=Words(**document.get("thanks", {})),
        score_metric=document.get("score_metric", ""),
        confirm=document.get("confirm", False),
        by_key={each.key: each for section in sections for each in section.questions},
    )


def _question(given: Mapping[str, Any]) -> Question:
    condition = given.get("shown_if")
    plain = {
        name: given[name]
        for name in ("required", "unit", "lowest", "highest", "counts", "metric")
        if name in given
    }
    return Question(
        key=given["key"],
        kind=given["kind"],
        words=Words(**given["words"]),
        help=Words(**given.get("help", {})),
        options=tuple(
            Option(one["key"], Words(**one["words"]), one.get("points", 0))
            for one in given.get("options", ())
        ),
        shown_if=Condition(condition["question"], frozenset(condition["any_of"])) if condition else None,
        **plain,
    )


Lack = Literal[
    "no_title", "no_questions", "too_many", "no_words", "same_key", "no_options", "no_option_words",
    "condition", "bounds", "metric_kind", "no_points",
]  # fmt: skip


def unfinished(document: Document) -> Iterator[tuple[str, Lack]]:
    """What keeps the document from being asked: the key of a question (empty: the whole), and what is wrong with it."""
    if not document.title.complete:
        yield "", "no_title"
    questions = list(document.questions)
    if not questions:
        yield "", "no_questions"
    if len(questions) > MOST_QUESTIONS:
        yield "", "too_many"
    if document.score_metric and not any(question.counts and question.most for question in questions):
        yield "", "no_points"
    earlier: dict[str, Question] = {}
    for question in questions:
        yield from ((question.key, lack) for lack in _lacks(question, earlier))
        earlier[question.key] = question


def _lacks(question: Question, earlier: Mapping[str, Question]) -> Iterator[Lack]:
    if question.key in earlier:
        yield "same_key"
    if not question.words.complete:
        yield "no_words"
    if question.kind in WITH_OPTIONS:
        if len(question.options) < 2 or len({one.key for one in question.options}) < len(question.options):
            yield "no_options"
        if not all(option.words.complete for option in question.options):
            yield "no_option_words"
    if question.lowest is not None and question.highest is not None and question.lowest > question.highest:
        yield "bounds"
    if question.metric and question.kind not in FEEDING:
        yield "metric_kind"
    condition = question.shown_if
    if condition and not (
        (asked := earlier.get(condition.question))
        and asked.kind in DECIDING
        and condition.any_of <= set(asked.values)
    ):
        yield "condition"
