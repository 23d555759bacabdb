"""The form that asks for a list as a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.models import Export


class ExportForm(forms.Form):
    """`above` the cap somebody else has to agree, and wants a reason."""

    form = forms.ChoiceField(label=_("Format"), choices=Export.Form)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    reason = forms.CharField(
        label=_("What do you need the file for?"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, above: bool, **options: Any):
        super().__init__(*args, **options)
        self.fields["language"].initial = get_language()
        if not above:
            del self.fields["reason"]
