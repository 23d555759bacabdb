"""URL × method × role × own/team/foreign/missing, against `matrix.py`; a URL that is not in it fails."""

import logging
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse

from crm.models import Role
from tests.access.matrix import MATRIX, Door
from tests.access.walk import METHODS, outcome, url_names
from tests.access.world import TEAM_BOUND, World, build_world

ADMIN = "admin:"
# To the lead of a team one of its books is like the other.
SEEN: dict[str | None, tuple[str, ...]] = {
    Role.RM: ("own", "team", "foreign"),
    Role.TEAM_LEAD: ("team", "foreign"),
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Built once: what a request does is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture
def browser(db, caplog: pytest.LogCaptureFixture) -> Browser:
    """Refusals are what is asked for here: writing a traceback of each takes as long as the request."""
    caplog.set_level(logging.ERROR, "django.request")
    return Browser(raise_request_exception=False)


def test_every_url_stands_in_the_matrix():
    names = {name for name in url_names() if not name.startswith(ADMIN)}
    assert names - set(MATRIX) == set(), "give these URLs a row in tests/access/doors"
    assert set(MATRIX) - names == set(), "these rows are of no URL"


def expected(door: Door, method: str, role: str | None, scope: str) -> set[str]:
    """What a request may come to. A row that a user may read but not change refuses or hides itself."""
    if door.public:
        return {"open"} if method in door.methods else {"no method", "open"}
    if role is None:
        return {"login"}
    allowed = door.methods.get(method)
    if allowed is None:
        return {"no method", "refused"}
    if role not in allowed:
        return {"refused"}
    if door.kind is None:
        return {"open"}
    if scope == "missing" or (scope == "foreign" and role in TEAM_BOUND and not door.shared):
        return {"missing"}
    if door.own_only and not theirs(role, method, scope):
        return {"missing"}
    if door.holders and method in door.needs_hold and role not in door.holders:
        return {"refused"}
    if scope == "team" and role == Role.RM and method in door.needs_hold:
        return {"refused", "missing"}
    return {"open"}


def theirs(role: str, method: str, scope: str) -> bool:
    """Imports in the world are an RM's, a colleague's and a stranger's."""
    if method == "GET" and role in (Role.AUDITOR, Role.SYSTEM_ADMIN):
        return True
    return role == Role.RM and scope == "own"


def tries_everything(door: Door, role: str | None) -> bool:
    """Who also tries the methods that a URL does not know, no question of who asks: somebody who may enter."""
    rm_enters = any(Role.RM in roles for roles in door.methods.values())
    return role == (Role.RM if rm_enters else Role.CRITERIA_ADMIN)


def knocks(door: Door, role: str | None) -> Iterator[tuple[str, str]]:
    """Method and scope of each request worth making: a method that no one may use is tried once, what belongs to no
    team is the same for everybody, who belongs to no team is a stranger to all that is somebody's, what is not there is
    so for the first who may ask, and who has no business there is turned away before anybody looks whose it is."""
    for method in METHODS:
        if method in door.methods:
            yield from ((method, scope) for scope in scopes_of(door, method, role))
        elif tries_everything(door, role):
            yield method, "own"


def scopes_of(door: Door, method: str, role: str | None) -> tuple[str, ...]:
    allowed = door.methods[method]
    if not door.kind or (role not in allowed and not door.public):
        return ("own",)
    missing = ("missing",) if door.public or role == next(one for one in Role if one in allowed) else ()
    if door.shared:
        return ("own", *missing)
    return (*SEEN.get(role, ("foreign",)), *missing)


@pytest.mark.parametrize("of_api", [False, True], ids=["pages", "api"])
@pytest.mark.parametrize("role", [None, *Role.values])
def test_each_door_opens_only_as_the_matrix_says(role, of_api, world, browser):
    if role:
        browser.force_login(world.users[role])
        browser.get(reverse("crm:notices"))  # the session knows since when it lasts, and is not written anew
    signed_in, wrong = deepcopy(browser.cookies), []
    for name, door in MATRIX.items():
        if name.startswith("api:") != of_api:
            continue
        known: set[str] = set()
        for method, scope in knocks(door, role):
            if known and method not in door.methods:  # the answer to another one names all that there are
                continue
            # What a request does is taken back, its session with it: one of them logs out.
            browser.cookies = deepcopy(signed_in)
            with transaction.atomic():
                got, told = outcome(browser, method, name, door.kwargs(world, scope), door.body(world))
                transaction.set_rollback(True)
            known |= told
            if got not in expected(door, method, role, scope) or known - set(door.methods):
                wrong.append(f"{method} {name} ({scope}) as {role or 'nobody'}: {got} {sorted(known)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", [None, *Role.values])
def test_admin_opens_only_to_system_administrators(role, world, browser):
    if role:
        browser.force_login(world.users[role])
    for name in ("admin:index", "admin:crm_user_changelist", "admin:tiering_tier_changelist"):
        with transaction.atomic():
            got, _known = outcome(browser, "GET", name, {}, {})
        wanted = {None: "login", Role.SYSTEM_ADMIN: "open"}.get(role, "refused")
        assert (name, got) == (name, wanted)


@pytest.mark.django_db
def test_view_without_a_policy_is_refused(rf, settings):
    from django.core.exceptions import PermissionDenied
    from django.urls import ResolverMatch

    from crm.middleware import DenyByDefault
    from tests import factories

    def undeclared(request):
        raise AssertionError("reached")

    request = rf.get("/")
    request.user = factories.make_user(Role.SYSTEM_ADMIN)
    request.resolver_match = ResolverMatch(undeclared, (), {}, "undeclared")
    with pytest.raises(PermissionDenied):
        DenyByDefault(undeclared).process_view(request, undeclared, (), {})
