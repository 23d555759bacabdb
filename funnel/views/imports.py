"""Taking an import of stage events back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.access import requires
from crm.errors import DomainError
from crm.http import Request
from crm.models import ImportJob
from funnel.services.imports import undo_import


@requires("crm.import_records")
@require_POST
def undo(request: Request, pk: int) -> HttpResponse:
    """Remove what an import of one's own added, where nobody went on with it."""
    jobs = ImportJob.objects.visible_to(request.user)
    job = get_object_or_404(jobs, pk=pk, uploaded_by=request.user)
    try:
        undo_import(by=request.user, job=job)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The import was taken back."))
    return redirect("crm:import", pk)
