"""What a version would do to the book, as a sheet of figures: tiles, a matrix, a breakdown, the largest movers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import Http404
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from crm.models import User
from tiering import display
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
from tiering.preview.chosen import Only
from tiering.preview.evaluable import obstacles, refusals_of
from tiering.preview.reasons import Judge
from tiering.preview.stored import Found
from tiering.selectors.criteria import document_of
from tiering.selectors.versions import VersionTier, tiers_named_by

if TYPE_CHECKING:
    from tiering.preview.live import Preview
    from tiering.preview.progress import Loading

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
    """How a sheet is to be shown: what the matrix counts, by what the book is told apart, what is compared with; or, of
    a version in effect, the overlay whose switching is shown."""

    measure: str = "count"
    by: Grouping = "segment"
    against: str = "force"
    switch: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Asked:
        """What an address asks for; what nobody offered counts as not asked."""
        measure, by, against = (given.get(name, "") for name in ("measure", "by", "against"))
        return cls(
            measure if measure in MEASURES else cls.measure,
            next((one for one in GROUPINGS if one == by), cls.by),
            against if against in AGAINST else cls.against,
            given.get("switch", ""),
        )

    def query(self, **changed: str) -> str:
        """The query that asks for the same but for what is changed."""
        return urlencode({name: value for name, value in {**vars(self), **changed}.items() if value})

    @property
    def panel(self) -> str:
        """The id of the panel in its page."""
        return f"impact-{self.switch}" if self.switch else "impact"


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
    from tiering.preview.figures import impact_of  # with NumPy, which the start needs not
    from tiering.preview.live import judge_of
    from tiering.preview.progress import Loading

    shown, document = Asked.read(asked), document_of(version)
    address = reverse("tiering:draft-impact", args=[version.pk])
    context: dict[str, Any] = {
        "version": version,
        "panel": shown.panel,
        "switch": _overlay_name(document, shown.switch),
        "fragment_address": f"{address}?{shown.query()}",
    }
    refusals = refusals_of(document)
    refused = obstacles(refusals)
    if refused:
        return context | {"refused": refused}
    preview = preview_asked(version, user, shown, wait=wait)
    if isinstance(preview, Loading):
        return context | {"loading": preview}
    clients = reverse("tiering:draft-impact-clients", args=[version.pk])
    fixed = {"switch": shown.switch} if shown.switch else {"against": shown.against}
    to = Addresses(address, address, clients, fixed)
    tiers = tiers_named_by(version)
    return context | {
        "against": [] if shown.switch else choices(AGAINST, shown, "against", address, address),
        "taken": preview.book.snapshot.taken,
        "ends": bool(shown.switch) and shown.switch not in preview.method.terms.overlays,
        "may_keep": not (shown.switch or refusals) and user.has_perm("tiering.start_runs"),
        "sheet": sheet(impact_of(preview, [shown.by]), document, tiers, judge_of(preview), shown, to),
    }


def _overlay_name(document: Document, key: str) -> str:
    return next((display.label(one.label) for one in document.overlays if one.key == key), "")


def preview_asked(
    version: CriteriaVersion, user: User, shown: Asked, *, wait: bool = False
) -> Preview | Loading:
    """The book as an address asks for it. Raises Http404 for an overlay that the version does not have."""
    from tiering.preview.live import preview_of, switched

    if shown.switch:
        if shown.switch not in {overlay.key for overlay in document_of(version).overlays}:
            raise Http404
        return preview_of(version, user, switch=switched(version, shown.switch), wait=wait)
    return preview_of(version, user, against="model" if shown.against == "model" else "force", wait=wait)


def stored_context(
    run: TieringRun, user: User, asked: Mapping[str, str], level: str, levels: Sequence[str]
) -> dict[str, Any]:
    """The same of a finished run that only tried something out: what it found is not computed again."""
    shown, page = Asked.read(asked), reverse("tiering:run", args=[run.pk])
    fragment = reverse("tiering:trial-impact", args=[run.pk])
    clients = reverse("tiering:trial-results", args=[run.pk])
    found = Found.of(run, user, within=level == "projects")
    impact = _impact_of(run, found, f"impact:{run.pk}:{level}:{user.pk}")
    here = f"{fragment}?level={level}"
    sorts: tuple[Only, ...] = ("held",)
    addresses = Addresses(page, here, clients, {"level": level}, sorts)
    tiers = tiers_named_by(run.version)
    return {
        "run": run,
        "panel": shown.panel,
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


def _impact_of(run: TieringRun, found: Found, key: str) -> Impact:
    """What a run found, summed up once in a while: a finished one finds nothing more."""
    impact: Impact | None = cache.get(key) if run.finished_at else None
    if impact is None:
        impact = found.impact()
        if run.finished_at:
            cache.set(key, impact, KEPT_SECONDS)
    return impact


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
