"""Who may do what, written down a second time, by URL: the test compares it with what the house does."""

from collections.abc import Callable
from dataclasses import dataclass, field

from crm.models import Role
from tests.access.world import World

READERS = {Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR}
BOOKHOLDERS = {Role.RM, Role.TEAM_LEAD}
EVERYBODY = set(Role)
DOERS = {Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN}


@dataclass(frozen=True)
class Door:
    """`kind` names the object in the URL (see `World.objects`), `argument` its keyword.

    `needs_hold` are the methods that only the client's RM and the team's lead may use; with `holders`
    everybody else is refused who sees the object. `shared` objects belong to no team; `own_only` ones are read by
    whoever made them, auditors and system administrators, and changed by their maker.
    `body` is what a form needs to get as far as the question who may send it.
    """

    methods: dict[str, set[Role]]
    kind: str | None = None
    argument: str = "pk"
    needs_hold: set[str] = field(default_factory=set)
    holders: set[Role] = field(default_factory=set)
    public: bool = False
    shared: bool = False
    own_only: bool = False
    more: dict[str, object] = field(default_factory=dict)
    body: Callable[[World], dict[str, object]] = lambda world: {}

    def kwargs(self, world: World, scope: str) -> dict[str, object]:
        return {**({self.argument: world.pk(self.kind, scope)} if self.kind else {}), **self.more}


def reads(roles: set[Role], kind: str | None = None, **options) -> Door:
    return Door({"GET": roles}, kind, **options)


def posts(roles: set[Role], kind: str | None = None, **options) -> Door:
    return Door({"POST": roles}, kind, **options)


def form(roles: set[Role], kind: str | None = None, **options) -> Door:
    """A page with a form: shown and sent by the same people."""
    return Door({"GET": roles, "POST": roles}, kind, **options)


STEP = {"stage": "preliminary_assessment", "version": 1}


RUN_READERS = {Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR}
DRAFT_READERS = {Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR}
RUN_STARTERS = {Role.RISK_OFFICER, Role.CRITERIA_ADMIN}
VALIDATORS = {Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR}
DECIDERS = {Role.RISK_OFFICER}
OVERRIDE_ASKERS = BOOKHOLDERS | DECIDERS
TALKERS = {Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER}

