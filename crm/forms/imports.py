"""Forms of the import pages: the file, and what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm import metrics
from crm.formats import MISSING
from crm.imports.errors import FileTooLarge
from crm.imports.fields import Field
from crm.imports.kinds import KINDS
from crm.imports.mapping import ALIKE, DATE_ORDER
from crm.imports.meanings import said_in
from crm.imports.text import CHOICES
from crm.models import ImportJob, ImportTwin, User
from crm.services.imports import Setup

ENCODINGS = [("", _("Find it out")), *((name, name.upper()) for name in CHOICES)]
DATE_ORDERS = [
    ("auto", _("As the file shows")),
    ("mdy", _("Month first, 03/31/2025")),
    ("dmy", _("Day first, 31/03/2025")),
]
LEFT_OUT = _("Left out")


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the file holds"), choices=ImportJob.Kind)
    file = forms.FileField(
        label=_("File"),
        help_text=format_lazy(
            _("CSV, TSV, XLSX or XLS with a header row, at most {limit} MB."),
            limit=settings.IMPORT_MAX_BYTES // 2**20,
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.gz,.arff"}),
    )
    encoding = forms.ChoiceField(label=_("Encoding of text files"), choices=ENCODINGS, required=False)

    def clean_file(self) -> UploadedFile:
        """Before a byte of it is read: what lies on the disk may be larger than memory."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > settings.IMPORT_MAX_BYTES:
            raise ValidationError(str(FileTooLarge(limit=settings.IMPORT_MAX_BYTES // 2**20)))
        return file


NOTHING = "-"
"""Chosen of a word that stands for nothing."""


class MappingForm(forms.Form):
    """A choice of field per column, `column_0` …, and a value for every row per field, `set_<field>`."""

    date_order = forms.ChoiceField(label=_("Dates with slashes"), choices=DATE_ORDERS)
    alike = forms.ChoiceField(
        label=_("Rows that look like a known record"),
        choices=[("", _("Ask me for each")), *ImportTwin.Choice.choices],
        required=False,
    )
    add_reference_data = forms.BooleanField(
        label=_("Add industries, regions and metrics that are not known yet"), required=False
    )

    def __init__(self, data: Mapping[str, Any] | None, *, job: ImportJob, user: User):
        self.job, self.kind = job, KINDS[job.kind]
        super().__init__(data, initial=self._initial())
        choices = self._choices()
        for place, column in enumerate(job.header):
            own = [(f"{self.kind.column_prefix}{column}", self.kind.column_label)]
            offered = choices + own if self.kind.column_prefix else choices
            self.fields[f"column_{place}"] = forms.ChoiceField(label=column, choices=offered, required=False)
        self.said = list(said_in(job))
        for place, (field, text) in enumerate(self.said):
            self.fields[f"said_{place}"] = self._meaning(field, text)
        for field in self.kind:
            self.fields[f"set_{field.name}"] = self._constant(field)
        if not user.has_perm("crm.add_reference_data"):
            del self.fields["add_reference_data"]
        if not self.kind.has_twins:
            del self.fields[ALIKE]

    def _initial(self) -> dict[str, Any]:
        field_of = {column: name for name, column in self.job.mapping.items()}
        columns = {
            f"column_{place}": field_of.get(column, "") for place, column in enumerate(self.job.header)
        }
        constants = {f"set_{name}": value for name, value in self.job.constants.items()}
        read = {
            DATE_ORDER: self.job.constants.get(DATE_ORDER, "auto"),
            ALIKE: self.job.constants.get(ALIKE, ""),
            "add_reference_data": self.job.add_reference_data,
        }
        return {**columns, **constants, **read}

    def _choices(self) -> list[tuple[Any, Any]]:
        fields = [(field.name, self._label(field)) for field in self.kind]
        choices: list[tuple[Any, Any]] = [("", LEFT_OUT), *fields]
        if self.job.kind == ImportJob.Kind.OBSERVATIONS:
            known = [(key, metric.label) for key, metric in metrics.importable().items()]
            choices.append((gettext("A column of its own for the metric"), known))
        return choices

    def _label(self, field: Field) -> str:
        return (
            gettext("%(field)s (required)") % {"field": field.label} if field.required else str(field.label)
        )

    def _meaning(self, field: Field, text: str) -> forms.Field:
        if field.meanings:
            choices = [("", gettext("As it is written")), *field.meanings(self.job)]
        else:
            choices = [("", gettext("Refuse the row")), (NOTHING, gettext("Leave it empty")), *field.choices]
        told = self.job.translations.get(field.name, {})
        return forms.ChoiceField(
            label=gettext("%(field)s: %(text)s") % {"field": field.label, "text": text or gettext("(empty)")},
            choices=choices,
            initial=told.get(text, "") or (NOTHING if text in told else ""),
            required=False,
        )

    def _constant(self, field: Field) -> forms.Field:
        if field.choices:
            choices = [("", MISSING), *field.choices]
            return forms.ChoiceField(label=field.label, choices=choices, required=False)
        return forms.CharField(label=field.label, required=False, max_length=300)

    @property
    def constants(self) -> list[forms.BoundField]:
        return [self[f"set_{field.name}"] for field in self.kind]

    @property
    def meanings(self) -> list[forms.BoundField]:
        """What the cells of a column may be said to stand for."""
        return [self[f"said_{place}"] for place in range(len(self.said))]

    @property
    def needs_constants(self) -> bool:
        """Whether a required field has no column, or a value for every row has been given or refused."""
        mapped = self.job.mapping
        lacking = any(field.required and field.name not in mapped for field in self.kind)
        return lacking or bool(self.job.constants.keys() - {DATE_ORDER, ALIKE}) or bool(self.errors)

    @property
    def columns(self) -> list[forms.BoundField]:
        return [self[f"column_{place}"] for place in range(len(self.job.header))]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._mapping: dict[str, str] = {}
        for place, column in enumerate(self.job.header):
            name = cleaned.get(f"column_{place}")
            if name in self._mapping:
                text = gettext("The column “%(column)s” is already chosen for this.")
                self.add_error(f"column_{place}", ValidationError(text % {"column": self._mapping[name]}))
            elif name:
                self._mapping[name] = column
        return cleaned

    def setup(self) -> Setup:
        """What the user said; only after `is_valid()`."""
        said = {field.name: self.cleaned_data[f"set_{field.name}"] for field in self.kind}
        constants = {name: value for name, value in said.items() if value}
        alike = {ALIKE: chosen} if (chosen := self.cleaned_data.get(ALIKE)) else {}
        return Setup(
            mapping=self._mapping,
            constants={**constants, DATE_ORDER: self.cleaned_data[DATE_ORDER], **alike},
            translations=self._translations(),
            add_reference_data=self.cleaned_data.get("add_reference_data", False),
        )

    def _translations(self) -> dict[str, dict[str, str]]:
        told = {name: dict(words) for name, words in self.job.translations.items()}
        for place, (field, text) in enumerate(self.said):
            words = told.setdefault(field.name, {})
            words.pop(text, None)
            if value := self.cleaned_data[f"said_{place}"]:
                words[text] = "" if value == NOTHING else value
        return told
