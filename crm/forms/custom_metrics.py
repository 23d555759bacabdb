"""How an administrator writes down a metric of the institution's own."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.models import CustomMetric
from crm.services.custom_metrics import categories_fault, key_fault

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
BETWEEN = "|"


class CategoriesField(forms.Field):
    """Categories as lines of `key | English label | Chinese label`."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        lines = ((category["key"], category["en"], category["zh"]) for category in value)
        return "\n".join(f" {BETWEEN} ".join(filter(None, line)) for line in lines)

    def to_python(self, value: Any) -> list[dict[str, str]]:
        return [_category(line) for line in (value or "").splitlines() if line.strip()]


def _category(line: str) -> dict[str, str]:
    key, english, chinese, *more = [*(part.strip() for part in line.split(BETWEEN)), "", ""]
    if not KEY.fullmatch(key) or not english or any(more):
        reason = _("“%(line)s” is no category. Write: key | English label | Chinese label.")
        raise ValidationError(reason % {"line": line})
    return {"key": key, "en": english, "zh": chinese}


class CustomMetricForm(forms.ModelForm):
    """A key that names something else is refused: criteria could not tell the two apart."""

    categories = CategoriesField(
        required=False,
        label=gettext_lazy("Categories"),
        help_text=gettext_lazy("One a line: key | English label | Chinese label. For a number, none."),
    )

    class Meta:
        model = CustomMetric
        fields = [
            "key", "type", "label_en", "label_zh", "unit", "direction", "categories", "max_age_days",
        ]  # fmt: skip
        help_texts = {
            "key": gettext_lazy("Small letters, digits and underscores. It stays as it is."),
            "max_age_days": gettext_lazy("Left empty: a value counts for ever."),
        }

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if fault := key_fault(key):
            raise ValidationError(fault)
        return key

    def clean_categories(self) -> list[dict[str, str]]:
        given = self.cleaned_data["categories"] or []
        if fault := categories_fault(self.instance.categories, given):
            raise ValidationError(fault)
        return given


class MetricChangeForm(CustomMetricForm):
    """What may change of a metric that is there: observations and criteria name its key and rest on its type."""

    class Meta(CustomMetricForm.Meta):
        fields = ["label_en", "label_zh", "unit", "direction", "categories", "max_age_days"]
