"""Versions of the small scheme at each step of their way, as plain functions."""

from crm.models import Role, User
from tests.factories import make_user
from tests.tiering.helpers import a_document
from tiering.core.addresses import ABSENT
from tiering.core.edits import Edit
from tiering.models import CriteriaStep, CriteriaVersion
from tiering.services.criteria import load_criteria
from tiering.services.lifecycle import approve_version, submit_version

FIRST_CUT = "cutoffs/0/min"


def admin() -> User:
    return make_user(Role.CRITERIA_ADMIN)


def a_draft(author: User | None = None, **changes) -> CriteriaVersion:
    return load_criteria(document=a_document(**changes), author=author or admin())


def submitted(author: User | None = None, **changes) -> CriteriaVersion:
    version = a_draft(author, **changes)
    return submit_version(version=version, by=version.author, purpose="Stricter.")


def approved(by: User | None = None, **changes) -> CriteriaVersion:
    version = submitted(**changes)
    return approve_version(version=version, by=by or admin(), content_hash=version.content_hash)


def acts(version: CriteriaVersion) -> list[str]:
    return list(CriteriaStep.objects.filter(version=version).order_by("pk").values_list("act", flat=True))


def cut_at(value: int, was: int) -> Edit:
    return Edit("set", FIRST_CUT, was, value, ABSENT)
