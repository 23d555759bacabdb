"""A URL as the access matrix has it: who may do what there, and what the walk needs to get in."""

from collections.abc import Callable
from dataclasses import dataclass, field

from crm.models import Role
from tests.access.world import World

READERS = {Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR}
BOOKHOLDERS = {Role.RM, Role.TEAM_LEAD}
EVERYBODY = set(Role)
DOERS = {Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN}
DECIDERS = {Role.RISK_OFFICER}
DRAFT_READERS = {Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR}


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
