"""Questionnaires to ask in tests."""

from typing import Any

from crm.models import Questionnaire, QuestionnaireVersion, Role, User
from crm.services.questionnaires import publish_version, start_questionnaire, write_document
from tests.factories import make_user

LEVELS = ("low", 0), ("high", 40)


def words(text: str) -> dict[str, str]:
    return {"en": text, "zh": f"{text}（中）"}


def question(key: str, kind: str, **more: Any) -> dict[str, Any]:
    if kind in ("choice", "choices"):
        more.setdefault("options", [{"key": k, "words": words(k), "points": p} for k, p in LEVELS])
    if kind == "yes_no":
        more.setdefault("options", [{"key": k, "words": words(k)} for k in ("yes", "no")])
    return {"key": key, "kind": kind, "words": words(f"What of {key}?"), **more}


def document(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "title": words("About you"),
        "thanks": words("Many thanks"),
        "sections": [{"key": "s1", "title": words("First"), "questions": list(questions)}],
        **more,
    }


SATISFACTION = document(
    question("pleased", "grade", required=True, counts=True, metric="satisfaction"),
    question("plans", "yes_no", required=True),
    question("amount", "number", required=True, lowest=0, shown_if={"question": "plans", "any_of": ["yes"]}),
    question("remarks", "text"),
)


def draft(by: User | None = None, **given: Any) -> QuestionnaireVersion:
    by = by or make_user(Role.CRITERIA_ADMIN)
    version = start_questionnaire(
        by=by, kind=Questionnaire.Kind.SURVEY, title_en="About you", title_zh="关于您"
    )
    return write_document(by=by, version=version, revision=0, document=given.get("document", SATISFACTION))


def published(**given: Any) -> QuestionnaireVersion:
    version = draft(**given)
    return publish_version(by=version.author, version=version, revision=version.revision)
