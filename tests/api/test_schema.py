"""The OpenAPI document is valid, complete, and true: every answer to whatever fits or breaks it stands in it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.renderers import JSONRenderer
from rest_framework.throttling import UserRateThrottle

from config.api_docs import document
from config.api_urls import urlpatterns
from crm.models import (
    BulkEdit,
    Client,
    CustomMetric,
    Export,
    Facility,
    ProfileField,
    Role,
    SavedView,
    User,
)
from crm.sealing import seal
from funnel.services.cases import open_case
from funnel.services.pipelines import ensure_seed_pipeline
from funnel.services.versions import start_version
from tests.access.alerts import a_covenant, a_draft, an_alert, an_entry
from tests.access.cases import ids_of_case
from tests.access.clients import (
    attach_to,
    be_alike,
    be_away,
    be_merged,
    declare,
    fall_due,
    give_task,
    keep_paper,
    lend,
    make_import,
    secure,
)
from tests.access.criteria import ask_about, ask_for_override, make_calibration, make_segmentation, make_test
from tests.access.outreach import ids_of_outreach
from tests.access.prospects import ids_of_prospects
from tests.access.sources import ids_of_sources
from tests.api.asking import Asker, make_house
from tests.factories import make_industry, make_observation, make_project, make_user
from tests.tiering.helpers import days_ago, publish, run_now
from tests.tiering.validation.making import a_validation
from tiering.models import Challenger, OverlayActivation, PeriodicReview, Proposal, TieringRun

UNDESCRIBED = {"schema", "docs"}
ALWAYS = {"401", "403", "406", "429", "503"}
NASTY = st.sampled_from(
    [
        None,
        True,
        "",
        "\x00",
        "abc",
        "\u202e",
        "😀" * 50,
        -1,
        0,
        1.5,
        10**18,
        10**19,
        1e308,
        [],
        {},
        [[]],
        {"a": 1},
    ]
) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def operations(schema: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in sorted(schema["paths"].items())
        for method, operation in sorted(methods.items())
    ]


with override("zh-hans"):  # whoever asks first
    SCHEMA = document()
OPERATIONS = operations(SCHEMA)
POSTS = [operation for operation in OPERATIONS if operation[0] == "POST"]


def test_every_address_is_described():
    described = {
        path.removeprefix("/api/v1/").replace("{id}", "<int:pk>").replace("{key}", "<slug:key>")
        for path in SCHEMA["paths"]
    }
    assert described == {str(entry.pattern) for entry in urlpatterns if entry.name not in UNDESCRIBED}


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda part: str(part)[:40])
def test_operation_is_told_and_names_its_errors(method, path, operation):
    named = set(operation["responses"])
    assert operation["description"]
    assert named >= ALWAYS
    assert ("404" in named) == ("{" in path)
    if method != "GET":
        assert named >= {"400", "413", "415"}
    for status in named:
        if status >= "400":
            content = operation["responses"][status]["content"]["application/json"]
            assert content["schema"]["$ref"].endswith("/Problem")


def test_document_is_in_english_for_every_reader(db):
    asker = Asker(make_house().rm)
    asker.headers["Accept-Language"] = "zh-hans"
    for query in ("format=json", "format=json&lang=zh-hans", "format=json&lang=%00"):
        answer = asker.browser.get(f"/api/v1/schema/?{query}", headers=asker.headers)
        assert answer.json() == json.loads(JSONRenderer().render(SCHEMA))
        assert not re.search("[\u4e00-\u9fff]", answer.content.decode())


def values(schema: dict[str, Any]) -> st.SearchStrategy:
    """Values that fit a schema, most of the time."""
    return st.one_of(fitting(schema), fitting(schema), fitting(schema), NASTY)


def fitting(schema: dict[str, Any]) -> st.SearchStrategy:
    if "$ref" in schema:
        return fitting(SCHEMA["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    for several in ("oneOf", "allOf", "anyOf"):
        if several in schema:
            return st.one_of([fitting(part) for part in schema[several]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema.get("type"), schema.get("format"):
        case "object", _:
            properties = {name: values(part) for name, part in schema.get("properties", {}).items()}
            required = {name: properties.pop(name) for name in schema.get("required", ())}
            return st.fixed_dictionaries(required, optional=properties)
        case "array", _:
            return st.lists(values(schema["items"]), max_size=3)
        case "string", "date":
            return st.dates().map(str)
        case "string", "date-time":
            return st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
        case "string", _:
            return st.sampled_from(
                ["steel", "small", "High", "pd", "declined", "preliminary_assessment", "华信", "x"]
            )
        case "integer" | "number", _:
            return st.integers(1, 3) | st.sampled_from([0.5, 2**31, 2**63])
        case "boolean", _:
            return st.booleans()
    return NASTY


@st.composite
def requests(draw) -> tuple[str, str, dict, dict[str, Any], Any]:
    """An operation, with a query and a body for it."""
    method, path, operation = draw(st.sampled_from(OPERATIONS) | st.sampled_from(POSTS))
    asked = [part for part in operation.get("parameters", ()) if part["in"] == "query"]
    query = draw(st.fixed_dictionaries({}, optional={part["name"]: values(part["schema"]) for part in asked}))
    body = operation.get("requestBody")
    schema = next(iter(body["content"].values()))["schema"] if body else {"type": "object"}
    return method, path, operation, query, draw(values(schema))


def a_challenger(run: TieringRun, by: User) -> int:
    scheme = run.version.criteria.scheme
    made = Challenger.objects.create(scheme=scheme, version=run.version, reason="x", started_by=by)
    return made.pk


def a_periodic_review(run, client) -> PeriodicReview:
    return PeriodicReview.objects.create(
        client=client,
        scheme=run.version.criteria.scheme,
        due_on=days_ago(1).date(),
        last_on=days_ago(90).date(),
    )


@pytest.fixture
def world(db, monkeypatch):
    """A client with a tier, a proposal, a case and an observation, and who may see or decide on them."""
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": None})
    house = make_house()
    make_industry(code="steel")
    ensure_seed_pipeline()
    product = Facility.Product.TERM_LOAN
    case = open_case(client=house.own, product=product, amount=Decimal(5), opened_by=house.rm)
    publish()
    make_observation(house.own, "credit_score", 720, observed_on=days_ago(90).date())
    run_now(as_of=days_ago(60))
    make_observation(house.own, "credit_score", 500, observed_on=days_ago(2).date())
    run = run_now()
    asked = OverlayActivation.objects.create(
        scheme=run.version.criteria.scheme,
        overlay="x",
        reason="x",
        starts=days_ago(1),
        requested_by=house.officer,
    )
    ids = {
        "absences": be_away(house.rm),
        "addresses": house.own.addresses.create(text="1 Main Street").pk,
        "alerts": an_alert(house.own, a_draft()).pk,
        "attachments": attach_to(house.own),
        "calibrations": make_calibration(run).pk,
        **ids_of_case(case),
        "pipeline-versions": start_version(
            pipeline=case.stage.pipeline, by=make_user(Role.CRITERIA_ADMIN)
        ).pk,
        **ids_of_sources(house.own, house.rm),
        "tests": make_test(run.version).pk,
        "questions": ask_about(Proposal.objects.get()),
        "challengers": a_challenger(run, house.officer),
        "clients": house.own.pk,
        "covenants": a_covenant(house.own, house.rm).pk,
        **conduct_of(house.own),
        "criteria": run.version_id,
        "interests": declare(house.officer, house.own),
        "metrics": CustomMetric.objects.create(key="esg", label_en="ESG").pk,
        "overlays": asked.pk,
        "policies": a_draft().pk,
        "overrides": ask_for_override(Proposal.objects.get(), house.rm),
        **asked_for(house.rm, house.own),
        "numbers": house.own.numbers.create(kind="tax", sealed=seal("12345"), fingerprint="-").pk,
        "client-fields": ProfileField.objects.earliest("pk").pk,
        "duplicates": be_alike(house.own),
        "merges": be_merged(house.own),
        **ids_of_outreach(house.own),
        **ids_of_prospects(house.own),
        "people": house.own.people.create(name="Wang").pk,
        "periodic-reviews": a_periodic_review(run, house.own).pk,
        "proposals": Proposal.objects.get().pk,
        "relations": house.own.relations.create(party=house.team, kind="guarantor").pk,
        "runs": run.pk,
        "segmentations": make_segmentation(house.officer),
        "tags": house.own.team.tags.create(name="Green").pk,
        "tasks": give_task(house.own),
        "validations": a_validation(run.version, house.officer).pk,
        "watchlist": an_entry(house.own, house.rm).pk,
    }
    return [Asker(user) for user in (house.rm, house.officer, make_user(Role.CRITERIA_ADMIN))], ids


def asked_for(rm: User, client: Client) -> dict[str, int]:
    """What an RM keeps, and asked to be done with clients."""
    until = {"team": rm.team, "by": rm, "reason": "Left", "undo_until": timezone.now()}
    return {
        "bulk-edits": BulkEdit.objects.create(by=rm, clients=[client.pk]).pk,
        "exports": Export.objects.create(
            asked_by=rm, status="asked", rows=9, source="clients", columns=[]
        ).pk,
        "handovers": rm.handovers.create(**until).pk,
        "imports": make_import(rm),
        "notes": client.notes.create(text="Careful", author=rm).pk,
        "views": SavedView.objects.create(list_key="clients", owner=rm, name="Late").pk,
    }


def conduct_of(client) -> dict[str, int]:
    """What a client does: a project with its part in it, a facility with all that hangs on it, and a paper."""
    part = client.participations.create(project=make_project())
    return {
        "projects": part.project_id,
        "participations": part.pk,
        "facilities": lend(client),
        "payments": fall_due(client),
        "collateral": secure(client),
        "documents": keep_paper(client),
    }


def test_every_answer_is_one_that_the_document_names(world):
    askers, ids = world
    statuses: set[int] = set()

    @given(requests(), st.sampled_from(askers), st.booleans(), st.text("abc !é", max_size=3))
    @settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    def ask(request, asker, exists, key):
        method, path, operation, query, body = request
        number = (
            ids[path.partition("/{id}")[0].rpartition("/")[2]] if exists and "{id}" in path else 987654321
        )
        with transaction.atomic():
            answer = asker.browser.generic(
                method,
                path.replace("{id}", str(number)),
                json.dumps(body).encode() if method != "GET" else b"",
                "application/json",
                query_params={
                    name: json.dumps(value) if isinstance(value, dict | list) else str(value)
                    for name, value in query.items()
                },
                headers={**asker.headers, **({"Idempotency-Key": key} if key else {})},
            )
            transaction.set_rollback(True)
        statuses.add(answer.status_code)
        assert str(answer.status_code) in operation["responses"], answer.content
        if answer.status_code >= 400:
            assert set(answer.json()) - {"missing"} == {"code", "message", "fields"}

    ask()
    assert statuses >= {200, 400, 403, 404}
