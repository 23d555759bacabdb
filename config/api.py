"""One shape for every error of the API: {"code", "message", "fields"}."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as default_handler

from crm.errors import DomainError


def error_body(code: str, message: str, fields: dict | None = None) -> dict:
    return {"code": code, "message": message, "fields": fields or {}}


def exception_handler(exc: Exception, context: dict) -> Response | None:
    """Refusals of services keep their code and status; input errors name their fields."""
    if isinstance(exc, DomainError):
        fields = getattr(exc, "fields", {})
        return Response(error_body(exc.code, str(exc), fields), status=exc.status)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    response = default_handler(exc, context)
    if response is None:
        return None
    if isinstance(exc, exceptions.ValidationError):
        fields = exc.detail if isinstance(exc.detail, dict) else {"": exc.detail}
        response.data = error_body("invalid", _("Some fields need attention."), fields)
    else:
        response.data = error_body(exc.default_code, str(exc.detail))
    return response
