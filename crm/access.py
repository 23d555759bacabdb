"""Who may do what. Deny by default: a view that declares no policy is refused (`crm.middleware.DenyByDefault`).

A policy is a permission per HTTP method. Permissions are rules over the user's role and, where an object is given,
over who holds it; which *rows* a user sees is `visible_to(user)`'s business.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

import rules
from django.http import HttpRequest
from django.urls import ResolverMatch
from rest_framework.permissions import BasePermission

from crm.cover import stood_in_for
from crm.models.users import Role

PUBLIC = "public"
SIGNED_IN = "signed_in"
READING = ("GET", "HEAD", "OPTIONS")
View = TypeVar("View", bound=Callable)


def has_role(*roles: Role) -> rules.Predicate:
    return rules.predicate(lambda user: user.role in roles, name=f"has_role:{','.join(roles)}")


@rules.predicate
def holds(user, client) -> bool:
    """An RM holds the clients of their own book and of those for whom they stand in, a team lead those of the team; no
    object: somebody who may hold.

    An RM who moves to another team leaves the book behind: what one may change one must be able to see.
    """
    if client is None:
        return True
    if client.team_id != user.team_id:
        return False
    return user.role != Role.RM or client.rm_id == user.pk or client.rm_id in stood_in_for(user)


readers = has_role(Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR)
bookholders = has_role(Role.RM, Role.TEAM_LEAD)
doers = has_role(Role.RM, Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN)

rules.add_perm("crm.view_client", readers)
rules.add_perm("crm.add_client", bookholders)
rules.add_perm("crm.change_client", bookholders & holds)
rules.add_perm("crm.merge_clients", (bookholders & holds) | has_role(Role.RISK_OFFICER))
rules.add_perm("crm.share_views", has_role(Role.TEAM_LEAD, Role.RISK_OFFICER, Role.CRITERIA_ADMIN))
rules.add_perm("crm.reveal", (bookholders & holds) | has_role(Role.RISK_OFFICER))
rules.add_perm("crm.assign_rm", has_role(Role.TEAM_LEAD) & holds)
rules.add_perm("crm.view_handovers", has_role(Role.TEAM_LEAD, Role.AUDITOR))
rules.add_perm("crm.write_tasks", doers)
rules.add_perm("crm.write_notes", (bookholders & holds) | has_role(Role.RISK_OFFICER))
rules.add_perm("crm.attach", doers)
rules.add_perm("crm.declare_interest", has_role(Role.RISK_OFFICER))
rules.add_perm("crm.view_interests", has_role(Role.RISK_OFFICER, Role.AUDITOR))
rules.add_perm("crm.import_records", has_role(Role.RM, Role.TEAM_LEAD, Role.SYSTEM_ADMIN))
rules.add_perm("crm.view_imports", has_role(Role.RM, Role.TEAM_LEAD, Role.SYSTEM_ADMIN, Role.AUDITOR))
rules.add_perm("crm.add_reference_data", has_role(Role.SYSTEM_ADMIN))
rules.add_perm("crm.write_metrics", has_role(Role.CRITERIA_ADMIN))
rules.add_perm("crm.write_campaigns", bookholders)
rules.add_perm("crm.write_questionnaires", has_role(Role.CRITERIA_ADMIN))
rules.add_perm("crm.view_audit", readers)
rules.add_perm("crm.export", readers)
rules.add_perm("crm.decide_exports", has_role(Role.TEAM_LEAD, Role.RISK_OFFICER))
rules.add_perm("crm.administer", has_role(Role.SYSTEM_ADMIN))

EXTERNAL_POLICIES: dict[str, str] = {
    "account_login": PUBLIC,
    "account_logout": SIGNED_IN,
    "account_inactive": PUBLIC,
    "account_change_password": SIGNED_IN,
    "admin:": "crm.administer",
}


def requires(permission: str, **by_method: str) -> Callable[[View], View]:
    """Declare a view's policy: a permission for every method, or another one for a method (`post="…"`)."""

    def declare(view: View) -> View:
        view.policy = {"*": permission, **{method.upper(): name for method, name in by_method.items()}}  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare a view open to everyone."""
    return requires(PUBLIC)(view)


def policy_of(match: ResolverMatch) -> Mapping[str, str] | None:
    """The policy a URL declares, or None. Third-party views stand in `EXTERNAL_POLICIES` by name or namespace."""
    func = match.func
    declared = getattr(func, "policy", None) or getattr(getattr(func, "cls", None), "policy", None)
    if declared:
        return declared
    name = EXTERNAL_POLICIES.get(match.view_name) or EXTERNAL_POLICIES.get(f"{match.namespace}:")
    return {"*": name} if name else None


def permission_for(policy: Mapping[str, str], method: str) -> str:
    return policy.get(method) or policy.get("GET" if method in READING else method) or policy["*"]


def allows(permission: str, user) -> bool:
    if permission == PUBLIC:
        return True
    if not user.is_authenticated:
        return False
    return permission == SIGNED_IN or user.has_perm(permission)


class DeclaredPermission(BasePermission):
    """API views declare `policy = {"*": permission, "POST": …}` on the class; without one nobody gets in."""

    def has_permission(self, request: HttpRequest, view) -> bool:
        policy = getattr(view, "policy", None)
        if not policy or not request.method:
            return False
        return allows(permission_for(policy, request.method), request.user)
