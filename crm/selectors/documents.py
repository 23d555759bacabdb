"""The papers of a client with their versions, and the other files that are about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from crm.models import Attachment, AttachmentScan, Client, Document, DocumentVersion, User

FILES_SHOWN = 50
State = AttachmentScan.State


@dataclass(frozen=True)
class FileLine:
    """A file with what the scanner said of it. `state` is empty where it was not scanned."""

    attachment: Attachment
    state: str
    finding: str
    is_previewed: bool
    version: DocumentVersion | None = None

    @property
    def is_held_back(self) -> bool:
        """Whether it is handed out to nobody."""
        return self.state in (State.WAITING, State.INFECTED)


@dataclass(frozen=True)
class Paper:
    """A document with its files, the latest first; whether it is over on the day, or ends soon."""

    document: Document
    versions: list[FileLine]
    is_over: bool
    ends_soon: bool

    @property
    def latest(self) -> FileLine:
        return self.versions[0]

    @property
    def earlier(self) -> list[FileLine]:
        return self.versions[1:]


def papers_of(client: Client, user: User, day: date) -> list[Paper]:
    """The documents of a client, those withdrawn last. Two queries."""
    rows = list(Document.objects.visible_to(user).filter(client=client))
    files: dict[int, list[FileLine]] = {row.pk: [] for row in rows}
    for version in _versions(files):
        files[version.document_id].append(_line(version.attachment, version))
    return [Paper(row, files[row.pk], row.is_over(day), row.ends_soon(day)) for row in rows if files[row.pk]]


def other_files_of(client: Client, user: User) -> list[FileLine]:
    """The latest files handed in as evidence: of reviews, overrides, cases. One query."""
    rows = Attachment.objects.visible_to(user).filter(client=client, document_version=None)
    latest = rows.select_related("uploaded_by", "scan")[:FILES_SHOWN]
    return [_line(row) for row in latest]


def _versions(documents: dict[int, list[FileLine]]) -> QuerySet[DocumentVersion]:
    rows = DocumentVersion.objects.filter(document__in=documents).order_by("-number")
    return rows.select_related("attachment__scan", "added_by").annotate(
        downloads=Count("attachment__downloads")
    )


def _line(attachment: Attachment, version: DocumentVersion | None = None) -> FileLine:
    scan = getattr(attachment, "scan", None)
    state, finding = (scan.state, scan.finding) if scan else ("", "")
    return FileLine(attachment, state, finding, attachment.is_previewed, version)


def ending_documents(user: User, day: date) -> QuerySet[Document]:
    """Documents of the clients that the user holds that are over or end soon, the first to end first."""
    rows = Document.objects.editable_by(user).ending(day)
    return rows.select_related("client").order_by("valid_until", "pk")
