"""Handing in papers of a client."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.fields import DateInput, ServiceForm
from crm.models import Document
from crm.services.documents import FIELDS
from crm.sniffing import KINDS


def file_field() -> forms.FileField:
    kinds = ",".join(f".{name}" for name in KINDS)
    return forms.FileField(
        label=_("File"),
        help_text=_("PDF, XLSX, DOCX, CSV, TXT, PNG or JPG of at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": kinds}),
    )


class DocumentFields(ServiceForm):
    """What a document is, and how long it holds."""

    defines = "document"

    kind = forms.ChoiceField(label=_("Kind"), choices=Document.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=DateInput(),
        help_text=_("Left empty, it holds for ever."),
    )
    remind_days = forms.IntegerField(
        label=_("Remind so many days before"), min_value=0, max_value=366, initial=30
    )


class DocumentForm(DocumentFields):
    file = file_field()


class DocumentEditForm(DocumentFields):
    """`version` is the one the reader saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, files: Any = None, *, document: Document) -> None:
        initial = {name: getattr(document, name) for name in (*FIELDS, "version")}
        super().__init__(data, files, initial=initial)


class DocumentVersionForm(DocumentEditForm):
    """A newer file of a document."""

    file = file_field()
    note = forms.CharField(label=_("What is new"), max_length=200, required=False)

    field_order = ("file", "note", "valid_until", "remind_days", "kind", "title")
