"""Keeping the papers of clients: handed in, replaced by newer versions, withdrawn; and reminding of their end."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy

from crm.errors import DomainError
from crm.models import Client, Document, DocumentVersion, User
from crm.models.conduct import today
from crm.services.attachments import File, attach
from crm.services.holding import check_hold, check_version, held
from crm.services.notices import NoticeRow, notify_many
from crm.services.saving import save

FIELDS: Final = ("kind", "title", "valid_until", "remind_days")
ENDS: Final = "document-ends"
"""The kind of notice that the holder of a client gets before a document is over."""


class Withdrawn(DomainError):
    code = "withdrawn"
    message = gettext_lazy("This document is withdrawn. Reload the page to see its state.")


@transaction.atomic
def add_document(*, by: User, client: Client, file: File, note: str = "", **fields: Any) -> Document:
    """A paper of a client with its first file. Raises NotPermitted, Invalid, and FileRefused's kinds."""
    check_hold(by, client)
    document = Document(client=client, **_known(fields))
    save(document)
    _add_version(document, by, file, note)
    return document


@transaction.atomic
def replace_document(
    *, by: User, document: Document, version: int, file: File, note: str = "", **fields: Any
) -> Document:
    """A newer file in place of the one that counted, which stays; how long it holds may change with it.

    Raises NotPermitted, Withdrawn, Invalid, Conflict where somebody changed it since `version`, and FileRefused's kinds.
    """
    found = _standing(by, document, version)
    _change(found, fields)
    _add_version(found, by, file, note)
    return found


@transaction.atomic
def change_document(*, by: User, document: Document, version: int, **fields: Any) -> Document:
    """Change what a document is, or how long it holds. Raises NotPermitted, Withdrawn, Invalid and Conflict."""
    found = _standing(by, document, version)
    _change(found, fields)
    return found


@transaction.atomic
def withdraw_document(*, by: User, document: Document) -> Document:
    """Let a document count no more; it stays with its versions. Raises NotPermitted and Withdrawn."""
    found = _standing(by, document)
    found.withdrawn_on = today()
    _change(found, {})
    return found


def remind_of_ends(*, day: date) -> int:
    """Tell the holders of clients of documents that are over, or soon will be; how many were told. Once for each end."""
    due = Document.objects.ending(day).filter(client__rm__isnull=False).select_related("client")
    rows = [
        NoticeRow(
            event=f"{ENDS}-{one.pk}-{one.valid_until:%Y%m%d}",
            recipient=one.client.rm_id or 0,
            client=one.client_id,
            params={"document": one.pk, "client": one.client_id, "title": one.title, "ends": one.valid_until},
        )
        for one in due
    ]
    with transaction.atomic():
        return notify_many(kind=ENDS, rows=rows)


def _add_version(document: Document, by: User, file: File, note: str) -> None:
    attachment = attach(file=file, client=document.client, by=by)
    last = document.versions.order_by("-number").values_list("number", flat=True).first() or 0
    save(
        DocumentVersion(
            document=document, number=last + 1, attachment=attachment, note=note.strip(), added_by=by
        )
    )


def _standing(by: User, document: Document, version: int | None = None) -> Document:
    found = held(document, by)
    if found.withdrawn_on is not None:
        raise Withdrawn
    check_version(found, version)
    return found


def _change(document: Document, fields: dict[str, Any]) -> None:
    for name, value in _known(fields).items():
        setattr(document, name, value)
    document.version += 1
    save(document)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - set(FIELDS):
        raise TypeError(f"Not fields to set: {', '.join(sorted(unknown))}")
    return fields
