"""A satisfaction survey that went out to the book over a year, and what was answered; and a questionnaire for visits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from config.demo.cast import Cast
from config.demo.clock import moment, working_day
from config.demo.load import load
from config.demo.streams import pick, stream
from config.demo.subjects import Subject
from crm.core.answering import counted, score
from crm.core.questions import Document
from crm.models import AnswerLink, Observation, Questionnaire, QuestionnaireVersion, Response, Role
from crm.services.answers import SOURCE
from crm.services.questionnaires import publish_version, start_questionnaire, write_document

SHARE, ANSWERED, DAYS_BACK = 0.3, 0.55, 330
"""What part of the book was asked, what part of those answered, and over how many days before the anchor."""
WAITS = 0.2
"""What part of the latest month's answers still waits for the RM."""


def words(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh": chinese}


def option(key: str, english: str, chinese: str, points: int = 0) -> dict[str, Any]:
    return {"key": key, "words": words(english, chinese), "points": points}


SURVEY: dict[str, Any] = {
    "intro": words(
        "Five questions, two minutes. Your relationship manager reads the answers.",
        "五个问题，约两分钟。您的客户经理会阅读您的回答。",
    ),
    "thanks": words("Your relationship manager will come back to you.", "您的客户经理会与您联系。"),
    "confirm": True,
    "sections": [
        {
            "key": "s1",
            "title": words("Working with us", "与我们的合作"),
            "questions": [
                {
                    "key": "q1",
                    "kind": "grade",
                    "words": words(
                        "How content are you with us as a whole?", "总体而言，您对我们的满意程度如何？"
                    ),
                    "help": words("1 not at all, 5 very much", "1 为非常不满意，5 为非常满意"),
                    "required": True,
                    "counts": True,
                    "metric": "satisfaction",
                },
                {
                    "key": "q2",
                    "kind": "grade",
                    "words": words("How quickly do we decide?", "我们的审批速度如何？"),
                    "required": True,
                    "counts": True,
                },
                {
                    "key": "q3",
                    "kind": "text",
                    "words": words("What went wrong?", "问题出在哪里？"),
                    "shown_if": {"question": "q1", "any_of": ["1", "2"]},
                },
            ],
        },
        {
            "key": "s2",
            "title": words("What comes next", "下一步"),
            "questions": [
                {
                    "key": "q4",
                    "kind": "yes_no",
                    "words": words("Do you plan a project within a year?", "一年内是否有新项目计划？"),
                    "options": [option("yes", "Yes", "是"), option("no", "No", "否")],
                },
                {
                    "key": "q5",
                    "kind": "choices",
                    "words": words("What would you need?", "您需要哪些服务？"),
                    "shown_if": {"question": "q4", "any_of": ["yes"]},
                    "options": [
                        option("loan", "A term loan", "中长期贷款"),
                        option("lease", "Leasing", "融资租赁"),
                        option("advice", "Advice on the structure", "融资结构咨询"),
                    ],
                },
            ],
        },
    ],
}
VISIT: dict[str, Any] = {
    "sections": [
        {
            "key": "s1",
            "title": words("On site", "现场"),
            "questions": [
                {
                    "key": "q1",
                    "kind": "choice",
                    "words": words("How busy is the plant?", "工厂开工情况如何？"),
                    "required": True,
                    "counts": True,
                    "options": [
                        option("full", "At capacity", "满负荷", 100),
                        option("partly", "Partly", "部分开工", 50),
                        option("idle", "Idle", "停工", 0),
                    ],
                },
                {
                    "key": "q2",
                    "kind": "number",
                    "words": words("Orders in hand", "在手订单"),
                    "unit": "months",
                    "lowest": 0,
                    "highest": 120,
                },
                {"key": "q3", "kind": "date", "words": words("Next audit of the accounts", "下次审计日期")},
            ],
        }
    ],
}


def ask_the_book(subjects: Sequence[Subject], cast: Cast, anchor: date) -> int:
    """Publish the questionnaires, and let the survey be sent and answered; how many answered."""
    builder = cast.having(Role.CRITERIA_ADMIN)[0]
    versions = [
        _published(builder, Questionnaire.Kind.ASSESSMENT, ("Site visit", "现场走访"), VISIT),
        _published(builder, Questionnaire.Kind.SURVEY, ("How are we doing?", "您对我们满意吗？"), SURVEY),
    ]
    sent = [
        Sent.of(subject, anchor) for subject in subjects if stream("asked", subject.index).random() < SHARE
    ]
    links = [one.link(versions[1], anchor) for one in sent]
    load(links)
    document = versions[1].read()
    responses = [one.response(link, document) for one, link in zip(sent, links, strict=True) if one.answers]
    Response.objects.bulk_create(responses)
    load([_observed(response) for response in responses if response.fed])
    return len(responses)


def _observed(response: Response) -> Observation:
    return Observation(
        client=response.client,
        metric="satisfaction",
        value=response.fed["satisfaction"],
        observed_on=response.answered_on,
        received_on=response.answered_on,
        source=SOURCE,
        recorded_by=response.decided_by,
        created_at=response.created_at,
    )


def _published(by: Any, kind: str, title: tuple[str, str], document: dict[str, Any]) -> QuestionnaireVersion:
    english, chinese = title
    draft = start_questionnaire(by=by, kind=kind, title_en=english, title_zh=chinese)
    whole = {**document, "title": words(english, chinese)}
    draft = write_document(by=by, version=draft, revision=0, document=whole)
    return publish_version(by=by, version=draft, revision=draft.revision)


@dataclass(frozen=True, slots=True)
class Sent:
    """That a client was asked on a day, and what it answered; nothing where it did not."""

    subject: Subject
    on: date
    answered_at: datetime
    answers: dict[str, Any]
    waits: bool

    @classmethod
    def of(cls, subject: Subject, anchor: date) -> "Sent":
        source = stream("survey", subject.index)
        on = working_day(anchor - timedelta(days=source.randint(5, DAYS_BACK)))
        answered_at = min(moment(on + timedelta(days=source.randint(0, 4)), 15), moment(anchor, 8))
        answers = dict(_answers(subject, source)) if source.random() < ANSWERED else {}
        waits = bool(answers) and (anchor - on).days < 30 and source.random() < WAITS
        return cls(subject, on, answered_at, answers, waits)

    def link(self, version: QuestionnaireVersion, anchor: date) -> AnswerLink:
        return AnswerLink(
            client=self.subject.client,
            version=version,
            language="zh-hans" if self.subject.writes_chinese else "en",
            expires_at=moment(self.on + timedelta(days=21), 18),
            created_by=self.subject.rm,
            created_at=moment(self.on, 10),
            answered_at=self.answered_at if self.answers else None,
        )

    def response(self, link: AnswerLink, document: Document) -> Response:
        answers = counted(document, self.answers)
        status = Response.Status.WAITING if self.waits else Response.Status.COUNTED
        return Response(
            client=link.client,
            version=link.version,
            link=link,
            answers=answers,
            score=score(document, answers),
            fed={} if self.waits else {"satisfaction": answers["q1"]},
            answered_on=self.answered_at.date(),
            status=status,
            created_at=self.answered_at,
            decided_by=None if self.waits else self.subject.rm,
            decided_at=None if self.waits else self.answered_at + timedelta(days=1),
        )


def _answers(subject: Subject, source: Random) -> Iterator[tuple[str, Any]]:
    grade = pick(source, {5: 25, 4: 40, 3: 22, 2: 9, 1: 4})
    yield "q1", grade
    yield "q2", max(1, grade - source.randint(0, 2))
    if grade <= 2:
        yield "q3", "审批时间太长。" if subject.writes_chinese else "The decision took too long."
    if source.random() < 0.4:
        yield from (("q4", "yes"), ("q5", [source.choice(("loan", "lease", "advice"))]))
    else:
        yield "q4", "no"
