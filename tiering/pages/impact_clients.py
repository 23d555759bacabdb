"""The subjects behind a figure of an impact, as a page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import urlencode

from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.http import streamed
from crm.imports.error_file import disarmed
from tiering import display
from tiering.core.document import Document, points
from tiering.models import CriteriaVersion
from tiering.pages.impact_lines import MoverLine, group_names, mover_lines
from tiering.preview.amounts import GROUPINGS, WAYS, Mover, RankMove, Way
from tiering.preview.chosen import Chosen, Only
from tiering.preview.reasons import Judge
from tiering.selectors.catalogue import catalogue_of
from tiering.selectors.versions import VersionTier, tiers_named_by

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from tiering.preview.live import Preview

SHOWN: Final = 50
REASONS_SHOWN: Final = 4
AT_ONCE: Final = 500
ASKED: Final = ("way", "old", "new", "by", "group", "only", "metric", "against", "switch")
SOUGHT: Final[Mapping[Way, _StrPromise]] = {
    "up": pgettext_lazy("way of a move", "Upgrades"),
    "down": pgettext_lazy("way of a move", "Downgrades"),
    "first": pgettext_lazy("way of a move", "First tiers"),
    "same": pgettext_lazy("way of a move", "Unchanged"),
}
SORTS: Final[Mapping[Only, _StrPromise]] = {
    "reviews": gettext_lazy("Decisions needed"),
    "provisional": gettext_lazy("Newly provisional"),
    "limits": gettext_lazy("Limits to review"),
    "held": gettext_lazy("Held by an override"),
    "missing": gettext_lazy("{metric} is not known"),
    "newly": gettext_lazy("{metric} is newly needed and not known"),
}


def read_chosen(asked: Mapping[str, str], document: Document) -> Chosen:
    """The subjects that an address asks for. Raises Http404 for what nobody offered."""
    way, by, only = asked.get("way"), asked.get("by"), asked.get("only")
    found = Chosen(
        way=next((one for one in WAYS if one == way), None),
        cell=_cell(asked, document),
        group=next(((one, _group(one, asked)) for one in GROUPINGS if one == by and "group" in asked), None),
        only=next((one for one in get_args(Only) if one == only), None),
        metric=asked.get("metric") or None,
    )
    is_known = way in (found.way, None) and only in (found.only, None)
    if not is_known or ("group" in asked and found.group is None):
        raise Http404
    return found


def _cell(asked: Mapping[str, str], document: Document) -> RankMove | None:
    if "old" not in asked and "new" not in asked:
        return None
    old, new = asked.get("old", ""), asked.get("new", "")
    if new not in document.ranks or old not in {*document.ranks, "none"}:
        raise Http404
    return document.ranks.get(old), document.ranks[new]


def _group(by: str, asked: Mapping[str, str]) -> int | str | None:
    group = asked["group"]
    if group == "none":
        return None
    if by == "segment":
        return group
    if not group.isdecimal():
        raise Http404
    return int(group)


def title_of(chosen: Chosen, document: Document) -> str:
    """What the subjects have in common: Downgrades · Sector: Retail."""
    return " · ".join(_titles(chosen, document)) or _("Everybody")


def _titles(chosen: Chosen, document: Document) -> Iterator[str]:
    if chosen.way:
        yield str(SOUGHT[chosen.way])
    if chosen.cell:
        before, after = chosen.cell
        tiers = document.tiers
        old = _("first tier") if before is None else tiers[before].key
        yield f"{old} → {tiers[after].key}"
    if chosen.only:
        metric = display.metric_label(chosen.metric or "", catalogue_of(document))
        yield str(SORTS[chosen.only]).format(metric=metric)
    if chosen.group:
        by, group = chosen.group
        yield group_names(by, [group], document)[group]


def subjects_context(
    version: CriteriaVersion, preview: Preview, chosen: Chosen, asked: Mapping[str, str]
) -> dict[str, Any]:
    """What the page of the subjects behind a figure is given."""
    from tiering.preview.live import judge_of
    from tiering.preview.subjects import page_of

    document, tiers = preview.method.document, tiers_named_by(version)
    page = page_of(preview, chosen, SHOWN, after=asked.get("after", ""), before=asked.get("before", ""))
    query = urlencode({name: asked[name] for name in ASKED if name in asked})
    return {
        "version": version,
        "title": title_of(chosen, document),
        "page": page,
        "lines": mover_lines(page.rows, tiers, judge_of(preview), document, REASONS_SHOWN),
        "within": document.subject == "project",
        "back": urlencode({name: asked[name] for name in ("against", "switch") if name in asked}),
        "address": f"?{query}",
    }


def export(version: CriteriaVersion, preview: Preview, chosen: Chosen) -> StreamingHttpResponse:
    """All of the subjects as CSV, sent as they are found."""
    from tiering.preview.live import judge_of
    from tiering.preview.subjects import all_of

    name = f"{version.criteria.scheme.key}-{version.number}-impact.csv"
    batches = all_of(preview, chosen, AT_ONCE)
    return csv_response(name, batches, tiers_named_by(version), judge_of(preview), preview.method.document)


def csv_response(
    name: str,
    batches: Iterable[Sequence[Mover]],
    tiers: Sequence[VersionTier],
    judge: Judge,
    document: Document,
) -> StreamingHttpResponse:
    """A file of subjects that move, with the tiers they leave and reach, and why; a byte-order mark tells spreadsheets
    that it is UTF-8."""
    within = document.subject == "project"
    header = [_("Code"), _("Client"), *([_("Project")] if within else []), _("Old tier"), _("New tier"),
              _("By the criteria"), _("Score"), _("Exposure"), _("Revenue in 12 months"), _("Why")]  # fmt: skip
    lines = (line for batch in batches for line in mover_lines(batch, tiers, judge, document))
    rows = (_cells(line, within) for line in lines)
    content = chain(["\ufeff"], map(_written, chain([header], rows)))
    return streamed(name, content, "text/csv; charset=utf-8")


def _written(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([disarmed(cell) for cell in cells])
    return buffer.getvalue()


def _cells(line: MoverLine, within: bool) -> list[str]:
    return [
        line.client.code,
        line.client.name,
        *([str(line.project)] if within else []),
        line.before.key if line.before else "",
        line.after.key,
        line.says.key,
        f"{points(line.mover.score).normalize():f}",
        f"{line.mover.exposure:.2f}",
        f"{line.mover.revenue:.2f}",
        "; ".join(line.reasons),
    ]
