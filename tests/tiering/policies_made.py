"""Versions of the authority at each step of their way, as plain functions."""

from crm.models import Role, User
from tests.factories import make_user
from tiering.core.authority_document import example
from tiering.models import Policy, PolicyVersion
from tiering.services.policies import put_policy_in_effect, start_policy, submit_policy

AUTHORITY = Policy.Kind.AUTHORITY


def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def stricter() -> dict:
    """Another document than the example."""
    return {**example(), "decisions": example()["decisions"][1:]}


def a_draft(by: User | None = None) -> PolicyVersion:
    return start_policy(kind=AUTHORITY, document=example(), by=by or admin())


def submitted(by: User | None = None) -> PolicyVersion:
    version = a_draft(by)
    return submit_policy(version=version, by=version.author, purpose="Two eyes more.")


def published(**when) -> PolicyVersion:
    return put_policy_in_effect(version=a_draft(), publisher=admin(), **when)
