"""Downloads of evidence."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from crm.access import requires
from crm.downloads import download_of
from crm.http import Request
from crm.models import Attachment


@requires("crm.view_client")
@require_safe
def attachment(request: Request, pk: int) -> HttpResponse:
    """The file, or 404 where one may not see the client it is about."""
    found = Attachment.objects.visible_to(request.user).select_related("content")
    return download_of(get_object_or_404(found, pk=pk))
