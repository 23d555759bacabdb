"""Exchange rates are reference data. Pipelines are governed: read here, edited under Funnels; cases are not here."""

from django.contrib import admin

from crm.reference_admin import ReadOnlyAdmin, ReferenceAdmin
from funnel.models import ExchangeRate, Pipeline, Stage


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ReferenceAdmin):
    list_display = ["currency", "day", "rate"]
    list_filter = ["currency"]
    fields = ["currency", "day", "rate"]


@admin.register(Pipeline)
class PipelineAdmin(ReadOnlyAdmin):
    list_display = ["key", "name_en", "name_zh", "is_retired"]


@admin.register(Stage)
class StageAdmin(ReadOnlyAdmin):
    list_display = ["pipeline", "position", "key", "name_en", "name_zh", "limit_days", "is_retired"]
