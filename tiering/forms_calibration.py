"""What people ask of history: the probability of default by score, and groups of like clients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tiering.forms_validation import QuestionForm
from tiering.services.calibrations import MOST_SEGMENTS
from tiering.services.probabilities import OUTCOMES_OF_DEFAULT
from tiering.validation.outcomes import OUTCOMES


class CurveForm(QuestionForm):
    """The probability of default by the score of one version."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer("outcome", [(key, str(OUTCOMES[key].label)) for key in OUTCOMES_OF_DEFAULT])
        self.fields["version"].widget = forms.HiddenInput()


class SegmentationForm(forms.Form):
    """In which metrics clients are to be alike, and how many groups there are to be."""

    metrics = forms.MultipleChoiceField(
        label=_("Metrics"), error_messages={"required": _("Choose at least two metrics.")}
    )
    segments = forms.TypedChoiceField(
        label=_("Number of segments"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("as many as tell themselves apart best")),
            *((n, str(n)) for n in range(2, MOST_SEGMENTS + 1)),
        ],
    )

    def __init__(self, *args: Any, metrics: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["metrics"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(metrics)
