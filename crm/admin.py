"""Reference data, users and teams."""

from typing import cast

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.forms.custom_metrics import CustomMetricForm
from crm.forms.profile_fields import ProfileFieldForm
from crm.models import ClientRules, CustomMetric, Digest, Industry, ProfileField, Region, Team, User
from crm.reference_admin import ReadOnlyAdmin, ReferenceAdmin
from crm.services import profile_fields, stages
from crm.services.digests import retry_digests


class UserCreation(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["username"]
        field_classes: dict[str, type[forms.Field]] = {}


class UserChange(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, type[forms.Field]] = {}


class RoleAdmin(ReferenceAdmin):
    """Users stay once they have acted; they are made inactive, not deleted."""

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(User)
class StrataUserAdmin(RoleAdmin, UserAdmin):
    form = UserChange
    add_form = UserCreation
    list_display = ["username", "name", "name_zh", "role", "grade", "team", "is_active"]
    list_filter = ["role", "grade", "team", "is_active"]
    search_fields = ["username", "name", "name_zh"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    own_account_readonly = ("role", "grade", "is_active")
    person = ("name", "name_zh", "email", "role", "grade", "team")
    fieldsets = [
        (None, {"fields": ["username", "password", "is_active"]}),
        (_("Person"), {"fields": person}),
        (_("Times"), {"fields": tuple(readonly_fields)}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "usable_password", "password1", "password2", *person]})]

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        """Nobody gives themselves a role, for instance one that decides."""
        fields = list(super().get_readonly_fields(request, obj))
        return [*fields, *self.own_account_readonly] if obj == request.user else fields


@admin.register(Team)
class TeamAdmin(ReferenceAdmin):
    list_display = ["code", "name", "name_zh"]


@admin.register(Industry)
class IndustryAdmin(ReferenceAdmin):
    list_display = ["code", "name", "name_zh", "risk_coefficient", "size_rule"]
    search_fields = ["code", "name", "name_zh"]


@admin.register(Region)
class RegionAdmin(ReferenceAdmin):
    list_display = ["code", "name", "name_zh", "factor", "city_tier"]
    list_filter = ["city_tier"]
    search_fields = ["code", "name", "name_zh"]


@admin.register(CustomMetric)
class CustomMetricAdmin(ReferenceAdmin):
    """A metric stays, and keeps its key and its type: observations and criteria name it."""

    form = CustomMetricForm
    list_display = ["key", "label_en", "label_zh", "type", "unit", "max_age_days"]

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return ["key", "type"] if obj else []

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(ProfileField)
class ProfileFieldAdmin(ReferenceAdmin):
    """A field stays, and keeps its key and its type: values, files and conditions name it."""

    form = ProfileFieldForm
    list_display = ["key", "label_en", "label_zh", "type", "unit", "required", "metric", "retired_at"]
    list_filter = ["type", "of_the_house"]
    actions = ["retire", "restore"]

    def get_readonly_fields(self, request, obj=None) -> list[str]:
        return ["key", "type"] if obj else []

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj, form, change) -> None:
        """Through the service, which says what may change and makes the metric of a field that is one."""
        said = {name: form.cleaned_data[name] for name in profile_fields.CHANGEABLE}
        if change:
            profile_fields.change_field(by=request.user, field=obj, **said)
            return
        new = {name: form.cleaned_data[name] for name in ("key", "type", "is_metric")}
        obj.pk = profile_fields.add_field(by=request.user, **new, **said).pk

    @admin.action(description=_("Ask for it no more"), permissions=["view"])
    def retire(self, request: HttpRequest, fields: QuerySet[ProfileField]) -> None:
        for field in fields:
            profile_fields.retire_field(by=cast(User, request.user), field=field)

    @admin.action(description=_("Take back into use"), permissions=["view"])
    def restore(self, request: HttpRequest, fields: QuerySet[ProfileField]) -> None:
        for field in fields:
            profile_fields.restore_field(by=cast(User, request.user), field=field)


@admin.register(ClientRules)
class ClientRulesAdmin(ReferenceAdmin):
    """One row, there from the beginning."""

    list_display = ["__str__", "derives", "dormant_days"]
    fields = stages.RULES

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Digest)
class DigestAdmin(ReadOnlyAdmin):
    """Mails of notices: what was given up can be tried again once the cause is mended."""

    list_display = ["id", "user", "slot", "status", "attempts", "failure", "created_at", "sent_at"]
    list_filter = ["status"]
    list_select_related = ["user"]
    actions = ["try_again"]

    @admin.action(description=_("Try again"), permissions=["view"])
    def try_again(self, request: HttpRequest, digests: QuerySet[Digest]) -> None:
        again = retry_digests(digests)
        self.message_user(request, _("%(count)d mails are tried again.") % {"count": again})
