"""Handing out what people handed in: as a download, or as a preview that can run nothing."""

from django.http import HttpResponse

from crm.http import download
from crm.imports.text import decode
from crm.models import Attachment, User
from crm.services.attachments import check_servable, note_download


def download_of(attachment: Attachment, by: User) -> HttpResponse:
    """The file as it was handed in; that it was handed out is kept. Raises WaitsForScan and Quarantined."""
    note_download(attachment=attachment, by=by)
    return _harmless(attachment, inline=False)


def preview_of(attachment: Attachment) -> HttpResponse:
    """The file to be shown in the page; one that is previewed. Raises WaitsForScan and Quarantined."""
    check_servable(attachment)
    return _harmless(attachment, inline=True)


def _harmless(attachment: Attachment, *, inline: bool) -> HttpResponse:
    """No browser takes it for a page: it is not sniffed, and would run nothing."""
    content_type = "text/plain; charset=utf-8" if inline and _is_text(attachment) else attachment.content_type
    data = bytes(attachment.content.data)
    if inline and _is_text(attachment):
        data = decode(data)[0].encode()
    answer = download(attachment.name, data, content_type, inline=inline)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _is_text(attachment: Attachment) -> bool:
    return attachment.content_type.startswith("text/")
