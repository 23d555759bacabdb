"""What all open cases do not meet, found in one statement, against what the page says of each of them."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.models import Notice, Role, User
from crm.notices import kinds
from funnel.models import Approval, Case, CaseParty, CheckItem, GateLapse, StageGate, StageMove, TermSheet
from funnel.pages.lapsed_gates import why_lapsed
from funnel.selectors.gates import requirements
from funnel.services.cases import edit_case, open_case
from funnel.services.lapses import note_lapses
from funnel.services.moves import move_case
from funnel.services.pipelines import ensure_seed_pipeline
from funnel.services.recuts import Part, split_case
from funnel.services.work import add_document
from tests.factories import make_client, make_user
from tests.funnel.imports.making import a_past
from tests.funnel.making import make_case, make_gated_pipeline, put_in_tier, stage_of
from tests.tiering.follows.documents import a_tier_policy
from tests.tiering.follows.making import known, lends, policies, score
from tests.tiering.helpers import days_ago, run_now
from tiering.models import Tier

pytestmark = pytest.mark.django_db
ASSESSED, DILIGENCE = "preliminary_assessment", "due_diligence"
SEATS = ["team_lead", "risk_officer", "risk_officer"]
WORK: list[tuple[str, dict[str, object]]] = [
    ("fields", {"fields": ["purpose", "expected_close", "project"]}),
    ("fields", {"fields": ["next_step"]}),
    ("documents", {"documents": ["statements", "contract"]}),
    ("checklist", {"checks": "diligence"}),
    ("checklist", {"checks": "precedent"}),
    ("approvals", {"mode": "parallel", "needed": 2, "roles": SEATS}),
    ("approvals", {"mode": "sequential", "roles": SEATS[:2]}),
    ("term_sheet", {}),
    ("score", {"minimum": 55.5}),
    ("condition", {"when": {"metric": "leverage", "op": "<=", "value": 0.5}}),
]


def ask_all() -> None:
    """Every kind of gate, at one stage or another of the pipeline."""
    pipeline = make_gated_pipeline()
    for place, (kind, params) in enumerate(WORK):
        stage = stage_of(pipeline, DILIGENCE if place % 2 else ASSESSED)
        StageGate.objects.create(stage=stage, kind=kind, params=params)
    least = Tier.objects.get(scheme__is_primary=True, key="B")
    for parts in ({"parts": ["guarantor"]}, {"parts": ["sponsor", "offtaker"], "if_any": True}):
        StageGate.objects.create(stage=stage_of(pipeline, ASSESSED), minimum_tier=least, params=parts)


def pass_to(case: Case, stage: str) -> None:
    """Go there by a step that nothing was asked for."""
    origin, case.stage = case.stage, stage_of(case.stage.pipeline, stage)
    StageMove.objects.create(case=case, from_stage=origin, to_stage=case.stage, moved_by=case.opened_by)
    case.save()


def some_case(luck: Random, rm: User, officers: list[User]) -> Case:
    """A case somewhere on its way, with some of what its gates ask for."""
    case = make_case(
        rm,
        purpose=luck.choice(["", "A furnace"]),
        expected_close=luck.choice([None, timezone.localdate()]),
    )
    case.next_step = luck.choice(["", "Visit"])
    pass_to(case, luck.choice([ASSESSED, DILIGENCE]))
    if luck.random() < 0.8:
        points = luck.choice([4_000_000_000, 5_550_000_000, 8_000_000_000])
        put_in_tier(case.client, luck.choice(["AA", "A", "B"]), provisional=luck.random() < 0.3, score=points)
    for kind in luck.sample(["statements", "contract"], luck.randint(0, 2)):
        add_document(case=case, kind=kind, by=rm, file=SimpleUploadedFile("p.txt", b"seen and found sound"))
    for kind in luck.sample(list(CheckItem.Kind), luck.randint(0, 2)):
        done = luck.random() < 0.6
        who = {"finished_by": rm, "finished_at": timezone.now(), "finding": "Sound"} if done else {}
        CheckItem.objects.create(
            case=case, kind=kind, name_en="A point", state="done" if done else "open", **who
        )
    for officer in luck.sample(officers, luck.randint(0, 4)):
        for stage in (ASSESSED, DILIGENCE):
            agrees, amount = luck.random() < 0.8, case.amount + (luck.random() < 0.1)
            Approval.objects.create(
                case=case, stage=stage_of(case.stage.pipeline, stage), by=officer, role=officer.role,
                is_approved=agrees, comment="" if agrees else "Too large", amount=amount,
            )  # fmt: skip
    if luck.random() < 0.6:
        TermSheet.objects.create(
            case=case, number=1, status="issued", amount=case.amount + (luck.random() < 0.2), base_rate=4,
            tenor_months=12, valid_until=timezone.localdate() + timedelta(days=luck.choice([-1, 0, 5])),
            author=rm, authors=[rm.pk],
        )  # fmt: skip
    for part in luck.sample(CaseParty.Part.values, luck.randint(0, 3)):
        party = make_client(rm=rm)
        CaseParty.objects.create(case=case, client=party, part=part)
        if luck.random() < 0.7:
            put_in_tier(party, luck.choice(["AA", "A", "B"]))
    return case


@pytest.mark.parametrize("seed", range(4))
def test_the_statement_finds_what_the_page_says(seed):
    luck = Random(seed)
    ask_all()
    rm = make_user()
    officers = [make_user(Role.RISK_OFFICER) for _three in range(3)] + [
        make_user(Role.TEAM_LEAD, team=rm.team)
    ]
    cases = [some_case(luck, rm, officers) for _many in range(15)]
    note_lapses()
    for case in cases:
        passed = case.stage.pipeline.stages.filter(position__lte=case.stage.position)
        said = {one.gate.pk for one in requirements(case, passed, rm) if one.bars}
        assert set(GateLapse.objects.filter(case=case).values_list("gate", flat=True)) == said


def in_assessment(**params: object) -> Case:
    """A case that entered a stage with a gate which it then met."""
    case = make_case(tier="A")
    kind = str(params.pop("kind"))
    StageGate.objects.create(stage=stage_of(case.stage.pipeline, ASSESSED), kind=kind, params=params)
    pass_to(case, ASSESSED)
    return case


def told() -> str:
    """The latest notice, in words."""
    notice = Notice.objects.filter(kind="case-gate-lapsed").latest("pk")
    return str(kinds[notice.kind].text(notice.params))


def test_a_new_tier_asks_for_the_papers_that_its_policy_names_and_says_which(client):
    high, middle, low = a_tier_policy()["tiers"]
    papers = {**middle, "documents": ["contract"]}, {**low, "documents": ["contract", "collateral"]}
    policies(tiers=[high, *papers])
    led = make_client(rm=make_user())
    known(led)
    lends(led, limit=2_000_000)
    score(led, 620, 30)
    run_now(as_of=days_ago(20))
    pipeline = ensure_seed_pipeline()
    pipeline.stages.get(key=ASSESSED).gates.all().delete()
    StageGate.objects.create(
        stage=stage_of(pipeline, ASSESSED), kind="documents", params={"documents": [], "of_tier": True}
    )
    case = open_case(client=led, product="supply_chain", amount=Decimal(1_000_000), opened_by=led.rm)
    add_document(case=case, kind="contract", by=led.rm, file=SimpleUploadedFile("c.txt", b"signed by both"))
    move_case(case=case, to_stage=stage_of(pipeline, ASSESSED), version=1, moved_by=led.rm)
    assert note_lapses() == 0
    score(led, 500, 15)
    run_now(as_of=days_ago(10))
    assert (note_lapses(), note_lapses()) == (1, 0)
    assert (
        told()
        == f"{led.name}, {case.code}: no longer met: “Preliminary assessment”: documents missing: Collateral papers"
    )
    notice = Notice.objects.get(kind="case-gate-lapsed")
    assert notice.recipient == led.rm
    address = kinds[notice.kind].url(notice.params)
    assert address == f"/funnel/cases/{case.pk}/#lapsed"
    client.force_login(led.rm)
    page = client.get(address).content.decode()
    assert 'id="lapsed"' in page
    assert "documents that are missing: Collateral papers." in page
    add_document(case=case, kind="collateral", by=led.rm, file=SimpleUploadedFile("d.txt", b"entered"))
    assert (note_lapses(), GateLapse.objects.count()) == (0, 0)


def test_another_amount_is_another_question_to_who_approved():
    case = in_assessment(kind="approvals", mode="parallel", needed=1, roles=["risk_officer"])
    officer = make_user(Role.RISK_OFFICER)
    Approval.objects.create(
        case=case, stage=case.stage, by=officer, role=officer.role, is_approved=True, amount=case.amount
    )
    assert note_lapses() == 0
    edit_case(case=case, revision=1, by=case.client.rm, details={"amount": case.amount + 1})
    assert note_lapses() == 1
    assert told().endswith("“Preliminary assessment”: approvals: 0 of 1")


def test_papers_of_a_case_are_those_of_its_parts_too():
    case = in_assessment(kind="documents", documents=["statements"])
    rm = case.client.rm
    add_document(case=case, kind="statements", by=rm, file=SimpleUploadedFile("s.txt", b"audited by them"))
    parts = [Part(case.amount / 2), Part(case.amount / 2)]
    split_case(case=case, version=1, revision=1, parts=parts, reason="Two", by=rm)
    assert note_lapses() == 0


def test_an_imported_past_is_asked_for_no_papers_and_for_its_tier():
    a_past()
    case = Case.objects.get(code="D3")
    least = Tier.objects.filter(scheme__is_primary=True).first() or put_in_tier(make_client(), "A").tier
    StageGate.objects.create(stage=case.stage, kind="documents", params={"documents": ["statements"]})
    StageGate.objects.create(stage=case.stage, minimum_tier=least)
    assert note_lapses() == 1
    assert GateLapse.objects.get().gate.kind == "tier"


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        (
            {"kind": "tier", "minimum": "A", "tier": "B", "is_provisional": False},
            "tier A or better is asked for, it is B",
        ),
        ({"kind": "tier", "minimum": "A", "tier": None, "is_provisional": False}, "there is none"),
        ({"kind": "tier", "minimum": "A", "tier": "A", "is_provisional": True}, "tier A is provisional"),
        ({"kind": "tier", "minimum": "A", "parts": ["guarantor"]}, "not held by each: Guarantor"),
        ({"kind": "score", "minimum": 60, "score": 55.25}, "a score of 60 or more is asked for, it is 55.2"),
        ({"kind": "score", "minimum": 60, "score": None}, "there is none"),
        ({"kind": "fields", "fields": ["purpose"]}, "not filled in: purpose"),
        ({"kind": "checklist", "checks": "diligence", "open": 1}, "checklist not finished: Due diligence"),
        ({"kind": "condition", "name": "Nothing overdue", "name_zh": ""}, "Nothing overdue"),
        ({"kind": "condition", "name": "", "name_zh": ""}, "the condition over facts does not hold"),
        ({"kind": "term_sheet", "sheet": "amount"}, "the term sheet is for another amount"),
    ],
)
def test_a_notice_says_of_each_gate_why_it_does_not_hold(gate, words):
    assert words in why_lapsed([{"stage": "Due diligence", "stage_zh": "", **gate}])
