"""What a version would do to the book, as a sheet of figures: tiles, a matrix, a breakdown, the largest movers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from crm.models import User
from tiering.core.document import Document
from tiering.models import CriteriaVersion, TieringRun
from tiering.pages.impact_lines import (
    Addresses,
    Figure,
    GroupLine,
    HeatRow,
    MissingLine,
    MoverLine,
    figures,
    group_lines,
    matrix,
    missing_lines,
    mover_lines,
)
from tiering.preview.amounts import GROUPINGS, Grouping, Impact
from tiering.preview.evaluable import obstacles, refusals_of
from tiering.preview.reasons import Judge
from tiering.preview.stored import Found
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import VersionTier, tiers_named_by

KEPT_SECONDS: Final = 600
GROUPS_SHOWN: Final = 6
REASONS_SHOWN: Final = 4
MEASURES: Final = {
    "count": pgettext_lazy("what a matrix counts", "Clients"),
    "exposure": pgettext_lazy("what a matrix counts", "Exposure"),
}
AGAINST: Final = {
    "force": pgettext_lazy("a draft is compared with", "Tiers in force"),
    "model": pgettext_lazy("a draft is compared with", "Criteria in effect"),
}
LEVEL_NAMES: Final = {
    "clients": pgettext_lazy("subjects of a trial", "Clients as a whole"),
    "projects": pgettext_lazy("subjects of a trial", "Clients within projects"),
}
GROUPING_NAMES: Final[Mapping[Grouping, Any]] = {
    "segment": pgettext_lazy("breakdown", "Segment"),
    "sector": pgettext_lazy("breakdown", "Sector"),
    "rm": pgettext_lazy("breakdown", "RM"),
    "team": pgettext_lazy("breakdown", "Team"),
    "region": pgettext_lazy("breakdown", "Region"),
}


@dataclass(frozen=True)
class Asked:
    """How a sheet is to be shown: what the matrix counts, by what the book is told apart, what is compared with."""

    measure: str = "count"
    by: Grouping = "segment"
    against: str = "force"

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Asked:
        """What an address asks for; what nobody offered counts as not asked."""
        measure, by, against = (given.get(name, "") for name in ("measure", "by", "against"))
        return cls(
            measure if measure in MEASURES else cls.measure,
            next((one for one in GROUPINGS if one == by), cls.by),
            against if against in AGAINST else cls.against,
        )

    def query(self, **changed: str) -> str:
        """The query that asks for the same but for what is changed."""
        return urlencode({**vars(self), **changed})


@dataclass(frozen=True)
class Choice:
    """One of several ways to show a part, where it stands as a page and where it is fetched from."""

    key: str
    label: str
    page: str
    fragment: str
    is_on: bool


@dataclass(frozen=True)
class Sheet:
    """Everything that the template lays out."""

    subjects: int
    figures: Sequence[Figure]
    tiers: Sequence[VersionTier]
    matrix: Sequence[HeatRow]
    measures: Sequence[Choice]
    groupings: Sequence[Choice]
    groups: Sequence[GroupLine]
    further_groups: Sequence[GroupLine]
    movers: Sequence[MoverLine]
    missing: Sequence[MissingLine]


def impact_context(
    version: CriteriaVersion, user: User, asked: Mapping[str, str], *, wait: bool = False
) -> dict[str, Any]:
    """What `tiering/preview/_impact.html` is given: `sheet`, or why there is none: `loading` how far the book is, or
    `refused`, what has to be put right first. With ``wait`` the book is loaded first, however long that takes."""
    from tiering.preview.live import (  # with NumPy, which the start needs not
        Loading,
        impact_of,
        judge_of,
        preview_of,
    )

    shown, document = Asked.read(asked), document_of(version)
    address = reverse("tiering:draft-impact", args=[version.pk])
    clients = reverse("tiering:draft-impact-clients", args=[version.pk])
    context: dict[str, Any] = {
        "version": version,
        "fragment_address": f"{address}?{shown.query()}",
        "against": choices(AGAINST, shown, "against", address, address),
    }
    refused = obstacles(document)
    if refused:
        return context | {"refused": refused}
    preview = preview_of(version, user, against="model" if shown.against == "model" else "force", wait=wait)
    if isinstance(preview, Loading):
        return context | {"loading": preview}
    addresses = Addresses(address, address, clients, {"against": shown.against})
    impact = impact_of(preview, [shown.by])
    return context | {
        "taken": preview.book.snapshot.taken,
        "may_keep": user.has_perm("tiering.start_runs") and not list(refusals_of(document)),
        "sheet": sheet(impact, document, tiers_named_by(version), judge_of(preview), shown, addresses),
    }


def stored_context(
    run: TieringRun, user: User, asked: Mapping[str, str], level: str, levels: Sequence[str]
) -> dict[str, Any]:
    """The same of a finished run that only tried something out: what it found is not computed again."""
    shown, page = Asked.read(asked), reverse("tiering:run", args=[run.pk])
    fragment = reverse("tiering:trial-impact", args=[run.pk])
    clients = reverse("tiering:trial-results", args=[run.pk])
    found = Found.of(run, user, within=level == "projects")
    key = f"impact:{run.pk}:{level}:{user.pk}"
    impact = cache.get(key)
    if impact is None:
        impact = found.impact()
        cache.set(key, impact, KEPT_SECONDS)
    here = f"{fragment}?level={level}"
    addresses = Addresses(page, here, clients, {"level": level}, tells_sorts=False)
    tiers = tiers_named_by(run.version)
    return {
        "run": run,
        "levels": [
            Choice(
                key,
                str(LEVEL_NAMES[key]),
                page,
                _with(f"{fragment}?level={key}", shown.query()),
                key == level,
            )
            for key in levels
        ],
        "sheet": sheet(impact, found.document, tiers, found.judge, shown, addresses),
    }


def sheet(
    impact: Impact,
    document: Document,
    tiers: Sequence[VersionTier],
    judge: Judge,
    asked: Asked,
    to: Addresses,
) -> Sheet:
    """The figures of an impact in the reader's language."""
    groups = group_lines(impact, document, asked.by, to)
    return Sheet(
        subjects=impact.whole.subjects,
        figures=figures(impact, document, to),
        tiers=tiers,
        matrix=matrix(impact, tiers, asked.measure, to),
        measures=choices(MEASURES, asked, "measure", to.page, to.fragment),
        groupings=choices(GROUPING_NAMES, asked, "by", to.page, to.fragment),
        groups=groups[:GROUPS_SHOWN],
        further_groups=groups[GROUPS_SHOWN:],
        movers=mover_lines(impact.movers, tiers, judge, document, REASONS_SHOWN),
        missing=missing_lines(impact, document, to),
    )


def choices(names: Mapping[Any, Any], asked: Asked, name: str, page: str, fragment: str) -> list[Choice]:
    """The ways to show a part."""
    queries = {key: asked.query(**{name: key}) for key in names}
    return [
        Choice(
            key,
            str(label),
            _with(page, queries[key]),
            _with(fragment, queries[key]),
            vars(asked)[name] == key,
        )
        for key, label in names.items()
    ]


def _with(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}"
