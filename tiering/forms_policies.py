"""What people enter about policies: a document as text, why it changes, and what was before them when they decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.fields import MomentField
from tiering.core.refusals import CriteriaError
from tiering.core.yaml_text import yaml_of
from tiering.forms_way import LONGEST, SeenForm


class PolicyTextForm(forms.Form):
    """A whole document as YAML or JSON, and the revision that its editor began from."""

    text = forms.CharField(
        label=gettext_lazy("Document"),
        widget=forms.Textarea(attrs={"rows": 28, "class": "mono", "spellcheck": "false"}),
        help_text=gettext_lazy("YAML or JSON."),
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

    def clean_text(self) -> dict[str, Any]:
        """The document. What is no YAML is refused with its line and column."""
        try:
            document = yaml_of(self.cleaned_data["text"])
        except CriteriaError as error:
            raise ValidationError(
                [f"{one.path}: {one.text(_)} {one.remedy(_)}" for one in error.refusals]
            ) from error
        if not isinstance(document, dict):
            raise ValidationError(_("A document is an object: names with values."))
        return document


class PublishPolicyForm(SeenForm):
    """What the second person had before them, and from when on it is in effect."""

    effective_from = MomentField(
        label=gettext_lazy("In effect from"),
        required=False,
        help_text=gettext_lazy("Left empty: from now on."),
    )
    comment = forms.CharField(
        label=gettext_lazy("Comment"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
