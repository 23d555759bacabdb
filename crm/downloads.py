"""Handing out what people handed in: as a download, never shown in the page."""

from django.http import HttpResponse

from crm.http import download
from crm.models import Attachment


def download_of(attachment: Attachment) -> HttpResponse:
    """The file as it was handed in. No browser takes it for a page: it is not sniffed, and would run nothing."""
    answer = download(attachment.name, bytes(attachment.content.data), attachment.content_type)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
