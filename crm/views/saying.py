"""What is said of an act: that it is done or why it was refused, in a message or in the form that asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages

from crm.errors import DomainError, Invalid
from crm.forms.fields import ServiceForm
from crm.http import Request


@contextmanager
def saying(request: Request, done: str) -> Iterator[None]:
    """The next page says `done`, or why the act within was refused."""
    try:
        yield
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)


@contextmanager
def refused_in(form: forms.Form) -> Iterator[None]:
    """Why the act within was refused stands in the form, where a field was refused beside it."""
    try:
        yield
    except DomainError as error:
        if isinstance(form, ServiceForm) and isinstance(error, Invalid):
            form.refuse(error)
        else:
            form.add_error(None, str(error))
