"""Handing out what people handed in: as a download, never shown in the page."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from crm.models import Attachment


def download_of(attachment: Attachment) -> HttpResponse:
    """The file as it was handed in. No browser takes it for a page: it is not sniffed, and would run nothing."""
    answer = HttpResponse(bytes(attachment.content.data), content_type=attachment.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, attachment.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
