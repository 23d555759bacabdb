"""A small house with everybody in it, to try every door: two teams, one user per role, and objects near and far."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from crm.models import CalendarFeed, Role, SavedView, User
from funnel.models import Stage
from tests import factories
from tests.access.alerts import add_alerts
from tests.access.cases import add_cases
from tests.access.clients import add_doings, add_records, declare
from tests.access.criteria import add_tiering
from tests.access.outreach import add_outreach
from tests.access.prospects import add_prospects
from tests.access.sources import add_sources
from tiering.models import ReviewView

NOWHERE = 987_654_321
SECRET = "the-matrix-knows-it"
TEAM_BOUND = {Role.RM, Role.TEAM_LEAD}


@dataclass
class World:
    """`objects`: what stands in a URL → the id of the one that is the RM's own, a colleague's, a stranger's."""

    users: dict[str, User]
    objects: dict[str, dict[str, int]] = field(default_factory=dict)

    def pk(self, kind: str, scope: str) -> int:
        return NOWHERE if scope == "missing" else self.objects[kind][scope]

    def everywhere(self, kind: str, pk: int) -> None:
        """An object that belongs to no team."""
        self.objects[kind] = dict.fromkeys(("own", "team", "foreign"), pk)


def build_world() -> World:
    near, far = factories.make_team(), factories.make_team()
    users = {
        role: factories.make_user(role, team=near if role in TEAM_BOUND else None) for role in Role.values
    }
    holders = {
        "own": users[Role.RM],
        "team": factories.make_user(Role.RM, team=near),
        "foreign": factories.make_user(Role.RM, team=far),
    }
    give_a_password(users.values())
    world = World(users)
    clients = {scope: factories.make_client(rm=holder) for scope, holder in holders.items()}
    add_records(world, clients)
    add_doings(world, clients, holders)
    add_tiering(world, clients, holders)
    add_views(world)
    add_cases(world, holders)
    world.everywhere("stage", Stage.objects.get(position=2).pk)
    CalendarFeed.objects.create(user=users[Role.RM], token_hash=hashlib.sha256(SECRET.encode()).hexdigest())
    world.everywhere("interest", declare(users[Role.RISK_OFFICER], clients["own"]))
    add_alerts(world, clients, holders)
    add_outreach(world, clients)
    add_sources(world, clients)
    add_prospects(world, clients, holders)
    return world


def add_views(world: World) -> None:
    """Views that somebody shared with everybody."""
    officer, lead = world.users[Role.RISK_OFFICER], world.users[Role.TEAM_LEAD]
    view = ReviewView.objects.create(owner=officer, name="Late", is_shared=True)
    world.everywhere("review view", view.pk)
    for kind, key in {"saved view": "clients", "funnel view": "cases"}.items():
        saved = SavedView.objects.create(list_key=key, owner=lead, name="Late", reach=SavedView.Reach.HOUSE)
        world.everywhere(kind, saved.pk)


def give_a_password(users: Iterable[User]) -> None:
    """Hashed once for all of them: the hash is slow by design."""
    password = make_password(factories.PASSWORD)
    for user in users:
        user.password = password
        user.save()
