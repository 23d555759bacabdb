"""What the pages share that say who a client is: a form on a page of its own that makes or changes one record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.errors import DomainError, Invalid, NotPermitted
from crm.forms.fields import ServiceForm
from crm.http import Request
from crm.models import Client


def form_page(
    request: Request,
    *,
    form: ServiceForm,
    act: Callable[[], object],
    title: str,
    done: str,
    back: tuple[Any, ...],
    client: Client | None = None,
    template: str = "crm/who/form.html",
    **more: Any,
) -> HttpResponse:
    """Show a form, or do its `act` and go `back`; what was typed stays where it is refused.

    `back` is what `redirect` takes. Raises PermissionDenied where the service does not permit it.
    """
    if form.is_bound and form.is_valid():
        try:
            act()
        except Invalid as error:
            form.refuse(error)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, done)
            return redirect(*back)
    context = {"form": form, "title": title, "client": client, "back": redirect(*back).url, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def done_or_told(
    request: Request, act: Callable[[], object], done: str, back: tuple[Any, ...]
) -> HttpResponse:
    """Do a small act of a button, and say what came of it on the page it goes back to."""
    try:
        act()
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except Invalid as error:
        messages.error(request, str(error) or _("Some fields need attention."))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect(*back)
