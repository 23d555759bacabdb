"""Rows of an import that look like a record that is known, as the page and the API show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.models import Client, ImportJob, ImportRow, ImportTwin, User
from crm.paging import Order, Page, page_of

PAGE = 50
CELLS = 4
"""As many cells of a row that hold anything tell people which one it is."""
Choice = ImportTwin.Choice


@dataclass(frozen=True)
class Told:
    """A row, whom it looks like as far as the reader may see it, and what may be chosen."""

    twin: ImportTwin
    cells: str
    like_cells: str
    client: Client | None

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Choice.choices if self._may(value)]

    def _may(self, value: str) -> bool:
        return value != Choice.UPDATE or self.twin.may_update


def twins_page(
    job: ImportJob, user: User, *, after: str = "", before: str = ""
) -> tuple[Page[ImportTwin], list[Told]]:
    """A page of the rows, by line."""
    page = page_of(job.twins.select_related("person"), Order("line"), PAGE, after=after, before=before)
    return page, told(page.rows, job, user)


def told(twins: Sequence[ImportTwin], job: ImportJob, user: User) -> list[Told]:
    """Three queries, however many rows."""
    lines = {line for twin in twins for line in (twin.line, twin.like_line) if line}
    cells = dict(ImportRow.objects.filter(job=job, line__in=lines).values_list("line", "cells"))
    clients = (
        Client.objects.visible_to(user)
        .select_related("rm")
        .in_bulk({twin.client_id for twin in twins if twin.client_id})
    )
    return [
        Told(
            twin,
            _said(cells.get(twin.line)),
            _said(cells.get(twin.like_line or 0)),
            clients.get(twin.client_id or 0),
        )
        for twin in twins
    ]


def undecided(job: ImportJob) -> int:
    """For how many rows nobody has chosen yet."""
    return job.twins.filter(choice="").count()


def _said(cells: Sequence[str] | None) -> str:
    return " · ".join([cell.strip() for cell in cells or () if cell.strip()][:CELLS])
