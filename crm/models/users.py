"""Who works here: users with one role each, in teams."""

from dataclasses import dataclass
from functools import cache

import rules
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.formats import localized
from crm.history import tracked


class Role(models.TextChoices):
    RM = "rm", _("Relationship manager")
    TEAM_LEAD = "team_lead", _("Team lead")
    RISK_OFFICER = "risk_officer", _("Risk officer")
    CRITERIA_ADMIN = "criteria_admin", _("Criteria administrator")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")


@tracked()
class Team(models.Model):
    """A branch or desk; its members see each other's clients."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["code"]

    def __str__(self) -> str:
        return localized(self)


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields) -> "User":
        """The first account of a new installation. It administers; it never decides."""
        return self.create_user(username, password, **{**fields, "role": Role.SYSTEM_ADMIN})


@dataclass(frozen=True)
class _Somebody:
    """What a rule may ask of a user where it is asked for no object: the role alone."""

    role: str


@cache
def _role_may(permission: str, role: str) -> bool:
    """Rules do not change while the process lives, and a page asks two hundred times."""
    return rules.has_perm(permission, _Somebody(role), None)


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person with one role. Permissions follow from the role alone (`crm/access.py`): no account bypasses them."""

    username = models.CharField(_("user name"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("Chinese name"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    grade = models.PositiveSmallIntegerField(
        _("grade"),
        default=1,
        choices=[(1, "1"), (2, "2"), (3, "3")],
        help_text=_("What a risk officer may decide: 1 is the lowest grade, 3 the highest."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="user_bookholder_has_team",
                condition=~models.Q(role__in=[Role.RM, Role.TEAM_LEAD]) | models.Q(team__isnull=False),
                violation_error_message=_("A relationship manager or team lead needs a team."),
            ),
            models.CheckConstraint(name="user_grade_is_known", condition=models.Q(grade__range=(1, 3))),
        ]

    def __str__(self) -> str:
        return localized(self)

    @property
    def is_staff(self) -> bool:
        return self.role == Role.SYSTEM_ADMIN

    @property
    def is_superuser(self) -> bool:
        return False

    @property
    def sees_every_client(self) -> bool:
        return self.role in (Role.RISK_OFFICER, Role.CRITERIA_ADMIN, Role.AUDITOR)

    def has_perm(self, permission: str, obj: object | None = None) -> bool:
        if not self.is_active:
            return False
        return _role_may(permission, self.role) if obj is None else rules.has_perm(permission, self, obj)

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm("crm.administer")

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