CRM = {
    "crm:today": reads(EVERYBODY),
    "crm:today-overdue": reads(BOOKHOLDERS),
    "crm:today-silent": reads(BOOKHOLDERS),
    "crm:palette": reads(EVERYBODY),
    "crm:set-theme": posts(EVERYBODY, public=True),
    "crm:set-language": posts(EVERYBODY, public=True),
    "crm:client-list": reads(READERS),
    "crm:assign-rm": posts({Role.TEAM_LEAD}, body=lambda world: {"rm": world.users[Role.RM].pk}),
    "crm:client-new": form(BOOKHOLDERS),
    "crm:client": reads(READERS, "client"),
    "crm:client-edit": form(BOOKHOLDERS, "client", needs_hold={"GET", "POST"}),
    "crm:interaction-new": posts(
        BOOKHOLDERS,
        "client",
        needs_hold={"POST"},
        body=lambda world: {"kind": "call", "at": "2026-06-30T10:00", "subject": "Call"},
    ),
    "crm:client-timeline": reads(READERS, "client"),
    "crm:client-projects": reads(READERS, "client"),
    "crm:client-exposures": reads(READERS, "client"),
    "crm:client-statements": reads(READERS, "client"),
    "crm:client-revenue": reads(READERS, "client"),
    "crm:revenue-new": posts(
        BOOKHOLDERS,
        "client",
        needs_hold={"POST"},
        body=lambda world: {"month": "2026-03", "amount": "5", "source": "ledger"},
    ),
    "crm:observation-new": form(BOOKHOLDERS, "client", needs_hold={"GET", "POST"}),
    "crm:client-audit": reads(READERS, "client"),
    "crm:client-tab": reads(READERS, "client", more={"key": "timeline"}),
    "crm:project": reads(READERS, "project"),
}
TELLING = {
    "crm:notices": reads(EVERYBODY),
    "crm:notice-news": reads(EVERYBODY),
    "crm:notice-read": posts(EVERYBODY),
    "crm:notice-settings": form(EVERYBODY),
    "crm:tasks": reads(READERS),
    "crm:task-new": form(DOERS),
    "crm:tasks-finish": posts(DOERS),
    "crm:task": reads(READERS, "task"),
    "crm:task-finish": posts(DOERS, "task", needs_hold={"POST"}, holders=BOOKHOLDERS),
    "crm:task-move": posts(
        DOERS, "task", needs_hold={"POST"}, holders=BOOKHOLDERS, body=lambda world: {"due_on": "2026-12-01"}
    ),
    "crm:task-assign": posts(
        DOERS,
        "task",
        needs_hold={"POST"},
        holders=BOOKHOLDERS,
        body=lambda world: {"assignee": world.users[Role.RM].pk},
    ),
    "crm:task-reopen": posts(DOERS, "task", needs_hold={"POST"}, holders=BOOKHOLDERS),
    "crm:today-tasks": reads(DOERS),
    "crm:client-tasks": reads(READERS, "client"),
    "crm:absences": form(EVERYBODY),
    "crm:absence-end": posts(
        EVERYBODY, "absence", needs_hold={"POST"}, holders=BOOKHOLDERS | {Role.SYSTEM_ADMIN}
    ),
    "crm:interests": reads({Role.RISK_OFFICER, Role.AUDITOR}),
    "crm:interest-new": form({Role.RISK_OFFICER}, "client"),
    "crm:interest-end": posts({Role.RISK_OFFICER}, "interest", shared=True),
    "crm:client-interests": reads({Role.RISK_OFFICER, Role.AUDITOR}, "client"),
    "crm:attachment": reads(READERS, "attachment"),
}
IMPORTERS = {Role.RM, Role.TEAM_LEAD, Role.SYSTEM_ADMIN}
IMPORT_READERS = IMPORTERS | {Role.AUDITOR}
IMPORTS = {
    "crm:import-list": Door({"GET": IMPORT_READERS, "POST": IMPORTERS}),
    "crm:import": Door({"GET": IMPORT_READERS, "POST": IMPORTERS}, "import", own_only=True),
    "crm:import-progress": reads(IMPORT_READERS, "import", own_only=True),
    "crm:import-apply": posts(IMPORTERS, "import", own_only=True),
    "crm:import-reopen": posts(IMPORTERS, "import", own_only=True),
    "crm:import-errors": reads(IMPORT_READERS, "import", own_only=True),
}
TIERING = {
    "tiering:reviews": reads(READERS),
    "tiering:reviews-more": reads(READERS),
    "tiering:reviews-confirm": reads(DECIDERS),
    "tiering:reviews-decide": posts(DECIDERS),
    "tiering:review": reads(READERS, "proposal"),
    "tiering:review-decide": posts(DECIDERS, "proposal"),
    "tiering:review-ask": posts(DECIDERS, "proposal", body=lambda world: {"comment": "Is it so?"}),
    "tiering:review-committee": posts(DECIDERS, "proposal"),
    "tiering:review-assign": posts(DECIDERS, "proposal"),
    "tiering:review-context": reads(READERS, "proposal"),
    "tiering:review-remark": posts(TALKERS, "proposal", needs_hold={"POST"}, holders=TALKERS),
    "tiering:review-answer": posts(TALKERS, "review question", needs_hold={"POST"}, holders=TALKERS),
    "tiering:review-views": posts(READERS),
    "tiering:review-view": posts(
        READERS, "review view", shared=True, body=lambda world: {"revision": 0, "act": "replace"}
    ),
    "tiering:runs": reads(RUN_READERS),
    "tiering:run-start": posts(RUN_STARTERS),
    "tiering:left-behind": reads(RUN_READERS),
    "tiering:left-behind-retry": posts(RUN_STARTERS),
    "tiering:run": reads(RUN_READERS, "run", shared=True),
    "tiering:run-progress": reads(RUN_READERS, "run", shared=True),
    "tiering:run-retry": posts(RUN_STARTERS, "run", shared=True),
    "tiering:run-new": form(RUN_STARTERS),
    "tiering:trial-results": reads(RUN_READERS, "trial", shared=True),
    "tiering:trial-impact": reads(RUN_READERS, "trial", shared=True),
    "tiering:run-moves": reads(RUN_READERS, "run", shared=True, more={"before": "AA", "after": "A"}),
    "tiering:criteria": reads(READERS),
    "tiering:criteria-version": reads(READERS, "criteria version", shared=True),
    "tiering:criteria-new": form({Role.CRITERIA_ADMIN}),
    "tiering:criteria-document": reads(READERS, "criteria version", shared=True),
    "tiering:criteria-tables": reads(READERS, "criteria version", shared=True),
    "tiering:criteria-import": form({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-compare": reads(READERS, "criteria version", shared=True),
    "tiering:studio": form({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:studio-begin": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:studio-news": reads({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:studio-known": reads({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:studio-conditions": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:versions-compare": reads(READERS, shared=True),
    "tiering:versions": reads(READERS, "scheme", shared=True),
    "tiering:criteria-submit": form({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-withdraw": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-discard": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-restore": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-review": reads(DRAFT_READERS, "criteria version", shared=True),
    "tiering:criteria-approve": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-reject": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:draft-impact": reads(DRAFT_READERS, "criteria version", shared=True),
    "tiering:draft-impact-clients": reads(DRAFT_READERS, "criteria version", shared=True),
    "tiering:draft-keep": posts(RUN_STARTERS, "criteria version", shared=True),
    "tiering:criteria-publish": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-call-off": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-tests": reads(DRAFT_READERS, "criteria version", shared=True),
    "tiering:criteria-test-new": form({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-test-try": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-test-clients": reads({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:criteria-tests-file": Door(
        {"GET": DRAFT_READERS, "POST": {Role.CRITERIA_ADMIN}}, "criteria version", shared=True
    ),
    "tiering:criteria-tests-suggest": form({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "tiering:draft-tests-strip": reads(DRAFT_READERS, "criteria version", shared=True),
    "tiering:criteria-test": form({Role.CRITERIA_ADMIN}, "criteria test", shared=True),
    "tiering:criteria-test-remove": posts({Role.CRITERIA_ADMIN}, "criteria test", shared=True),
    "tiering:today-versions": reads({Role.CRITERIA_ADMIN}),
    "tiering:calibration-new": form({Role.CRITERIA_ADMIN}),
    "tiering:calibration": reads({Role.CRITERIA_ADMIN}, "calibration", shared=True),
    "tiering:calibration-progress": reads({Role.CRITERIA_ADMIN}, "calibration", shared=True),
    "tiering:segmentations": reads({Role.CRITERIA_ADMIN}),
    "tiering:segmentation-new": form({Role.CRITERIA_ADMIN}),
    "tiering:segmentation": reads({Role.CRITERIA_ADMIN}, "segmentation", shared=True),
    "tiering:segmentation-progress": reads({Role.CRITERIA_ADMIN}, "segmentation", shared=True),
    "tiering:segmentation-draft": posts({Role.CRITERIA_ADMIN}, "segmentation", shared=True),
    "tiering:probability": Door(
        {"GET": DRAFT_READERS, "POST": {Role.CRITERIA_ADMIN}}, "criteria version", shared=True
    ),
    "tiering:probability-progress": reads(DRAFT_READERS, "curve", shared=True),
    "tiering:probability-approve": posts({Role.CRITERIA_ADMIN}, "curve", shared=True),
    "tiering:probability-end": posts({Role.CRITERIA_ADMIN}, "curve", shared=True),
    "tiering:evidence": reads(DRAFT_READERS, "proposed version", shared=True),
    "tiering:validations": reads(VALIDATORS),
    "tiering:validation-new": form(VALIDATORS),
    "tiering:validation": reads(VALIDATORS, "validation", shared=True),
    "tiering:validation-progress": reads(VALIDATORS, "validation", shared=True),
    "tiering:validation-paper": reads(VALIDATORS, "validation", shared=True),
    "tiering:challengers": Door({"GET": VALIDATORS, "POST": {Role.CRITERIA_ADMIN}}, "scheme", shared=True),
    "tiering:challenger-outcome": reads(VALIDATORS, "challenger", shared=True),
    "tiering:challenger-end": posts({Role.CRITERIA_ADMIN}, "challenger", shared=True),
    "tiering:metrics": reads(READERS),
    "tiering:metric-new": form({Role.CRITERIA_ADMIN}),
    "tiering:metric-edit": form({Role.CRITERIA_ADMIN}, "metric", shared=True),
    "tiering:metric-retire": posts({Role.CRITERIA_ADMIN}, "metric", shared=True),
    "tiering:policies": reads(READERS),
    "tiering:policy-new": posts({Role.CRITERIA_ADMIN}),
    "tiering:policy": reads(READERS, "policy", shared=True),
    "tiering:policy-document": reads(READERS, "policy", shared=True),
    "tiering:policy-text": form({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "tiering:authority-edit": form({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "tiering:policy-submit": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "tiering:policy-withdraw": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "tiering:policy-reject": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "tiering:policy-publish": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "tiering:policy-discard": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "tiering:overlays": Door({"GET": READERS, "POST": {Role.CRITERIA_ADMIN}}, "scheme", shared=True),
    "tiering:overlay-approve": posts({Role.CRITERIA_ADMIN}, "overlay", shared=True),
    "tiering:overlay-end": posts({Role.CRITERIA_ADMIN}, "overlay", shared=True),
    "tiering:overrides": reads(READERS),
    "tiering:overrides-file": reads(READERS),
    "tiering:override-rates": reads(VALIDATORS),
    "tiering:override-choose": reads(OVERRIDE_ASKERS),
    "tiering:client-overrides": reads(READERS, "client"),
    "tiering:override": reads(READERS, "override"),
    "tiering:override-decide": posts(DECIDERS, "override"),
    "tiering:override-end": posts(DECIDERS, "override"),
    "tiering:override-withdraw": posts(OVERRIDE_ASKERS, "override"),
    "tiering:override-new": form(
        OVERRIDE_ASKERS, "client", needs_hold={"GET", "POST"}, holders=OVERRIDE_ASKERS
    ),
    "tiering:schemes": reads(READERS),
    "tiering:scheme-primary": posts({Role.CRITERIA_ADMIN}, "scheme", shared=True),
    "tiering:retier-clients": posts(RUN_STARTERS),
    "tiering:client-badge": reads(READERS, "client"),
    "tiering:client-figures": reads(READERS, "client"),
    "tiering:client-why": reads(READERS, "client"),
    "tiering:client-score-line": reads(READERS, "client"),
    "tiering:client-history": reads(READERS, "client"),
    "tiering:client-schemes": reads(READERS, "client"),
    "tiering:client-project-tiers": reads(READERS, "client"),
    "tiering:project-tiers": reads(READERS, "project"),
    "tiering:today-reviews": reads(DECIDERS),
    "tiering:today-runs": reads(RUN_READERS),
    "tiering:today-changes": reads(READERS),
}
FINDINGS = {"conclusion": "keep", "findings": "Sound."}
FOLLOWS = {
    "tiering:policy-conditions": posts({Role.CRITERIA_ADMIN}),
    "tiering:warning-conditions": posts({Role.CRITERIA_ADMIN}),
    "tiering:tier-policy-form": form({Role.CRITERIA_ADMIN}, "tier policy", shared=True),
    "tiering:products-form": form({Role.CRITERIA_ADMIN}, "products", shared=True),
    "tiering:facility-changes": reads(READERS),
    "tiering:facility-changes-decide": posts({Role.TEAM_LEAD, Role.RISK_OFFICER}),
    "tiering:periodic-reviews": reads(READERS),
    "tiering:periodic-review": reads(READERS, "periodic review"),
    "tiering:periodic-review-paper": reads(READERS, "periodic review"),
    "tiering:periodic-review-prepare": posts(BOOKHOLDERS, "periodic review", body=lambda world: FINDINGS),
    "tiering:periodic-review-sign": posts(DECIDERS, "periodic review"),
    "tiering:periodic-review-return": posts(DECIDERS, "periodic review"),
    "tiering:client-follows": reads(READERS, "client"),
    "tiering:client-offers": reads(READERS, "client"),
    "tiering:today-contacts": reads(BOOKHOLDERS),
    "tiering:today-periodic": reads(READERS),
    "tiering:today-facilities": reads(READERS),
    "api:client-follows": reads(READERS, "client"),
    "api:client-offers": reads(READERS, "client"),
    "api:offer-list": reads(READERS),
    "api:facility-change-list": reads(READERS),
    "api:facility-change-decide": posts({Role.TEAM_LEAD, Role.RISK_OFFICER}),
    "api:periodic-review-list": reads(READERS),
    "api:periodic-review-prepare": posts(
        BOOKHOLDERS, "periodic review", needs_hold={"POST"}, body=lambda world: FINDINGS
    ),
    "api:periodic-review-sign": posts(DECIDERS, "periodic review"),
    "api:periodic-review-return": posts(DECIDERS, "periodic review"),
    "api:periodic-review-paper": reads(READERS, "periodic review"),
}
FUNNEL = {
    "funnel:board": reads(READERS),
    "funnel:more-cards": reads(READERS, "stage", shared=True),
    "funnel:new-case": form(BOOKHOLDERS),
    "funnel:find-clients": reads(BOOKHOLDERS),
    "funnel:find-projects": reads(BOOKHOLDERS),
    "funnel:case": reads(READERS, "case"),
    "funnel:move": posts(BOOKHOLDERS, "case", needs_hold={"POST"}, body=lambda world: STEP),
    "funnel:late-cases": reads(BOOKHOLDERS),
    "funnel:client-cases": reads(READERS, "client"),
}
API = {
    "api:schema": reads(EVERYBODY),
    "api:docs": reads(EVERYBODY),
    "api:client-list": Door({"GET": READERS, "POST": BOOKHOLDERS}),
    "api:client-detail": Door({"GET": READERS, "PATCH": BOOKHOLDERS}, "client", needs_hold={"PATCH"}),
    "api:client-tier": reads(READERS, "client"),
    "api:client-tiers": reads(READERS, "client"),
    "api:revenue-list": Door({"GET": READERS, "POST": BOOKHOLDERS}),
    "api:observation-list": Door({"GET": READERS, "POST": BOOKHOLDERS}),
    "api:notice-list": reads(EVERYBODY),
    "api:notice-read": posts(EVERYBODY),
    "api:notice-settings": Door({"GET": EVERYBODY, "PUT": EVERYBODY}),
    "api:task-list": Door({"GET": READERS, "POST": DOERS}),
    "api:task-detail": Door(
        {"GET": READERS, "PATCH": DOERS}, "task", needs_hold={"PATCH"}, holders=BOOKHOLDERS
    ),
    "api:task-finish": posts(DOERS, "task", needs_hold={"POST"}, holders=BOOKHOLDERS),
    "api:task-reopen": posts(DOERS, "task", needs_hold={"POST"}, holders=BOOKHOLDERS),
    "api:task-finish-many": posts(DOERS),
    "api:absence-list": form(EVERYBODY),
    "api:absence-detail": Door(
        {"DELETE": EVERYBODY},
        "absence",
        needs_hold={"DELETE"},
        holders=BOOKHOLDERS | {Role.SYSTEM_ADMIN},
    ),
    "api:interest-list": Door({"GET": {Role.RISK_OFFICER, Role.AUDITOR}, "POST": {Role.RISK_OFFICER}}),
    "api:interest-end": posts({Role.RISK_OFFICER}, "interest", shared=True),
    "api:attachment-list": Door({"GET": READERS, "POST": DOERS}),
    "api:attachment-file": reads(READERS, "attachment"),
    "api:tier-list": reads(READERS),
    "api:proposal-list": reads(READERS),
    "api:proposal-detail": reads(READERS, "proposal"),
    "api:proposal-decide": posts(DECIDERS, "proposal"),
    "api:proposal-remarks": posts(TALKERS, "proposal", needs_hold={"POST"}, holders=TALKERS),
    "api:proposal-committee": posts(DECIDERS, "proposal"),
    "api:proposal-assignment": posts(DECIDERS, "proposal"),
    "api:question-answer": posts(TALKERS, "review question", needs_hold={"POST"}, holders=TALKERS),
    "api:proposal-decide-many": posts(DECIDERS),
    "api:case-list": reads(READERS),
    "api:case-move": posts(BOOKHOLDERS, "case", needs_hold={"POST"}, body=lambda world: STEP),
    "api:run-list": Door({"GET": RUN_READERS, "POST": RUN_STARTERS}),
    "api:run-detail": reads(RUN_READERS, "run", shared=True),
    "api:trial-results": reads(RUN_READERS, "trial", shared=True),
    "api:criteria-list": Door({"GET": READERS, "POST": {Role.CRITERIA_ADMIN}}),
    "api:criteria-check": posts(READERS),
    "api:criteria-schema": reads(READERS),
    "api:criteria-templates": reads(READERS),
    "api:criteria-detail": Door(
        {"GET": READERS, "DELETE": {Role.CRITERIA_ADMIN}}, "criteria version", shared=True
    ),
    "api:criteria-steps": reads(READERS, "criteria version", shared=True),
    "api:criteria-submit": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:criteria-withdraw": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:criteria-reject": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:criteria-approve": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:criteria-tests": Door(
        {"GET": DRAFT_READERS, "POST": {Role.CRITERIA_ADMIN}}, "criteria version", shared=True
    ),
    "api:criteria-tests-run": reads(DRAFT_READERS, "criteria version", shared=True),
    "api:criteria-test": Door(
        {"GET": DRAFT_READERS, "PUT": {Role.CRITERIA_ADMIN}, "DELETE": {Role.CRITERIA_ADMIN}},
        "criteria test",
        shared=True,
    ),
    "api:criteria-draft": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:criteria-edits": Door(
        {"GET": DRAFT_READERS, "POST": {Role.CRITERIA_ADMIN}}, "criteria version", shared=True
    ),
    "api:criteria-document": Door({"PUT": {Role.CRITERIA_ADMIN}}, "criteria version", shared=True),
    "api:criteria-undo": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:criteria-redo": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:criteria-tables": reads(READERS, "criteria version", shared=True),
    "api:criteria-impact": reads(DRAFT_READERS, "criteria version", shared=True),
    "api:criteria-impact-clients": reads(DRAFT_READERS, "criteria version", shared=True),
    "api:criteria-differences": reads(READERS, "criteria version", shared=True),
    "api:criteria-publish": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:criteria-call-off": posts({Role.CRITERIA_ADMIN}, "criteria version", shared=True),
    "api:validation-list": form(VALIDATORS),
    "api:validation-detail": reads(VALIDATORS, "validation", shared=True),
    "api:validation-figures": reads(VALIDATORS, "validation", shared=True),
    "api:validation-paper": reads(VALIDATORS, "validation", shared=True),
    "api:challenger-list": Door({"GET": VALIDATORS, "POST": {Role.CRITERIA_ADMIN}}),
    "api:challenger-detail": reads(VALIDATORS, "challenger", shared=True),
    "api:challenger-end": posts({Role.CRITERIA_ADMIN}, "challenger", shared=True),
    "api:calibration-list": form({Role.CRITERIA_ADMIN}),
    "api:calibration-detail": reads({Role.CRITERIA_ADMIN}, "calibration", shared=True),
    "api:segmentation-list": form({Role.CRITERIA_ADMIN}),
    "api:segmentation-detail": reads({Role.CRITERIA_ADMIN}, "segmentation", shared=True),
    "api:metric-list": Door({"GET": READERS, "POST": {Role.CRITERIA_ADMIN}}),
    "api:metric-detail": Door({"PATCH": {Role.CRITERIA_ADMIN}}, "metric", shared=True),
    "api:override-list": Door({"GET": READERS, "POST": OVERRIDE_ASKERS}),
    "api:override-rates": reads(VALIDATORS),
    "api:override-detail": reads(READERS, "override"),
    "api:override-decide": posts(DECIDERS, "override"),
    "api:override-end": posts(DECIDERS, "override"),
    "api:override-withdraw": posts(OVERRIDE_ASKERS, "override"),
    "api:policy-list": Door({"GET": READERS, "POST": {Role.CRITERIA_ADMIN}}),
    "api:policy-detail": Door(
        {"GET": READERS, "PUT": {Role.CRITERIA_ADMIN}, "DELETE": {Role.CRITERIA_ADMIN}}, "policy", shared=True
    ),
    "api:policy-steps": reads(READERS, "policy", shared=True),
    "api:policy-submit": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "api:policy-withdraw": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "api:policy-reject": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "api:policy-publish": posts({Role.CRITERIA_ADMIN}, "policy", shared=True),
    "api:overlay-list": Door({"GET": READERS, "POST": {Role.CRITERIA_ADMIN}}),
    "api:overlay-approve": posts({Role.CRITERIA_ADMIN}, "overlay", shared=True),
    "api:overlay-end": posts({Role.CRITERIA_ADMIN}, "overlay", shared=True),
}
ALERT_HANDLERS = {Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER}
ALERTS = {
    "tiering:alerts": reads(READERS),
    "tiering:alerts-acknowledge": posts(ALERT_HANDLERS),
    "tiering:alert": reads(READERS, "alert"),
    "tiering:alert-acknowledge": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "tiering:alert-snooze": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "tiering:alert-resolve": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "tiering:alert-task": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "tiering:alert-retier": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "tiering:client-alerts": reads(READERS, "client"),
    "tiering:today-alerts": reads(READERS),
    "tiering:today-watchlist": reads(ALERT_HANDLERS),
    "tiering:watchlist": reads(READERS),
    "tiering:watchlist-entry": reads(READERS, "watch list entry"),
    "tiering:watchlist-review": posts(ALERT_HANDLERS, "watch list entry", needs_hold={"POST"}),
    "tiering:watchlist-exit": posts(ALERT_HANDLERS, "watch list entry", needs_hold={"POST"}),
    "tiering:watchlist-decide": posts(DECIDERS, "watch list entry"),
    "tiering:watch": form(ALERT_HANDLERS, "client", needs_hold={"GET", "POST"}),
    "tiering:client-class": Door({"GET": READERS, "POST": DECIDERS}, "client"),
    "tiering:covenants": Door({"GET": READERS, "POST": ALERT_HANDLERS}, "client", needs_hold={"POST"}),
    "tiering:covenant-end": posts(ALERT_HANDLERS, "covenant", needs_hold={"POST"}),
    "tiering:asset-classes": reads(READERS),
    "tiering:warnings-edit": reads({Role.CRITERIA_ADMIN}, "warnings", shared=True),
    "tiering:warnings-library": posts({Role.CRITERIA_ADMIN}, "warnings", shared=True),
    "tiering:warnings-trial": reads(DRAFT_READERS, "warnings", shared=True),
    "tiering:warnings-indicator": form({Role.CRITERIA_ADMIN}, "warnings", shared=True, more={"key": "new"}),
    "tiering:warnings-remove": posts({Role.CRITERIA_ADMIN}, "warnings", shared=True, more={"key": "silent"}),
    "api:alert-list": reads(READERS),
    "api:alert-acknowledge": posts(ALERT_HANDLERS),
    "api:alert-detail": reads(READERS, "alert"),
    "api:alert-snooze": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "api:alert-resolve": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "api:alert-task": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "api:alert-retier": posts(ALERT_HANDLERS, "alert", needs_hold={"POST"}),
    "api:watchlist-list": reads(READERS),
    "api:watchlist-enter": posts(ALERT_HANDLERS, "client", needs_hold={"POST"}),
    "api:watchlist-review": posts(ALERT_HANDLERS, "watch list entry", needs_hold={"POST"}),
    "api:watchlist-exit": posts(ALERT_HANDLERS, "watch list entry", needs_hold={"POST"}),
    "api:watchlist-decide": posts(DECIDERS, "watch list entry"),
    "api:covenant-list": Door({"GET": READERS, "POST": ALERT_HANDLERS}, "client", needs_hold={"POST"}),
    "api:covenant-end": posts(ALERT_HANDLERS, "covenant", needs_hold={"POST"}),
    "api:asset-class-list": Door({"GET": READERS, "POST": DECIDERS}, "client"),
    "api:asset-class-summary": reads(READERS),
}
ACCOUNTS = {
    "healthz": form(EVERYBODY, public=True),
    "account_login": form(EVERYBODY, public=True),
    "account_logout": form(EVERYBODY),
    "account_inactive": reads(EVERYBODY, public=True),
    "account_change_password": Door(dict.fromkeys(("GET", "POST", "PUT"), EVERYBODY)),
}
MATRIX: dict[str, Door] = {
    **ACCOUNTS,
    **CRM,
    **TELLING,
    **IMPORTS,
    **TIERING,
    **FOLLOWS,
    **FUNNEL,
    **API,
    **ALERTS,
}
