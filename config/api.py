"""One shape for every error of the API: {"code", "message", "fields"}."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from crm.api.problems import flat, problem, problem_of
from crm.errors import Conflict, DomainError, MergedMeanwhile
from crm.merging import of_a_merged_client

ADDRESS = "/api/"
TIMED_OUT = {"55P03", "57014"}  # waited too long for a lock, took too long
DEADLOCK = "40P01"
TAKEN = "23505"


class Busy(exceptions.APIException):
    status_code = 503
    default_code = "busy"
    default_detail = gettext_lazy("The database is busy. Nothing was changed; try again in a moment.")
    wait = 5  # seconds, for the Retry-After header


def exception_handler(exc: Exception, context: dict) -> Response | None:
    """Refusals of services keep their code and status; input errors name their fields."""
    exc = _named(exc)
    if isinstance(exc, DomainError):
        return Response(problem_of(exc), status=exc.status)
    response = default_handler(exc, context)
    if response is None or not isinstance(exc, exceptions.APIException):
        return None
    if isinstance(exc, exceptions.ValidationError):
        response.data = problem("invalid", _("Some fields need attention."), flat(exc.detail))
    else:
        response.data = problem(exc.default_code, str(exc.detail))
    return response


def _named(exc: Exception) -> Exception:
    """What an error of Django or of the database means to the one who sent the request."""
    if isinstance(exc, Http404):
        return exceptions.NotFound()
    if isinstance(exc, PermissionDenied):
        return exceptions.PermissionDenied(*exc.args)
    sqlstate = getattr(exc.__cause__, "pgcode", None)
    if isinstance(exc, OperationalError) and sqlstate in {*TIMED_OUT, DEADLOCK}:
        return Busy()
    if isinstance(exc, IntegrityError) and of_a_merged_client(exc):
        return MergedMeanwhile()
    if isinstance(exc, IntegrityError) and sqlstate == TAKEN:
        return Conflict()  # somebody else took the same number or key between check and write
    return exc


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to what is not a request as it should be. Django's own reads the form again for a CSRF token, and so
    fails on a form that cannot be read."""
    if not request.path.startswith(ADDRESS):
        return HttpResponse(render_to_string("400.html"), status=400)
    return JsonResponse(problem("bad_request", str(exceptions.ParseError.default_detail)), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer to an address that does not exist: in the API's shape below its address, else the page."""
    if not request.path.startswith(ADDRESS):
        return defaults.page_not_found(request, exception)
    return JsonResponse(problem("not_found", str(exceptions.NotFound.default_detail)), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to a fault of ours; it says nothing of the cause, which is in the log."""
    if not request.path.startswith(ADDRESS):
        return defaults.server_error(request)
    return JsonResponse(problem("error", str(exceptions.APIException.default_detail)), status=500)
