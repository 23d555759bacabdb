"""Why a word between sources is refused."""

from django.utils.translation import gettext_lazy

from crm.errors import Conflict, DomainError


class ToldOtherwise(Conflict):
    """What the sources say changed since it was read."""

    message = gettext_lazy("Sources said something else in the meantime. Look at what they say now.")


class NotTold(DomainError):
    code = "not_told"
    message = gettext_lazy("No source says this. Choose one of those that are listed.")
    status = 400


class OverrideStands(DomainError):
    code = "override_stands"
    message = gettext_lazy("An override sets this value. End it first; then sources count again.")


class DecisionOver(DomainError):
    code = "decision_over"
    message = gettext_lazy("This decision is over already.")


class NoDifference(DomainError):
    code = "no_difference"
    message = gettext_lazy("The sources of this value agree by now; nothing is left to decide.")
