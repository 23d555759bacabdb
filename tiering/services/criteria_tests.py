"""The test cases of a draft: added, changed, removed, many at once. What is under review becomes a draft again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.errors import Conflict, Invalid
from crm.formats import listed
from crm.models import User
from tiering.core.cases import Case, is_score, run_cases
from tiering.core.document import Document
from tiering.core.metric import Catalogue, Fact, is_missing
from tiering.core.suggest import expecting
from tiering.errors import TooManyTests
from tiering.models import CriteriaTest, CriteriaVersion
from tiering.selectors.catalogue import catalogue
from tiering.selectors.criteria import document_of
from tiering.selectors.criteria_tests import case_of, kept_tests
from tiering.services.lifecycle import checked_document, reopen_version

MOST_TESTS = 1_000
"""How many test cases a version has at most: they are all run at every step of its way."""
LONGEST_NAME = 120
COLUMNS = ("name", "facts", "held", "held_days", "overlays", "tier", "gates", "score")


@transaction.atomic
def add_test(*, version: CriteriaVersion, case: Case, by: User) -> CriteriaTest:
    """Add a test case. Raises NotPermitted, NotADraft, TooManyTests, or Invalid by field."""
    version = reopen_version(version=version, by=by)
    others = kept_tests(version)
    _check_room(len(others) + 1)
    _check(case, version, {other.name for other in others})
    return CriteriaTest.objects.create(version=version, **_columns(case))


@transaction.atomic
def change_test(*, test: CriteriaTest, case: Case, by: User) -> CriteriaTest:
    """Let a test case say something else. Raises NotPermitted, NotADraft, Conflict where somebody removed it, or Invalid
    by field."""
    version = reopen_version(version=test.version, by=by)
    kept = CriteriaTest.objects.select_for_update().filter(pk=test.pk).first()
    if kept is None:
        raise Conflict
    _check(case, version, {other.name for other in kept_tests(version) if other.pk != test.pk})
    for column, value in _columns(case).items():
        setattr(kept, column, value)
    kept.save()
    return kept


@transaction.atomic
def remove_test(*, test: CriteriaTest, by: User) -> None:
    """Remove a test case; the audit keeps it. Raises NotPermitted or NotADraft."""
    reopen_version(version=test.version, by=by)
    CriteriaTest.objects.filter(pk=test.pk).delete()


@transaction.atomic
def put_tests(*, version: CriteriaVersion, cases: Sequence[Case], by: User) -> int:
    """Store cases, each in place of the one of its name or as a new one, all or none. Returns how many are new.

    Raises NotPermitted, NotADraft, TooManyTests, or Invalid with the faults under `<position>.<field>`.
    """
    version = reopen_version(version=version, by=by)
    there = {row.name: row.pk for row in kept_tests(version)}
    _check_room(len(there.keys() | {case.name for case in cases}))
    document, known = document_of(version), catalogue()
    names = [case.name for case in cases]
    faults = {
        f"{number}.{name}": told
        for number, case in enumerate(cases)
        for name, told in _faults(case, document, known, set(names[:number])).items()
    }
    if faults:
        raise Invalid(faults)
    rows = [CriteriaTest(pk=there.get(case.name), version=version, **_columns(case)) for case in cases]
    new = [row for row in rows if row.pk is None]
    CriteriaTest.objects.bulk_update([row for row in rows if row.pk is not None], COLUMNS)
    CriteriaTest.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def add_expecting(*, version: CriteriaVersion, cases: Sequence[Case], by: User) -> int:
    """Add cases with what comes of them now, beside those that are there, as what is expected.

    Raises NotPermitted, NotADraft, TooManyTests, Invalid, or CriteriaRefused for a draft that makes no sense yet.
    """
    version = reopen_version(version=version, by=by)
    document = checked_document(version)
    there = [case_of(row) for row in kept_tests(version)]
    verdicts = run_cases(document, [*there, *cases])[len(there) :]
    told = [expecting(verdict.case, verdict, document) for verdict in verdicts if verdict.assessment]
    return put_tests(version=version, cases=told, by=by)


def _check_room(count: int) -> None:
    if count > MOST_TESTS:
        raise TooManyTests(most=MOST_TESTS)


def _check(case: Case, version: CriteriaVersion, taken: set[str]) -> None:
    faults = _faults(case, document_of(version), catalogue(), taken)
    if faults:
        raise Invalid(faults)


def _faults(case: Case, document: Document, known: Catalogue, taken: set[str]) -> dict[str, list[str]]:
    """What is wrong with a case, by field."""
    found: dict[str, list[str]] = {}
    for name, told in _every_fault(case, document, known, taken):
        found.setdefault(name, []).append(told)
    return found


def _every_fault(
    case: Case, document: Document, known: Catalogue, taken: set[str]
) -> Iterator[tuple[str, str]]:
    if not case.name.strip() or len(case.name) > LONGEST_NAME:
        yield "name", _("Give it a name of up to %(most)d characters.") % {"most": LONGEST_NAME}
    elif case.name in taken:
        yield "name", _("Another test case has this name.")
    tiers = [tier.key for tier in document.tiers]
    if case.tier:
        yield from _unknown("tier", [case.tier], tiers)
    else:
        yield "tier", _("Choose the tier that has to come.")
    yield from _unknown("held", [case.held] if case.held else [], tiers)
    yield from _unknown("overlays", case.overlays, [overlay.key for overlay in document.overlays])
    yield from _unknown("gates", case.gates or (), [gate.key for gate in document.gates])
    if case.score is not None and not is_score(case.score):
        yield "score", _("A score lies between 0 and 100 points and has eight decimals at most.")
    for key, value in case.facts.items():
        if told := _fact_fault(key, value, known):
            yield f"facts.{key}", told


def _unknown(name: str, keys: Iterable[str], known: Sequence[str]) -> Iterator[tuple[str, str]]:
    if unknown := sorted(set(keys).difference(known)):
        told = _("The criteria do not have “%(keys)s”. They have these: %(known)s.")
        yield name, told % {"keys": listed(unknown), "known": listed(known) or "–"}


def _fact_fault(key: str, value: Fact, known: Catalogue) -> str:
    metric = known.get(key)
    if metric is None:
        return _("The catalogue has no such metric.")
    if metric.is_number:
        return "" if _is_number(value) else _("Enter a number.")
    if isinstance(value, str) and value in metric.categories:
        return ""
    return _("Choose one of these: %(known)s.") % {"known": listed(metric.categories)}


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return not is_missing(float(value))
    except OverflowError:
        return False


def _columns(case: Case) -> dict[str, Any]:
    return {
        "name": case.name.strip(),
        "facts": dict(case.facts),
        "held": case.held or "",
        "held_days": case.held_days if case.held else None,
        "overlays": sorted(case.overlays),
        "tier": case.tier,
        "gates": None if case.gates is None else sorted(case.gates),
        "score": case.score,
    }
