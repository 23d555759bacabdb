"""Governed records, to be read only: tiers and criteria change through publication, tiers of clients through review."""

from django.contrib import admin

from crm.reference_admin import ReadOnlyAdmin
from tiering.models import CriteriaVersion, Tier, TierScheme


@admin.register(TierScheme)
class TierSchemeAdmin(ReadOnlyAdmin):
    list_display = ["key", "name_en", "name_zh", "subject", "is_primary"]


@admin.register(Tier)
class TierAdmin(ReadOnlyAdmin):
    list_display = ["scheme", "rank", "key", "label_en", "label_zh"]


@admin.register(CriteriaVersion)
class CriteriaVersionAdmin(ReadOnlyAdmin):
    list_display = ["criteria", "number", "status", "effective_from", "author", "approver"]
