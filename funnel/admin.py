"""Pipelines, stages and gates are reference data; cases are not here."""

from django.contrib import admin

from crm.reference_admin import ReferenceAdmin
from funnel.models import Pipeline, Stage, StageGate


class StageGates(admin.TabularInline):
    model = StageGate
    extra = 0

    def has_view_permission(self, request, obj=None) -> bool:
        return True

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(Pipeline)
class PipelineAdmin(ReferenceAdmin):
    list_display = ["key", "name_en", "name_zh"]


@admin.register(Stage)
class StageAdmin(ReferenceAdmin):
    list_display = ["pipeline", "position", "key", "name_en", "name_zh", "limit_days"]
    inlines = [StageGates]
