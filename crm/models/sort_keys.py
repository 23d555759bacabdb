"""What a record sorts by and is found by sound."""

from __future__ import annotations

from typing import Any

from django.db import models

from crm.names import SORT_KEY_LENGTH, sort_key


class SortKeyField(models.CharField):
    """The sort key of the record's `name`, worked out whenever the record is saved or made in bulk."""

    def __init__(self, **options: Any) -> None:
        given = {"max_length": SORT_KEY_LENGTH, "editable": False, "default": "", "db_default": ""}
        super().__init__(**{**given, **options})

    def pre_save(self, model_instance: Any, add: bool) -> str:
        key = sort_key(model_instance.name, "")
        setattr(model_instance, self.attname, key)
        return key
